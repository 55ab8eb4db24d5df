"""Worlds that begin at another moment than their own: the story on a Saturday, a scenario today."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from bridge.simulator import scenario, story
from bridge.simulator.clock import epoch_ms

SATURDAY = datetime(2026, 11, 21, 22, 10, tzinfo=UTC)  # midnight at the broker: gold has its break as well


def test_the_storys_market_is_open_on_a_saturday_when_it_begins_then() -> None:
    made = story.build(begin=SATURDAY, virtual=True)
    desk = made.exchange.desk()
    before = {name: line.utc_ms for name, line in desk.market.lines.items()}
    made.clock.wait_until(epoch_ms(SATURDAY) + 120_000)
    made.exchange.advance()
    assert all(line.utc_ms > before[name] for name, line in desk.market.lines.items())


def test_a_scenario_that_begins_elsewhere_takes_its_events_along(tmp_path: Path) -> None:
    file = tmp_path / "deposit.toml"
    event = '[[event]]\nat = 5.0\ndo = "deposit"\namount = 250.0\n'
    file.write_text(f'[scenario]\nstart = 2026-01-05T08:00:00Z\n[[symbol]]\nname = "EURUSD"\n{event}')
    loaded = scenario.load(file, SATURDAY)
    assert loaded.clock.utc() == SATURDAY
    loaded.clock.wait_until(epoch_ms(SATURDAY) + 4_000)
    loaded.exchange.advance()
    assert loaded.exchange.desk().account.balance == 10_000.0
    loaded.clock.wait_until(epoch_ms(SATURDAY) + 5_000)
    loaded.exchange.advance()
    assert loaded.exchange.desk().account.balance == 10_250.0
