"""Under which figures a metric counts."""

from __future__ import annotations

import pytest

from app.stream.asked import EVENTS, KINDS, UPDATES, Asked
from app.stream.updates import FAMILIES
from monitors.metrics import METRICS


@pytest.mark.parametrize("metric", METRICS)
def test_every_metric_belongs_to_a_kind_of_update(metric: str) -> None:
    assert FAMILIES[metric.partition(".")[0]] in UPDATES


def test_no_name_means_two_kinds() -> None:
    assert len(set(KINDS)) == len(KINDS)


def test_a_subscription_without_names_is_to_everything() -> None:
    assert all(Asked().wants_event("any", name) for name in EVENTS)
    assert all(Asked().wants_update("any", kind) for kind in UPDATES)


def test_one_kind_of_update_can_be_asked_for_alone() -> None:
    one = Asked(frozenset({"a"}), frozenset({"margin"}))
    assert (one.wants_update("a", "margin"), one.wants_update("a", "pnl"), one.wants_update("b", "margin"),
            one.wants_event("a", "alert")) == (True, False, False, False)  # fmt: skip
