"""What travels arrives as it left, and what is no line of the protocol is garbled."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bridge.simulator import wirecalls
from bridge.simulator.backend import RATES, TICKS, Refusal

VALUES = st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(st.characters())
ROWS = st.dictionaries(st.text(st.characters()), VALUES)


def there_and_back(frame: dict[str, Any]) -> Any:
    stream = io.BytesIO()
    wirecalls.put(stream, frame)
    stream.seek(0)
    arrived = wirecalls.take(stream)
    assert arrived is not None
    assert stream.read() == b""
    return wirecalls.outcome(arrived)


@given(rows=st.lists(ROWS))
def test_rows_arrive_with_every_number_and_every_letter(rows: list[dict[str, Any]]) -> None:
    assert repr(there_and_back({"value": rows})) == repr(rows)


@pytest.mark.parametrize("dtype", [TICKS, RATES], ids=["ticks", "rates"])
@given(content=st.binary(max_size=600))
def test_arrays_arrive_byte_for_byte(dtype: np.dtype[np.void], content: bytes) -> None:
    rows = np.frombuffer(content[: len(content) // dtype.itemsize * dtype.itemsize], dtype=dtype)
    arrived = there_and_back({"value": rows})
    assert arrived.dtype == dtype
    assert arrived.tobytes() == rows.tobytes()


def test_numbers_of_numpy_arrive_as_pythons_own() -> None:
    arrived = there_and_back({"value": {"bid": np.float64(1.5), "digits": np.int64(5), "select": np.bool_(1)}})
    assert arrived == {"bid": 1.5, "digits": 5, "select": True}
    assert [type(value) for value in arrived.values()] == [float, int, bool]


@pytest.mark.parametrize("text", ["No IPC connection", None])
def test_a_refusal_arrives_as_one(text: str | None) -> None:
    with pytest.raises(Refusal) as raised:
        there_and_back({"refused": [-10004, text]})
    assert (raised.value.code, raised.value.text) == (-10004, text)


@pytest.mark.parametrize(
    "line", [b"nonsense\n", b"5\n", b"[1]\n", b'{"value": 1}', b"\xff\xfe\n", b"[" * 9_000 + b"\n"]
)
def test_what_is_no_whole_object_is_garbled(line: bytes) -> None:
    with pytest.raises(wirecalls.Garbled):
        wirecalls.take(io.BytesIO(line))


@pytest.mark.parametrize(
    "frame",
    [{}, {"refused": "no"}, {"refused": ["a", "b"]}, {"value": {"dtype": "ticks", "rows": "?"}},
     {"value": {"dtype": "ticks", "rows": "AAAA"}}],
)  # fmt: skip
def test_an_answer_that_is_neither_a_value_nor_a_refusal_is_garbled(frame: dict[str, Any]) -> None:
    with pytest.raises(wirecalls.Garbled):
        wirecalls.outcome(frame)


def test_a_line_that_is_too_long_is_garbled_before_it_is_read_whole() -> None:
    stream = io.BytesIO(b'{"value": "' + b"x" * 100 + b'"}\n')
    with pytest.raises(wirecalls.Garbled):
        wirecalls.take(stream, 50)


def test_the_end_of_the_stream_is_no_frame() -> None:
    assert wirecalls.take(io.BytesIO()) is None
