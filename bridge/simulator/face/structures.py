"""The eleven structure types, and how a row of the terminal becomes one."""

from operator import itemgetter
from typing import Any, Final

from bridge.simulator.backend import Row
from bridge.simulator.face.fields import FIELDS
from bridge.simulator.face.structseq import structure_type

KINDS: Final = {"int": int, "float": float, "bool": bool, "str": str}


class Structure:
    """One structure: its type, its field names and types, and the way from a row to it."""

    def __init__(self, name: str) -> None:
        doc, table = FIELDS[name]
        runs = [line.split() for line in table.split("\n") if line.strip()]
        self.kinds: Final = {field: kind for kind, *fields in runs for field in fields}
        self.type: Final = structure_type(name, doc, tuple(self.kinds))
        self._defaults = {field: KINDS[kind]() for field, kind in self.kinds.items() if kind in KINDS}
        self._values = itemgetter(*self.kinds)

    def fill(self, row: Row) -> Any:
        """The structure of a row; a field that the row lacks is 0, 0.0, False or ''. Values are not converted."""
        return self.type(self._values({**self._defaults, **row}))


STRUCTURES: Final = {name: Structure(name) for name in FIELDS}
TYPES: Final = {name: structure.type for name, structure in STRUCTURES.items()}
