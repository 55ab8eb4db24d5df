"""While armed, limits are tightened at any time and loosened after the next reset or by a person's typed word."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from app.config import from_table, load, packs
from app.store.journal import Journal
from app.words import words
from monitors.ports import Consent, Loosen
from monitors.responses.backstop import terms
from monitors.settings import Rule
from tests.app.scripted import plain
from tests.app.stand import Make, Stand, frame, rule

BEFORE = datetime(2026, 3, 9, 23, 59, 50, tzinfo=UTC)
AFTER = datetime(2026, 3, 10, 0, 0, 10, tzinfo=UTC)
NOON = datetime(2026, 3, 9, 12, tzinfo=UTC)
MIDNIGHT_MS = round(datetime(2026, 3, 10, tzinfo=UTC).timestamp() * 1000)


def floor(at: float = 9_500.0, action: str = "close_all", name: str = "Floor", **more: Any) -> dict[str, Any]:
    own = {"percent": 50.0} if action == "reduce" else {}
    level = {"at": at, "severity": "critical", "action": action, **own}
    return {**rule("equity", "below", level, rearm=1.0), "name": name, **more}


def armed(make: Make, *rules: dict[str, Any], **more: Any) -> Stand:
    """An account that holds one position and was read at noon."""
    stand = make(*(rules or [floor()]), **more)
    stand.clock.advance_to(NOON)
    for terminal in stand.terminals.values():
        terminal.hold(plain(1))
    stand.beat(3)
    return stand


def reset(stand: Stand, moment: datetime | int = AFTER) -> None:
    """Past the day's reset, as the broker's ticks show."""
    stand.clock.advance_to(moment)
    for _ in range(3):
        tick(stand)
        stand.beat()


def tick(stand: Stand) -> None:
    """The broker ticks at the true time, whatever this machine's clock was set to."""
    stand.terminal.bid = round(stand.terminal.bid + 0.00001, 5)
    stand.terminal._ticked = stand.terminal.bid, stand.clock.true_ms()


def judged(stand: Stand, name: str = "main") -> dict[str, list[tuple[float, str]]]:
    """The rules in force by name."""
    found: tuple[Rule, ...] = stand.engine.guards[name].ladder.rules
    return {r.name: [(level.at, level.response.name) for level in r.levels] for r in found}


def changes(stand: Stand) -> list[tuple[str, str]]:
    return [(told["rule"], told["change"]) for told in stand.of("commitment")]


def test_a_tighter_limit_holds_at_once_and_is_told(make: Make) -> None:
    stand = armed(make)
    stand.configure(floor(9_700.0))
    stand.beat()
    assert judged(stand) == {"Floor": [(9_700.0, "close_all")]}
    (told,) = stand.of("commitment")
    assert list(told)[3:] == ["rule", "change", "from", "to", "until", "how"]
    assert (told["change"], told["until"], told["how"]) == ("tightened", None, None)
    assert "9500" in told["from"]
    assert "9700" in told["to"]


def test_a_looser_limit_waits_for_the_next_reset_and_is_told_twice(make: Make) -> None:
    stand = armed(make)
    stand.configure(floor(9_000.0))
    stand.beat()
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    (told,) = stand.of("commitment")
    assert (told["change"], told["until"]) == ("loosening held", "2026-03-10T00:00:00.000Z")
    assert "Floor loosening held until 2026-03-10" in words(told)
    stand.clock.advance_to(BEFORE)
    stand.beat()
    assert frame(stand).held[0].rule == "Floor"
    stand.clock.advance_to(AFTER)
    stand.beat(2)
    assert judged(stand) == {"Floor": [(9_000.0, "close_all")]}
    assert changes(stand) == [("Floor", "loosening held"), ("Floor", "loosened")]
    assert stand.of("commitment")[1]["how"] == "the day's reset"
    assert frame(stand).held == ()


def test_what_is_held_closes_as_it_did(make: Make) -> None:
    stand = armed(make)
    stand.configure()
    stand.beat()
    stand.terminal.bid = 0.99
    stand.beat(4)
    assert not stand.terminal.positions
    assert stand.of("alert", state="raised")[0]["rule"] == "Floor (held)"


def test_a_typed_word_loosens_at_once(make: Make) -> None:
    stand = armed(make)
    assert not stand.engine.obey(Loosen("main"))
    stand.configure()
    stand.beat()
    assert stand.engine.obey(Loosen("main"))
    stand.beat(2)
    assert judged(stand) == {}
    assert changes(stand) == [("Floor", "loosening held"), ("Floor", "loosened")]
    assert stand.of("commitment")[1]["how"] == "confirmed by a person"
    stand.restart()
    stand.beat(2)
    assert judged(stand) == {}
    assert len(changes(stand)) == 2


def test_a_restart_with_a_looser_file_is_no_way_around_it(make: Make) -> None:
    stand = armed(make)
    stand.kill()
    stand.edit(floor(9_000.0, "alert"))
    stand.start()
    stand.beat(2)
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    stand.restart()
    stand.beat(2)
    assert changes(stand) == [("Floor", "loosening held")]
    stand.kill()
    stand.clock.advance_to(AFTER)
    stand.start()
    reset(stand)
    assert judged(stand) == {"Floor": [(9_000.0, "alert")]}
    assert changes(stand)[-1] == ("Floor", "loosened")


def test_a_restart_under_another_name_is_none_either(make: Make) -> None:
    stand = armed(make)
    stand.kill()
    stand.edit()
    stand.rename("other")
    stand.start()
    stand.beat(3)
    assert judged(stand, "other") == {"Floor (held)": [(9_500.0, "close_all")]}


def test_observing_is_free_and_forgets_nothing_before_the_reset(make: Make) -> None:
    stand = armed(make)
    stand.configure(armed=False)
    stand.beat()
    assert judged(stand) == {}
    assert frame(stand).held == ()
    assert not stand.engine.obey(Loosen("main"))
    stand.configure(armed=True)
    stand.beat()
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    stand.configure(armed=False)
    stand.clock.advance_to(AFTER)
    stand.beat(2)
    stand.configure(armed=True)
    stand.beat(2)
    assert judged(stand) == {}


def test_observing_from_the_start_commits_to_nothing(make: Make) -> None:
    stand = armed(make, armed=False)
    stand.configure(floor(9_000.0))
    stand.beat()
    assert judged(stand) == {"Floor": [(9_000.0, "close_all")]}
    assert changes(stand) == []


def test_each_account_loosens_at_its_own_reset(make: Make) -> None:
    stand = make(floor(), names=("main", "firm"))
    stand.kill()
    stand.table["terminal"][1]["day"] = {"zone": "Europe/Prague", "reset": "00:00"}
    for name, terminal in stand.terminals.items():
        terminal.server = f"Demo {name}"
    stand.edit(floor())
    stand.start()
    stand.clock.advance_to(NOON)
    stand.beat(3)
    stand.configure()
    stand.beat()
    stand.clock.advance_to(datetime(2026, 3, 9, 23, 0, 10, tzinfo=UTC))
    stand.beat(2)
    assert judged(stand, "firm") == {}
    assert judged(stand, "main") == {"Floor (held)": [(9_500.0, "close_all")]}
    stand.clock.advance_to(AFTER)
    stand.beat(2)
    assert judged(stand, "main") == {}


def test_a_rule_that_covers_the_account_no_more_is_held(make: Make) -> None:
    stand = armed(make)
    stand.configure(floor(accounts=["another"]))
    stand.beat()
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}


def test_a_later_loosening_has_a_reset_of_its_own(make: Make) -> None:
    stand = armed(make, floor(), floor(9_300.0, name="Second"))
    stand.configure(floor(9_300.0, name="Second"))
    stand.beat()
    stand.clock.advance_to(AFTER)
    stand.configure()
    stand.beat(2)
    assert judged(stand) == {"Second (held)": [(9_300.0, "close_all")]}


def test_a_level_that_tripped_stays_tripped_while_it_is_held_and_acts_once(make: Make) -> None:
    stand = armed(make, floor(action="reduce"))
    stand.terminal.bid = 0.992
    stand.beat(5)
    assert stand.terminal.positions[1].lots == 0.5
    raised = len(stand.of("alert", state="raised"))
    stand.terminal.bid = 0.989
    stand.configure(floor(9_000.0, "reduce"))
    stand.beat(5)
    stand.restart()
    stand.beat(5)
    stand.configure(floor(action="reduce"))
    stand.beat(5)
    assert stand.terminal.positions[1].lots == 0.5
    assert len(stand.of("alert", state="raised")) == raised
    assert not stand.of("alert", state="cleared")
    assert judged(stand) == {"Floor": [(9_500.0, "reduce")]}
    assert frame(stand).held == ()


def test_a_journal_that_cannot_be_written_holds_all_the_same_and_is_written_later(make: Make) -> None:
    stand = armed(make)
    other = Journal(stand.folder / "journal.db")
    with other.atomic():
        stand.configure()
        assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    other.close()
    stand.beat(3)
    stand.restart()
    stand.beat(2)
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}


def test_what_this_version_cannot_read_of_the_journal_is_told_once_and_alarmed(make: Make) -> None:
    stand = armed(make)
    key = "commitment:Demo:1001"
    stored = stand.engine.shared.journal.load(key, list[dict[str, Any]])
    assert stored
    stored[0]["rule"]["levels"][0]["action"] = "dance"
    stand.engine.shared.journal.save(key, stored)
    stand.kill()
    stand.edit()
    stand.start()
    stand.beat(2)
    assert judged(stand) == {}
    (told,) = stand.of("commitment")
    assert (told["rule"], told["change"], told["how"]) == ("Floor", "lost", "this version cannot read it")
    (alarm,) = [view for view in stand.engine.frame().alerts if view.rule == "Commitment"]
    assert (alarm.severity, alarm.active) == ("critical", True)
    assert "limit of Floor that this version cannot read" in alarm.why
    stand.restart()
    stand.beat(2)
    assert len(stand.of("commitment")) == 1
    (alarm,) = [view for view in stand.engine.frame().alerts if view.rule == "Commitment"]
    assert not alarm.active


@pytest.mark.parametrize("hours", [24, -24])
def test_a_clock_that_is_set_neither_ends_a_hold_nor_shortens_one(make: Make, hours: int) -> None:
    stand = armed(make)
    tick(stand)
    stand.beat()
    stand.clock.step(hours * 3_600.0)
    reset(stand, stand.clock.utc_ms())
    stand.configure()
    reset(stand, stand.clock.utc_ms())
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    assert frame(stand).held[0].until_ms == MIDNIGHT_MS
    assert stand.of("commitment")[0]["until"] == "2026-03-10T00:00:00.000Z"
    stand.clock.step(hours * -3_600.0)
    reset(stand)
    assert judged(stand) == {}


def test_a_start_with_the_clock_set_back_shortens_no_hold(make: Make) -> None:
    stand = armed(make)
    stand.kill()
    stand.clock.step(-24 * 3_600.0)
    stand.edit()
    stand.start()
    reset(stand, stand.clock.utc_ms())
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    assert frame(stand).held[0].until_ms == MIDNIGHT_MS


def test_a_start_with_the_clock_set_forward_ends_no_hold(make: Make) -> None:
    stand = armed(make)
    stand.configure()
    tick(stand)
    stand.beat()
    stand.kill()
    stand.clock.step(24 * 3_600.0)
    stand.start()
    stand.beat(3)
    reset(stand, stand.clock.utc_ms())
    assert judged(stand) == {"Floor (held)": [(9_500.0, "close_all")]}
    stand.clock.advance_to(stand.clock.utc_ms() + 12 * 3_600_000 + 60_000)
    reset(stand, stand.clock.utc_ms())
    assert judged(stand) == {}


def test_a_later_level_that_does_less_takes_no_place_in_a_gap_before_the_reset(make: Make) -> None:
    stand = armed(make)
    cut = {"at": 9_400.0, "severity": "extreme", "action": "reduce", "percent": 10.0}
    stand.configure({**floor(), "levels": [*floor()["levels"], cut]})
    stand.beat()
    assert changes(stand) == [("Floor", "loosening held"), ("Floor", "tightened")]
    assert judged(stand) == {"Floor": [(9_400.0, "reduce")], "Floor (held)": [(9_500.0, "close_all")]}
    stand.terminal.bid = 0.99
    stand.beat(4)
    assert not stand.terminal.positions


def test_a_typed_word_that_the_program_did_not_live_to_carry_out_is_told_as_a_persons(make: Make) -> None:
    stand = armed(make)
    stand.configure()
    stand.beat()
    stand.engine.obey(Loosen("main"))
    assert frame(stand).held[0].until_ms is None
    stand.restart()
    stand.beat(2)
    assert judged(stand) == {}
    assert stand.of("commitment", change="loosened")[0]["how"] == "confirmed by a person"


def test_what_tripped_while_observing_stays_tripped_when_it_is_held_armed_again(make: Make) -> None:
    stand = armed(make, floor(action="alert"))
    stand.configure(floor(action="alert"), armed=False)
    stand.terminal.bid = 0.992
    stand.beat(2)
    stand.configure(floor(9_000.0, "alert"), armed=True)
    stand.beat(2)
    assert judged(stand) == {"Floor (held)": [(9_500.0, "alert")]}
    assert [told["state"] for told in stand.of("alert")] == ["raised"]


def test_what_is_observed_commits_to_nothing_after_the_reset_and_is_not_told(make: Make) -> None:
    stand = armed(make)
    stand.configure(floor(), armed=False)
    stand.configure(floor(9_700.0), armed=False)
    stand.beat()
    reset(stand)
    assert changes(stand) == []
    stand.configure(armed=True)
    stand.beat(2)
    assert judged(stand) == {}


def test_what_was_cut_under_a_held_limit_is_not_cut_again_after_observing_for_a_while(make: Make) -> None:
    stand = armed(make, floor(action="reduce"))
    stand.configure(floor(9_000.0, "reduce"))
    stand.beat()
    stand.terminal.bid = 0.992
    stand.beat(5)
    assert stand.terminal.positions[1].lots == 0.5
    stand.terminal.bid = 0.989
    stand.configure(floor(action="reduce"), armed=False)
    stand.beat(2)
    stand.configure(floor(9_000.0, "reduce"), armed=True)
    stand.beat(5)
    assert stand.terminal.positions[1].lots == 0.5
    assert [told["state"] for told in stand.of("alert")] == ["raised"]


def test_until_the_account_is_known_nothing_is_kept_of_it(make: Make) -> None:
    stand = make(floor())
    assert stand.engine.shared.journal.load("commitment::0", list[Any]) is None
    assert judged(stand) == {"Floor": [(9_500.0, "close_all")]}


def test_two_rules_held_of_one_name_have_names_of_their_own(make: Make) -> None:
    stand = armed(make, floor(confirm=2))
    stand.configure(floor(9_700.0, confirm=5))
    stand.configure(floor(9_600.0, confirm=9))
    stand.beat()
    assert judged(stand) == {
        "Floor (held)": [(9_500.0, "close_all")], "Floor (held 2)": [(9_700.0, "close_all")],
    }  # fmt: skip


@pytest.mark.parametrize("pack", packs.names())
def test_every_rule_survives_the_journal_as_it_is_those_of_a_firms_plan_too(make: Make, pack: str) -> None:
    path = Path(__file__).parents[2] / "config.toml"
    terminal = {"name": "main", "backend": "simulator", "login": 1001, "server": "Demo", "pack": pack,
                "initial_balance": 10_000.0}  # fmt: skip
    wanted = (*load(path, {}).rules, *from_table({"terminal": [terminal]}, source="test").rules)
    stand = armed(make)
    stand.engine.obey(Loosen("main"))
    commitment = stand.guard.commitment
    commitment.take(wanted, armed=True)
    stand.restart()
    again = stand.guard.commitment.take(wanted, armed=True)
    assert again[: len(wanted)] == wanted
    assert [rule.name for rule in again[len(wanted) :]] == ["Floor (held)"]


def backstop(within: float | None = 9_000.0, last: float = 8_000.0) -> dict[str, Any]:
    own = {} if within is None else {"within": within}
    levels = ({"at": 9_500.0, "severity": "high", "action": "backstop", **own},
              {"at": last, "severity": "critical", "action": "alert"})  # fmt: skip
    return {**rule("equity", "below", *levels, rearm=1.0), "name": "Floor"}


@pytest.mark.parametrize("looser", [backstop(8_500.0), backstop(None, 7_000.0)], ids=["within", "its severest level"])
def test_a_backstop_that_is_held_is_still_agreed_to_after_a_restart_too(make: Make, looser: dict[str, Any]) -> None:
    stand = armed(make, backstop(None if looser["levels"][1]["at"] == 7_000.0 else 9_000.0))
    assert stand.engine.obey(Consent())
    stand.configure(looser)
    for _ in range(2):
        stand.beat(2)
        (held,) = [r for r in stand.engine.guards["main"].ladder.rules if r.levels[0].response.name == "backstop"]
        assert held.name == "Floor (held)"
        assert len(stand.engine.guards["main"].keeper.memory.consents) == 1
        assert terms(held, held.levels[0]) in stand.engine.guards["main"].keeper.memory.consents
        stand.restart()
    assert ("Floor", "tightened") not in changes(stand)
