"""The names of the face: functions, constants and structures, against the genuine surface where it is at hand."""

import json
import sys
from pathlib import Path
from typing import Any, Final

import pytest

from bridge.simulator.face import as_module
from bridge.simulator.face.fields import FIELDS
from bridge.simulator.face.structures import STRUCTURES
from tests.bridge.simulator.face_support import PATH, StandIn, full_row, wrong_types

SURFACE: Final = Path(__file__).parents[4] / "shared" / "data" / "mt5" / "api_surface.json"


def test_a_program_written_for_the_package_runs_on_the_face(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "MetaTrader5", as_module(StandIn()))
    seen: dict[str, Any] = {"PATH": PATH}
    exec(  # noqa: S102 - the program under test
        "import MetaTrader5 as mt5\n"
        "from MetaTrader5 import TIMEFRAME_H1, TradePosition\n"
        "assert mt5.initialize(PATH, timeout=1000)\n"
        "tickets = [position.ticket for position in mt5.positions_get()]\n"
        "mt5.shutdown()\n",
        seen,
    )
    assert seen["tickets"] == [101, 102, 103]


def test_the_module_has_the_271_names_and_not_one_more() -> None:
    names = [name for name in dir(as_module(StandIn())) if not name.startswith("__")]
    assert len(names) == 223 + 32 + 11 + 4 + 1


@pytest.mark.parametrize("name", FIELDS)
def test_a_row_without_fields_gives_zeros_of_the_right_types(name: str) -> None:
    value = STRUCTURES[name].fill({"request": None})
    assert value == STRUCTURES[name].fill(full_row(name))
    assert not set(wrong_types(value)) - {"request"}


def test_a_field_of_the_wrong_type_is_found_out() -> None:
    position = STRUCTURES["TradePosition"].fill({"volume": 1, "ticket": 5, "symbol": "EURUSD"})
    assert wrong_types(position) == {"volume": "int"}


@pytest.mark.skipif(not SURFACE.exists(), reason="../shared/data/mt5/api_surface.json is not here")
def test_constants_functions_and_structures_are_the_genuine_ones() -> None:
    surface = json.loads(SURFACE.read_text(encoding="utf-8"))
    face = as_module(StandIn())
    assert {name: getattr(face, name) for name in surface["constants"]} == surface["constants"]
    assert {f["name"]: getattr(face, f["name"]).__doc__ for f in surface["functions"]} == {
        f["name"]: f["doc"] for f in surface["functions"]
    }
    kinds = {
        name: [(f["name"], f["py"]) for f in structure["fields"]] for name, structure in surface["structs"].items()
    }
    assert {name: [*structure.kinds.items()] for name, structure in STRUCTURES.items()} == kinds
    assert {name: getattr(face, name).__doc__ for name in kinds} == {n: s["doc"] for n, s in surface["structs"].items()}
