"""When an armed account's days begin is a limit too; the figures that were typed of it are told where they change."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from app.store.journal import Journal
from app.words import words
from monitors.ports import Loosen
from monitors.settings import DaySettings
from tests.app.stand import Make, Stand, frame
from tests.app.test_commitment import AFTER, armed, floor, reset

SOON = {"zone": "UTC", "reset": "12:05"}
LATER = datetime(2026, 3, 9, 12, 5, 10, tzinfo=UTC)
OWN, OTHER = DaySettings(), DaySettings(zone="UTC", reset_minute=725)


def again(stand: Stand, *, armed: bool | None = None, **terminal: Any) -> None:
    """Killed, and started with another table of the terminal."""
    stand.kill()
    stand.table["terminal"][0] |= terminal
    stand.edit(floor(), armed=armed)
    stand.start()
    stand.beat(2)


def day_start_ms(stand: Stand) -> int:
    history = stand.guard.keeper.memory.history
    assert history is not None
    return history.day.start_ms


def test_another_day_waits_for_the_reset_that_was_to_come_and_begins_none_before(make: Make) -> None:
    stand = armed(make)
    began = day_start_ms(stand)
    again(stand, day=SOON)
    assert stand.guard.day == OWN
    (held,) = frame(stand).held
    assert (held.rule, held.what) == ("[day]", "days begin at 00:00 (server), weeks on Monday")
    (told,) = stand.of("commitment")
    assert list(told)[3:] == ["rule", "change", "from", "to", "until", "how"]
    assert (told["change"], told["until"]) == ("loosening held", "2026-03-10T00:00:00.000Z")
    assert "[day] loosening held until 2026-03-10" in words(told)
    reset(stand, LATER)
    assert day_start_ms(stand) == began
    stand.restart()
    stand.beat(2)
    assert len(stand.of("commitment")) == 1
    reset(stand)
    assert stand.guard.day == OTHER
    assert frame(stand).held == ()
    assert [(e["change"], e["how"]) for e in stand.of("commitment")[1:]] == [("loosened", "the day's reset")]
    stand.restart()
    reset(stand)
    assert stand.guard.day == OTHER
    assert len(stand.of("commitment")) == 2


def test_a_reset_while_the_program_was_off_ends_it_too(make: Make) -> None:
    stand = armed(make)
    again(stand, day=SOON)
    stand.kill()
    stand.clock.advance_to(AFTER)
    stand.start()
    reset(stand)
    assert stand.guard.day == OTHER


def test_a_typed_word_lets_the_day_begin_as_the_config_says(make: Make) -> None:
    stand = armed(make)
    again(stand, day=SOON)
    assert stand.engine.obey(Loosen("main"))
    assert frame(stand).held[0].until_ms is None
    stand.beat(2)
    assert stand.guard.day == OTHER
    assert stand.of("commitment")[-1]["how"] == "confirmed by a person"
    assert not stand.engine.obey(Loosen("main"))


def test_a_day_that_is_changed_back_is_held_no_more_and_not_told(make: Make) -> None:
    stand = armed(make)
    again(stand, day=SOON)
    again(stand, day={"zone": "server", "reset": "00:00"})
    assert frame(stand).held == ()
    assert len(stand.of("commitment")) == 1
    reset(stand)
    assert len(stand.of("commitment")) == 1


def test_observing_is_no_way_around_it_and_loosens_no_rule_with_it(make: Make) -> None:
    stand = armed(make)
    again(stand, armed=False, day=SOON)
    stand.configure(armed=False)
    assert stand.guard.day == OWN
    assert [one.rule for one in frame(stand).held] == ["[day]"]
    assert stand.engine.obey(Loosen("main"))
    stand.beat(2)
    assert stand.guard.day == OTHER
    stand.configure(armed=True)
    stand.beat(2)
    assert [one.rule for one in frame(stand).held] == ["Floor"]


def test_an_account_that_was_never_armed_is_committed_to_no_day(make: Make) -> None:
    stand = armed(make, armed=False)
    again(stand, day=SOON)
    assert stand.guard.day == OTHER
    assert stand.of("commitment") == []


def test_figures_that_are_taken_once_are_told_where_they_change_and_hold_as_they_were(make: Make) -> None:
    stand = armed(make)
    again(stand, initial_balance=50_000.0, high_water=60_000.0)
    told = stand.of("commitment")
    assert [(e["rule"], e["change"], e["from"], e["to"]) for e in told] == [
        ("initial_balance", "changed", "0", "50000"), ("high_water", "changed", "0", "60000"),
    ]  # fmt: skip
    assert "taken only when an account is first seen" in words(told[0])
    history = stand.guard.keeper.memory.history
    assert history is not None
    assert (history.initial, history.peak.money) == (10_000.0, 10_000.0)
    assert frame(stand).held == ()
    stand.restart()
    stand.beat(2)
    assert len(stand.of("commitment")) == 2


def test_another_account_has_terms_of_its_own(make: Make) -> None:
    stand = armed(make)
    stand.terminal.login = 1002
    again(stand, login=1002, day=SOON)
    assert stand.guard.day == OTHER
    assert stand.of("commitment") == []


def test_a_journal_that_cannot_be_written_holds_all_the_same_and_is_written_later(make: Make) -> None:
    stand = armed(make)
    stand.kill()
    stand.table["terminal"][0] |= {"day": SOON}
    stand.edit(floor())
    stand.start()
    other = Journal(stand.folder / "journal.db")
    with other.atomic():
        stand.beat(2)
        assert stand.guard.day == OWN
    other.close()
    stand.beat(3)
    stand.restart()
    stand.beat(2)
    assert stand.guard.day == OWN
    assert len(stand.of("commitment")) == 1
