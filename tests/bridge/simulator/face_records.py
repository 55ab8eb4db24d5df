"""How one record of the behaviour table is replayed against the face: its names, its terminal, its comparison."""

import copy
import datetime as dt
import enum
import inspect
import json
import math
import os
import pathlib
import pickle
import re
import time
import warnings
from collections import OrderedDict, UserDict
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType, ModuleType
from typing import Any, Final

import numpy as np

from bridge.simulator.face import as_module
from tests.bridge.simulator.face_support import PATH, StandIn

Record = dict[str, Any]

# What the stand-in is asked for when the genuine package sends this command.
_METHODS: Final = {
    1: "version", 4: "start", 5: "login", 104: "ticks_from", 105: "ticks_range", 106: "rates_from", 107: "rates_range",
    108: "rates_from_pos", 109: "start", 120: "positions", 121: "positions", 122: "positions", 123: "positions",
    130: "orders", 131: "orders", 132: "orders", 133: "orders", 140: "history_orders", 141: "history_orders",
    142: "history_orders_of", 143: "history_orders_of", 150: "history_deals", 151: "history_deals",
    152: "history_deals_of", 153: "history_deals_of", 160: "check", 161: "send", 162: "margin", 163: "profit",
    170: "symbol", 171: "select", 172: "tick", 173: "symbols_total", 174: "symbols", 175: "symbols", 180: "terminal",
    190: "account", 191: "book_add", 192: "book_release", 193: "book",
}  # fmt: skip
_UNFILTERED: Final = ("positions", "orders", "symbols", "start", "version", "terminal", "account", "symbols_total")
_NO_ROWS: Final = "00000000"
_STATUS: Final = "109"
_READY: Final = "02000000"
_STATUS_CODES: Final = {"03000000": -6}
_NO_RECEIPT: Final = -10002
_TIMEOUT: Final = -10005


class _IntEnum(enum.IntEnum):
    A = 1


class _StrEnum(str, enum.Enum):  # noqa: UP042 - the records were made with this kind
    A = "EURUSD"


class Idx:
    def __index__(self) -> int:
        return 1


class Flt:
    def __float__(self) -> float:
        return 1.5


class FSub(float): ...


class SSub(str): ...  # noqa: SLOT000 - as recorded


class DSub(dt.datetime): ...


class DSubD(dict[str, Any]): ...


class TS:
    def timestamp(self) -> float:
        return 1735689600.0


class BadTS:
    def timestamp(self) -> float:
        raise ValueError("no")


NAMES: Final[dict[str, Any]] = {
    "P": PATH, "np": np, "dt": dt, "nan": math.nan, "inf": math.inf, "UTC": dt.UTC,
    "TZ5": dt.timezone(dt.timedelta(hours=5)), "Decimal": Decimal, "Fraction": Fraction, "pickle": pickle,
    "copy": copy, "json": json, "inspect": inspect, "pathlib": pathlib, "time": time, "IE": _IntEnum, "SE": _StrEnum,
    "Idx": Idx, "Flt": Flt, "FSub": FSub, "SSub": SSub, "DSub": DSub, "DSubD": DSubD, "OD": OrderedDict,
    "MP": MappingProxyType, "UD": UserDict, "TS": TS, "BadTS": BadTS,
}  # fmt: skip


def fault(record: Record) -> str | None:
    """Replays one record; None when the face answers and sends as the genuine package did, else what differs."""
    standin = StandIn()
    face = as_module(standin)
    _force(standin, record)
    names = NAMES | {"mt5": face}
    with _zone(record.get("process", "")), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        _prepare(face, record, names)
        standin.sent.clear()
        outcome = _outcome(record["call"], names)
        error = [*face.last_error()]
        differences = [
            *_result_differences(record, outcome),
            *([] if error == record["last_error"] else [f"last_error {error}, genuine {record['last_error']}"]),
            *_sent_differences(record, standin.sent),
        ]
    return "; ".join(differences) or None


def _prepare(face: ModuleType, record: Record, names: dict[str, Any]) -> None:
    if record.get("process") != "new process":
        face.shutdown()
    if record["needs"] == "connected":
        assert face.initialize(PATH)
    for expression in record.get("setup", ()):
        try:
            _evaluate(expression, names)
        except (TypeError, SystemError):
            continue


def _force(standin: StandIn, record: Record) -> None:
    """Makes the stand-in answer as the recorded one was made to."""
    note = record.get("note", "")
    for command, reply in record.get("terminal_reply", {}).items():
        method = _METHODS[int(command)]
        if reply == "close":
            standin.dies_at = method
        elif reply["result"] < 0:
            standin.forced[method] = reply["result"]
        elif command == _STATUS and reply["payload_hex"]:
            if reply["payload_hex"] != _READY:
                standin.forced[method] = _STATUS_CODES.get(reply["payload_hex"], _TIMEOUT)
        elif reply["payload_hex"] == _NO_ROWS and method not in {"start", "login"}:
            standin.count = 0
            standin.rows[method.removesuffix("_of")] = []
        elif "bytes" in reply["payload_hex"]:
            standin.quote = {"bid": 1.1, "ask": 1.2}
        elif not reply["payload_hex"] and method not in {"login", "select", "book_add", "book_release"}:
            standin.forced[method] = _NO_RECEIPT
    if types := re.search(r"positions types \(([\d, ]*)\)", note):
        kinds = [int(kind) for kind in types[1].split(",") if kind.strip()]
        standin.rows["positions"] = [
            {"ticket": 101 + i, "type": kind, "symbol": "EURUSD", "volume": 0.5} for i, kind in enumerate(kinds)
        ]
    if retcode := re.search(r"answers retcode (\d+)", note):
        standin.retcode = int(retcode[1])


def _evaluate(expression: str, names: dict[str, Any]) -> Any:
    return eval(expression, dict(names))  # noqa: S307 - the records are expressions


def _outcome(call: str, names: dict[str, Any]) -> Any:
    try:
        return _evaluate(call, names)
    except Exception as error:  # noqa: BLE001 - a raised exception is an answer to compare
        return error


def _result_differences(record: Record, outcome: Any) -> Iterator[str]:
    wanted, kind = record["result"], record["result"]["kind"]
    free = record.get("data_dependent") or record.get("environment_dependent")
    if kind == "exception":
        seen: dict[str, Any] = {"type": type(outcome).__name__, "message": str(outcome)}
        if wanted.get("cause"):
            cause = getattr(outcome, "__cause__", None)
            seen["cause"] = [type(cause).__name__, str(cause)]
    elif kind == "none":
        seen, wanted = {"type": type(outcome).__name__}, {"type": "NoneType"}
    else:
        seen = {"type": type(outcome).__name__, "repr": repr(outcome)}
        if not isinstance(outcome, type) and hasattr(outcome, "__len__"):
            seen["len"] = len(outcome)
        if "elem_types" in wanted and outcome:
            seen["elem_types"] = list(dict.fromkeys(sorted(type(item).__name__ for item in outcome)))
        if hasattr(outcome, "dtype") and "dtype" in wanted:
            seen["dtype"] = str(outcome.dtype)
    for key, value in seen.items():
        if key in wanted and value != wanted[key] and not (free and key in {"repr", "len"}):
            yield f"{key} {value!r}, genuine {wanted[key]!r}"


def _sent_differences(record: Record, sent: list[tuple[Any, ...]]) -> Iterator[str]:
    """What reached the terminal, in the words of the seam: whose filters the client applies, the seam has not."""
    if record.get("sent_garbage_dates") or any(len(str(item)) > 500 for item in record.get("sent", ())):
        return
    wanted = [_in_seam_words(item) for item in record.get("sent", ()) if _METHODS.get(item["cmd"]) != "start"]
    seen = [_comparable(*call) for call in sent if call[0] != "start"]
    if seen != wanted:
        yield f"sent {seen}, genuine {wanted}"


def _in_seam_words(item: dict[str, Any]) -> tuple[Any, ...]:
    method = _METHODS[item["cmd"]]
    args, kwargs = (_evaluate(item[key], {"nan": math.nan, "inf": math.inf}) for key in ("args", "kwargs"))
    if method == "login":
        return _comparable(method, args[1], kwargs["password"], kwargs["server"])
    if method.endswith("_of"):
        return _comparable(method, kwargs.get("ticket"), kwargs.get("position"))
    return _comparable(method, *args)


def _comparable(method: str, *args: Any) -> tuple[Any, ...]:
    if method in _UNFILTERED:
        return (method,)
    if method in {"check", "send"}:
        return method, {key: repr(value) for key, value in args[0].items() if value not in {0, ""}}
    dates = {"ticks_from": (1,), "ticks_range": (1, 2)}.get(method, ())
    return method, *(repr(float(arg)) if place in dates else repr(arg) for place, arg in enumerate(args))


@contextmanager
def _zone(process: str) -> Iterator[None]:
    """The zone of the process, UTC unless the record names another."""
    before = os.environ.get("TZ")
    os.environ["TZ"] = process.removeprefix("TZ=") if process.startswith("TZ=") else "UTC"
    time.tzset()
    try:
        yield
    finally:
        if before is None:
            del os.environ["TZ"]
        else:
            os.environ["TZ"] = before
        time.tzset()
