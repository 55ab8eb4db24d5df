"""How the package reads one argument: every kind of parameter once, each as strict and as lax as the genuine one.

Every reader returns a plain Python value or raises BadArgument with the text that the caller names.
"""

import math
import operator
from datetime import datetime
from typing import Any, Final

from bridge.simulator.face.errors import INVALID, BadArgument, LastError

SYMBOL_UNITS: Final = 29
GROUP_UNITS: Final = 1997
SECRET_UNITS: Final = 253
PATH_UNITS: Final = 257

_HEAP_TYPE: Final = 1 << 9
_INT32: Final = range(-(2**31), 2**31)
_UINT32: Final = range(2**32)
_INT64: Final = range(-(2**63), 2**63)
_UINT64: Final = range(2**64)
_OUT_OF_RANGE_DATE: Final = -(2**31)
_OVERFLOWN_DATE: Final = -1
_LAST_LOCAL_YEAR: Final = 3000


def exactly(count: int, args: tuple[Any, ...]) -> tuple[Any, ...]:
    """The positional arguments, when there are just as many."""
    if len(args) != count:
        raise BadArgument
    return args


def string(value: Any, units: int = SYMBOL_UNITS, text: str = INVALID) -> str:
    """A str or a subclass of at most that many UTF-16 units; what follows a NUL is lost."""
    if not isinstance(value, str):
        raise BadArgument(text)
    plain = str.__str__(value)
    if len(plain) * 2 > units and len(plain.encode("utf-16-le", "surrogatepass")) > units * 2:
        raise BadArgument(text)
    return plain.partition("\0")[0]


def unsigned(value: Any, text: str) -> int:
    """A 64-bit identifier: a Python int or a subclass; no numpy integer, no float."""
    number = _whole(value, text)
    if number not in _UINT64:
        said = "can't convert negative int to unsigned" if number < 0 else "int too big to convert"
        raise BadArgument(text, OverflowError(said))
    return number


def unsigned32(value: Any, text: str) -> int:
    """A 32-bit enumeration or duration: a Python int or a subclass."""
    number = _whole(value, text)
    if number not in _UINT32:
        below = "can't convert negative value to unsigned int"
        above = "Python int too large to convert to C unsigned long"
        raise BadArgument(text, OverflowError(below if number < 0 else above))
    return number


def signed(value: Any, text: str) -> int:
    """A 64-bit time of a request: a Python int or a subclass, negative allowed."""
    number = _whole(value, text)
    if number not in _INT64:
        raise BadArgument(text, OverflowError("int too big to convert"))
    return number


def real(value: Any, text: str) -> float:
    """A number of a request: a Python float or a subclass, NaN and infinity among them; no int, no np.float32."""
    if not isinstance(value, float):
        raise BadArgument(text)
    return float.__float__(value)


def c_int(value: Any) -> int:
    """A timeframe, count, position or flags: whatever has `__index__`, within 32 bits."""
    try:
        number = operator.index(value)
    except TypeError as cause:
        raise BadArgument(INVALID, cause) from None
    if number not in _INT32:
        raise BadArgument(INVALID, OverflowError("Python int too large to convert to C long"))
    return int(number)


def c_double(value: Any) -> float:
    """A volume or price to calculate with: whatever has `__float__` or `__index__`."""
    try:
        return math.ldexp(value, 0)  # `float()` would read a str; this converts as C does, and words it so
    except (TypeError, OverflowError) as cause:
        raise BadArgument(INVALID, cause) from None


def wrapped(value: Any) -> int:
    """The action of a calculation: a Python int or a subclass, silently taken modulo 2**32."""
    if not isinstance(value, int):
        raise BadArgument(INVALID, TypeError(f"argument 1 must be int, not {_c_name(value)}"))
    return value % 2**32


def date(value: Any, last_error: LastError) -> int:
    """Whole seconds of broker time within 32 bits, as the package sends them.

    A naive datetime is read in the zone of the process, up to the year 3000 as on Windows; fractions are cut. Floats
    and datetimes out of range are sent as -2147483648; an int out of range is sent as -1 and leaves an OverflowError
    behind. For a date that comes to 0 the genuine package sends whatever is on its stack; here 0 is sent as 0.
    """
    if isinstance(value, int):
        if value in _INT32:
            return int(value)
        last_error.late = OverflowError("Python int too large to convert to C long")
        return _OVERFLOWN_DATE
    if isinstance(value, datetime):
        value = _timestamp(value)
    if not isinstance(value, float):
        raise BadArgument
    if not math.isfinite(value) or int(value) not in _INT32:
        return _OUT_OF_RANGE_DATE
    return int(value)


def _timestamp(value: datetime) -> float:
    unreadable = BadArgument(INVALID, OSError(22, "Invalid argument"))
    if value.tzinfo is None and value.year > _LAST_LOCAL_YEAR:
        raise unreadable
    try:
        return value.timestamp()
    except (OverflowError, ValueError, OSError):
        raise unreadable from None


def _whole(value: Any, text: str) -> int:
    if not isinstance(value, int):
        raise BadArgument(text)
    return int(value)


def _c_name(value: Any) -> str:
    """A type's name as C knows it: with its module when the type is static."""
    kind = type(value)
    if value is None:
        return "None"
    if kind.__module__ == "builtins" or kind.__flags__ & _HEAP_TYPE:
        return kind.__name__
    return f"{kind.__module__}.{kind.__qualname__}"
