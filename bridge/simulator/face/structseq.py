"""Makes structure types exactly as a C extension does, by asking CPython for its own PyStructSequence."""

import ctypes
import gc
from collections.abc import Sequence
from typing import Any, Final, TypeVar, cast

_PYTHON: Final = ctypes.pythonapi
_T = TypeVar("_T")


class _Field(ctypes.Structure):
    """PyStructSequence_Field."""

    _fields_ = (("name", ctypes.c_char_p), ("doc", ctypes.c_char_p))


class _Description(ctypes.Structure):
    """PyStructSequence_Desc."""

    _fields_ = (
        ("name", ctypes.c_char_p),
        ("doc", ctypes.c_char_p),
        ("fields", ctypes.POINTER(_Field)),
        ("n_in_sequence", ctypes.c_int),
    )


def structure_type(name: str, doc: str, fields: Sequence[str]) -> type[Any]:
    """A new static type with these fields, as `PyStructSequence_InitType2` makes it, and `_asdict` added.

    A Python class cannot stand in for it: its type would not be `type`, its fields not read-only members, its errors
    worded otherwise, and a program that pickles or patches one would pass here and fail at the real terminal.
    The type and all it points to live until the process ends, as those of an extension module do.
    """
    table = _immortal((_Field * (len(fields) + 1))())
    for slot, field in enumerate(fields):
        table[slot].name = _immortal(field.encode())
    description = _immortal(_Description(_immortal(name.encode()), _immortal(doc.encode()), table, len(fields)))
    made = cast("type[Any]", ctypes.cast(_static_type(description), ctypes.py_object).value)

    def _asdict(self: Sequence[Any]) -> dict[str, Any]:
        return dict(zip(fields, self, strict=True))

    # The type is immutable, as the genuine one is: its dictionary is reached behind the proxy.
    gc.get_referents(made.__dict__)[0]["_asdict"] = _asdict
    _PYTHON.PyType_Modified(ctypes.py_object(made))
    return made


def _static_type(description: _Description) -> int:
    """The address of a type object; `type.__basicsize__` is a little more than a static one needs."""
    allocate = _PYTHON.PyMem_RawCalloc
    allocate.argtypes, allocate.restype = (ctypes.c_size_t, ctypes.c_size_t), ctypes.c_void_p
    address: int | None = allocate(1, type.__basicsize__)
    if not address:
        raise MemoryError
    make = _PYTHON.PyStructSequence_InitType2
    make.argtypes, make.restype = (ctypes.c_void_p, ctypes.POINTER(_Description)), ctypes.c_int
    make(address, ctypes.byref(description))  # ctypes.pythonapi raises what it sets
    return address


def _immortal(thing: _T) -> _T:
    _PYTHON.Py_IncRef(ctypes.py_object(thing))
    return thing
