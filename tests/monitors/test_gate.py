"""The gate: each denial, the caps at their edge, and which reason is told first."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from monitors.gate import STALE_S, Circumstances, Denial, HaltKind, Sent, Source, Wish, admit
from monitors.kinds import MarginMode
from monitors.model import Account, Position, Snapshot, TerminalState
from tests.builders import NOW_MS, history, position, reading, snapshot

HELD = snapshot(position(1), position(2, "GBPUSD"))
WISH = Wish(position=1, target=50, source=Source.RULE, episode=1)
OPEN = Circumstances(armed=True, halt=None, reading=reading(HELD), now_ms=NOW_MS, lots_at_reset=2.0)
GONE = "the position is gone"


def seen(**changes: Any) -> Circumstances:
    """Open circumstances around another snapshot."""
    return replace(OPEN, reading=reading(replace(HELD, **changes)))


def terminal(**changes: bool) -> Circumstances:
    return seen(terminal=replace(TerminalState(connected=True, algo_allowed=True), **changes))


def account_with(**changes: Any) -> Circumstances:
    held: Account = replace(HELD.account, **changes)
    return seen(account=held)


def told(wish: Wish, around: Circumstances) -> str | None:
    """The reason of the denial; None where the wish is admitted."""
    found = admit(wish, around)
    return found.reason if isinstance(found, Denial) else None


def test_a_sane_wish_is_given_the_position_as_it_is_now() -> None:
    assert admit(WISH, OPEN) is HELD.positions[0]
    assert isinstance(admit(replace(WISH, position=2, target=0), OPEN), Position)


PERMISSIONS: list[tuple[str, str, Circumstances]] = [
    ("algo trading is off in the terminal", "press Algo Trading in MT5's toolbar", terminal(algo_allowed=False)),
    (
        "the Python API may not trade",
        "allow it in MT5 under Tools, Options, Expert Advisors",
        terminal(api_disabled=True),
    ),
    (
        "the account may not trade: the login is read-only or disabled",
        "log in to MT5 with the master password",
        account_with(trade_allowed=False),
    ),
    (
        "the broker forbids automated trading on this account",
        "close in MT5 by hand; ask the broker",
        account_with(trade_expert=False),
    ),
]
INSANE = "look at MT5 and at what was sent, then reset by hand"
LOOK = "see that MT5 runs, is connected and shows this account"
REASONS: list[tuple[str, str, Circumstances]] = [
    (
        "halted by a fault: only a person's emergency stop may send",
        "look at MT5 and the alert, then reset by hand",
        replace(OPEN, halt=HaltKind.FAULT),
    ),
    (
        "observe mode: nothing is sent by a rule",
        'set app.mode = "armed" to let rules act',
        replace(OPEN, armed=False),
    ),
    ("another Plimsoll acts here", "end one of the two programs", replace(OPEN, rival="another Plimsoll acts here")),
    (
        "the journal cannot be written: nothing is sent by itself",
        "make room on the disk, or close what holds the file",
        replace(OPEN, journal_ok=False),
    ),
    ("no trustworthy reading", LOOK, replace(OPEN, reading=None)),
    ("the reading is 6 s old", LOOK, replace(OPEN, age_s=6.0)),
    ("another account is shown: 1001", LOOK, replace(OPEN, guarded=("Test-Server", 1002))),
    (GONE, "", seen(positions=HELD.positions[1:])),
    ("the position is already at its target", "", seen(positions=(position(lots=0.5),))),
    ("an earlier request for it is not settled", "", replace(OPEN, in_flight=frozenset({1}))),
    (
        "margin would rise",
        "look at the hedge in MT5: its legs go together or not at all",
        replace(OPEN, worsens="margin would rise"),
    ),
]


@pytest.mark.parametrize(("reason", "do", "around"), REASONS, ids=[reason[:30] for reason, _, _ in REASONS])
def test_each_reason_denies_by_itself_says_what_a_person_can_do_and_is_no_fault(
    reason: str, do: str, around: Circumstances
) -> None:
    assert admit(WISH, around) == Denial(reason=reason, do=do)


@pytest.mark.parametrize(("reason", "do", "around"), PERMISSIONS, ids=[reason[:30] for reason, _, _ in PERMISSIONS])
def test_what_forbids_trading_is_for_a_person_to_lift(reason: str, do: str, around: Circumstances) -> None:
    assert admit(WISH, around) == Denial(reason=reason, do=do, permission=True)


def test_a_fresh_reading_of_the_account_that_is_guarded_is_fit() -> None:
    account = HELD.account
    assert told(WISH, replace(OPEN, age_s=STALE_S, guarded=(account.server, account.login))) is None


def test_the_most_telling_reason_comes_first() -> None:
    """Everything is wrong at once; mending one thing after another brings the reasons out in order."""
    broken = replace(
        OPEN,
        armed=False,
        halt=HaltKind.FAULT,
        rival="another acts here",
        journal_ok=False,
        reading=None,
        in_flight=frozenset({1}),
        worsens="margin would rise",
        spreads={"EURUSD": 9.0},
        sent=tuple(Sent(NOW_MS, 1, 9.0) for _ in range(100)),
        lots_at_reset=0.0,
    )
    wish = replace(WISH, hard=False)
    forbidding = replace(HELD, terminal=TerminalState(connected=True, algo_allowed=False), positions=())
    mending: list[dict[str, Any]] = [
        {"halt": None}, {"armed": True}, {"rival": ""}, {"journal_ok": True}, {"reading": reading(forbidding)},
        {"reading": reading(replace(forbidding, terminal=HELD.terminal))}, {"reading": reading(HELD)},
        {"in_flight": frozenset()}, {"worsens": None}, {"spreads": {}}, {"sent": broken.sent[:4]},
    ]  # fmt: skip
    reasons = [told(wish, broken)]
    for mend in mending:
        broken = replace(broken, **mend)
        reasons.append(told(wish, broken))
    starts = ["halted", "observe", "another", "the journal", "no trustworthy", "algo trading", GONE, "an earlier",
              "margin would", "the spread is 9.0 times", "more than 5 sends", "more lots"]  # fmt: skip
    assert [str(reason)[: len(start)] for reason, start in zip(reasons, starts, strict=True)] == starts


# ------------------------------------------------------------------------------------------------ who wishes


@pytest.mark.parametrize(
    ("source", "halt", "sent"),
    [
        (Source.RULE, None, False),
        (Source.UNDO, HaltKind.RULE, False),
        (Source.UNDO, HaltKind.STOP, True),
        (Source.STOP, HaltKind.STOP, True),
        (Source.STOP, None, True),
    ],
)
def test_observe_sends_nothing_by_rule_and_a_stop_all_the_same(
    source: Source, halt: HaltKind | None, sent: bool
) -> None:
    reason = told(replace(WISH, source=source), replace(OPEN, armed=False, halt=halt))
    assert reason == (None if sent else "observe mode: nothing is sent by a rule")


def test_a_person_may_send_where_the_machine_may_not() -> None:
    person = replace(WISH, source=Source.STOP, by_person=True)
    machine = replace(person, by_person=False)
    for around in (replace(OPEN, halt=HaltKind.FAULT), replace(OPEN, journal_ok=False),
                   replace(OPEN, rival="another acts here")):  # fmt: skip
        assert told(person, around) is None
        assert told(machine, around) is not None


@pytest.mark.parametrize(
    "around", [terminal(algo_allowed=False), replace(OPEN, reading=None), replace(OPEN, in_flight=frozenset({1}))]
)
def test_what_even_a_person_cannot_do_is_denied(around: Circumstances) -> None:
    assert told(replace(WISH, source=Source.STOP, by_person=True, uncapped=True), around) is not None


@pytest.mark.parametrize("halt", [HaltKind.RULE, HaltKind.STOP, None])
def test_other_halts_let_closes_pass(halt: HaltKind | None) -> None:
    assert told(WISH, replace(OPEN, halt=halt)) is None


# ------------------------------------------------------------------------------------------------ one at a time


def test_an_unsettled_request_blocks_its_own_position_only() -> None:
    assert told(WISH, replace(OPEN, in_flight=frozenset({2}))) is None


def test_on_netting_it_blocks_its_symbol() -> None:
    hedging = replace(OPEN, symbols_in_flight=frozenset({"EURUSD"}))
    assert told(WISH, hedging) is None
    netting: Snapshot = replace(HELD, account=replace(HELD.account, margin_mode=MarginMode.NETTING))
    busy = replace(hedging, reading=reading(netting))
    assert told(WISH, busy) == "an earlier request for it is not settled"
    assert told(replace(WISH, position=2), busy) is None


# ------------------------------------------------------------------------------------------------ worse, or too dear


def test_a_plan_that_worsens_is_denied_to_a_rule_and_to_no_one_else() -> None:
    around = replace(OPEN, worsens="margin would rise")
    assert told(replace(WISH, source=Source.STOP), around) is None
    assert told(replace(WISH, source=Source.UNDO), around) is None
    assert told(replace(WISH, uncapped=True), around) == "margin would rise"


@pytest.mark.parametrize(("wide", "waits"), [(5.0, False), (5.01, True), (50.0, True)])
def test_a_soft_rule_waits_while_the_spread_is_wide_and_a_hard_one_does_not(wide: float, waits: bool) -> None:
    around = replace(OPEN, spreads={"EURUSD": wide})
    assert told(WISH, around) is None
    reason = told(replace(WISH, hard=False), around)
    assert reason == (f"the spread is {wide:.1f} times its median; a soft rule waits" if waits else None)
    assert told(replace(WISH, hard=False, source=Source.STOP), around) is None
    assert told(replace(WISH, hard=False, position=2), around) is None


# ------------------------------------------------------------------------------------------------ the caps


def sends(count: int, *, age_ms: int, of: int = 1, lots: float = 0.0) -> tuple[Sent, ...]:
    return tuple(Sent(NOW_MS - age_ms, of, lots) for _ in range(count))


@pytest.mark.parametrize(
    ("sent", "denied"),
    [
        (sends(4, age_ms=0), False),
        (sends(5, age_ms=0), True),
        (sends(5, age_ms=59_999), True),
        (sends(5, age_ms=60_000), False),
        (sends(9, age_ms=0, of=2), False),
        ((*sends(1, age_ms=60_000), *sends(4, age_ms=1)), False),
        ((Sent(NOW_MS, 2, 0.0, by=1), *sends(4, age_ms=1)), True),
        ((Sent(NOW_MS, 2, 0.0, by=3), *sends(4, age_ms=1)), False),
    ],
)
def test_five_sends_a_minute_for_one_position_are_all_there_are(sent: tuple[Sent, ...], denied: bool) -> None:
    expected = Denial(reason="more than 5 sends for one position in a minute", do=INSANE, fault=True)
    found = admit(WISH, replace(OPEN, sent=sent))
    assert found == (expected if denied else HELD.positions[0])


@pytest.mark.parametrize(
    ("sent", "denied"),
    [
        (sends(47, age_ms=61_000), False),
        (sends(48, age_ms=61_000), True),
        (sends(48, age_ms=3_599_999), True),
        (sends(48, age_ms=3_600_000), False),
        (sends(48, age_ms=61_000, of=77), True),
    ],
)
def test_sends_an_hour_are_bounded_by_what_is_held(sent: tuple[Sent, ...], denied: bool) -> None:
    """Two positions: 4 x 2 + 40."""
    expected = Denial(reason="more than 48 sends in an hour", do=INSANE, fault=True)
    found = admit(WISH, replace(OPEN, sent=sent))
    assert found == (expected if denied else HELD.positions[0])


@pytest.mark.parametrize(
    ("at_reset", "opened", "closed", "denied"),
    [
        (1.0, 0.0, 0.5, False),
        (1.0, 0.0, 0.51, True),
        (0.5, 0.5, 0.5, False),
        (0.0, 0.5, 0.0, False),
        (0.0, 0.0, 0.0, True),
        (0.3, 0.0, 0.0, True),
    ],
)
def test_no_more_lots_are_closed_in_a_day_than_were_held_and_opened(
    at_reset: float, opened: float, closed: float, denied: bool
) -> None:
    sent = sends(1, age_ms=4_000_000, of=2, lots=closed)
    found = admit(WISH, replace(OPEN, sent=sent, lots_at_reset=at_reset, lots_opened=opened))
    assert isinstance(found, Denial) is denied
    if isinstance(found, Denial):
        assert found.fault
        assert found.reason == f"more lots closed in a day than were held and opened ({at_reset + opened:g})"


def test_yesterdays_lots_do_not_count_today() -> None:
    day = history().day
    sent = (Sent(day.start_ms - 1, 2, 9.0), Sent(day.start_ms, 2, 1.5))
    assert told(WISH, replace(OPEN, sent=sent)) is None
    today = (Sent(day.start_ms, 2, 9.0),)
    assert str(told(WISH, replace(OPEN, sent=today))).startswith("more lots closed in a day")


def test_float_noise_fills_no_cap() -> None:
    sent = tuple(Sent(NOW_MS - 4_000_000, 2, 0.1) for _ in range(2))
    held = reading(replace(HELD, positions=(position(lots=0.1), *HELD.positions[1:])))
    wish = replace(WISH, target=0)
    assert told(wish, replace(OPEN, reading=held, sent=sent, lots_at_reset=0.3)) is None


def test_what_is_held_bounds_the_emergency_stop_and_no_count_does() -> None:
    around = replace(OPEN, sent=sends(500, age_ms=0, lots=9.0), lots_at_reset=0.0)
    assert told(replace(WISH, uncapped=True), around) is None
    assert told(WISH, around) is not None
