"""Once trading is allowed again, only what waited for that goes on at once."""

from __future__ import annotations

from app.attempts import Attempts
from app.live import Live
from monitors.outcomes import Retry


def test_only_what_waited_for_a_permission_goes_on_once_it_is_given() -> None:
    kinds = {"": Retry.PERMISSION, "EURUSD": Retry.FILLING}
    live = Live(attempts={place: Attempts(retry=kind, not_before_s=90.0) for place, kind in kinds.items()})
    live.permitted()
    assert {place: one.not_before_s for place, one in live.attempts.items()} == {"": 0.0, "EURUSD": 90.0}
