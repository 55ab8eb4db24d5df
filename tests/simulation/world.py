"""A story's world: the exchange with its desk, and the two clocks, the world's own and the machine's."""

from __future__ import annotations

from datetime import UTC, datetime

from bridge.simulator import events
from bridge.simulator.account import HEDGING, NETTING, Account
from bridge.simulator.book import BUY, SELL, Deal, DealType, Order, Position
from bridge.simulator.clock import VirtualClock
from bridge.simulator.dealing import fill
from bridge.simulator.desk import Desk
from bridge.simulator.exchange import Exchange, new_desk
from bridge.simulator.listing import Listing
from bridge.simulator.opening import put
from bridge.simulator.triggers import close_at_market
from bridge.simulator.valuation import margin_rate
from monitors.kinds import DealReason
from monitors.zones import DAY_MS, zone
from tests.simulation.story import LOGIN, NAME, Story, Table

START = datetime(2026, 3, 2, 8, tzinfo=UTC)
START_MS = round(START.timestamp() * 1000)
LONG_AGO_MS = 30 * DAY_MS


class MachineClock:
    """The clock of the guarding machine: its UTC can be set, and its monotonic one may stand still in sleep."""

    def __init__(self, world: VirtualClock) -> None:
        self._world = world
        self.skew_ms = 0
        self.slept_s = 0.0

    def utc_ms(self) -> int:
        return self._world.utc_ms() + self.skew_ms

    def monotonic(self) -> float:
        return self._world.monotonic() - self.slept_s


def exchange_of(story: Story) -> tuple[Exchange, VirtualClock]:
    """The broker as it stands at the start, with everything of the broker's that will happen on its timeline."""
    clock = VirtualClock(START)
    desk = desk_of(story)
    for happening in story.happenings:
        if happening.kind in events.EXCHANGE_EVENTS:
            events.happen(desk, START_MS + round(happening.at_s * 1000), happening.kind, happening.facts)
    return Exchange(clock, [desk]), clock


def desk_of(story: Story) -> Desk:
    """The account with its prices, positions and pending orders, nothing having happened yet."""
    facts = dict(story.account)
    netting = facts.pop("netting")
    account = Account(login=LOGIN, margin_mode=NETTING if netting else HEDGING, **facts)
    listings = [Listing(**{k: v for k, v in table.items() if k not in ("bid", "ask")}) for table in story.symbols]
    desk = new_desk(NAME, account, listings, zone(story.zone), START_MS)
    for table in story.symbols:
        desk.quote(table["name"], table["bid"], table["ask"])
    for kind, amount in ((DealType.BALANCE, account.balance), (DealType.CREDIT, account.credit)):
        if amount:
            ticket = desk.book.next_ticket()
            desk.book.deals.append(Deal(ticket=ticket, utc_ms=START_MS - LONG_AGO_MS, kind=kind, profit=amount))
    for number, table in enumerate(story.positions):
        _hold(desk, table, START_MS - DAY_MS * story.held_days - 60_000 * (len(story.positions) - number))
    for table in story.pendings:
        _wait(desk, table)
    return desk


def reverse(desk: Desk, order: Order, identifier: int) -> None:
    """On netting, what no client can exclude: a stop closes the position first, and the close opens the opposite."""
    if position := desk.book.by_identifier(identifier):
        close_at_market(desk, position, DealReason.STOP_LOSS)
    fill(desk, order, desk.market.lines[order.listing.name].price(buy=order.kind == BUY))


def _hold(desk: Desk, table: Table, opened_ms: int) -> None:
    listing = desk.market.lines[table["symbol"]].listing
    side = BUY if table["side"] == "buy" else SELL
    put(desk, Position(
        identifier=table["id"], ticket=table["id"], listing=listing, side=side,
        steps=listing.steps(table["volume"]) or 0, price_open=table["open"], opened_ms=opened_ms, updated_ms=opened_ms,
        margin_rate=margin_rate(desk.market, desk.account, listing, buy=side == BUY, price=table["open"]),
        sl=table.get("stop", 0.0), magic=table.get("magic", 0),
    ))  # fmt: skip


def _wait(desk: Desk, table: Table) -> None:
    listing = desk.market.lines[table["symbol"]].listing
    steps = listing.steps(table["volume"]) or 0
    desk.book.reserve(table["id"])
    desk.book.pendings[table["id"]] = Order(
        ticket=table["id"], listing=listing, kind=table["kind"], steps=steps, steps_left=steps, placed_ms=START_MS,
        price=table["price"],
    )  # fmt: skip
