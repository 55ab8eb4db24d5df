"""A metric's last hour, a point a second."""

from __future__ import annotations

import numpy as np

from monitors.trail import KEPT, TrailRecord


def test_a_second_gives_one_point() -> None:
    record = TrailRecord()
    for ms in (1_000, 1_500, 1_999, 2_000):
        record.append(ms, float(ms))
    assert record.view().time_ms.tolist() == [1_000, 2_000]
    assert record.view().value.tolist() == [1_000.0, 2_000.0]


def test_only_the_last_hour_is_kept_and_what_was_handed_out_never_changes() -> None:
    record = TrailRecord()
    record.append(0, 0.0)
    first = record.view()
    for second in range(1, 3 * KEPT):
        record.append(second * 1_000, float(second))
    found = record.view()
    assert len(found.value) == KEPT
    assert found.value[0] == 2 * KEPT
    assert np.all(np.diff(found.time_ms) == 1_000)
    assert first.value.tolist() == [0.0]


def test_time_that_runs_back_begins_a_new_trail() -> None:
    record = TrailRecord()
    record.append(9_000, 1.0)
    before = record.view()
    record.append(5_000, 2.0)
    assert record.view().value.tolist() == [2.0]
    assert before.value.tolist() == [1.0]
