"""A terminal read and written through a module with MetaTrader5's face, whichever module that is."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, NoReturn

from bridge import decode
from bridge.brokerclock import check
from bridge.pairs import Pairs
from bridge.port import MINUTES, Awaited, CloseOrder, ProtectOrder, Receipt, Records, TerminalError
from bridge.prices import Prices
from bridge.specs import Specs
from monitors.kinds import Side
from monitors.model import Bars, Conversion, Deal, Instrument, Position, Quote, Snapshot
from monitors.outcomes import meaning
from monitors.ports import Clock
from monitors.zones import DAY_MS, zone

TRADE_ACTION_DEAL, TRADE_ACTION_SLTP, TRADE_ACTION_REMOVE, TRADE_ACTION_CLOSE_BY = 1, 6, 8, 10
DEVIATION_POINTS = 100
TIMEFRAMES = dict(zip(MINUTES, (1, 5, 15, 30, 16385, 16388), strict=True))
"""The package's TIMEFRAME_ constants by minutes; from an hour on they count hours beyond 16384."""
MOVING_S = 60.0
"""A tick that comes within so long of the one before is one of a market that moves."""
IPC_LOST = -10000
"""The package's codes from here down say that the pipe is gone."""
NOISE = 1e-9
"""Float noise of volumes and prices; no broker's step is as small."""
BAD_ARGUMENTS = -2
"""last_error of a request that never left; used for one that this side holds back."""


class Session:
    """The port on a module with the package's face; calls block for as long as the terminal does.

    `ready` runs before every exchange with the terminal, `connect` only to open the connection; both may raise
    TerminalError. None from the module is an error, never "nothing". `display` is a currency whose pair is read too.
    """

    def __init__(self, mt5: Any, clock: Clock, broker_zone: str, ready: Callable[[], None] = lambda: None,
                 world: str = "", *, connect: Callable[[], bool] | None = None, display: str = "") -> None:  # fmt: skip
        self._mt5 = mt5
        self._connect = connect or mt5.initialize
        self._clock = clock
        self._zone = broker_zone
        self._time = zone(broker_zone)
        self._ready = ready
        self._world = world
        self._specs = Specs(mt5, clock)
        self._pairs = Pairs(mt5, clock)
        self.prices = Prices(mt5, self._time, self._asked)
        self._display = display
        self._closing = False
        self._attached = False
        self._looked_at: tuple[int, str] | None = None
        self._decoded: dict[int, tuple[Any, Deal]] = {}
        """The last answer's deals by ticket, each with the row that it came from: most come again with every look."""
        self._newest = (0, 0.0)
        """The newest tick on the broker's wall, and the monotonic second at which it was first seen."""

    def for_closing(self) -> None:
        """From now on look at what a close needs only: at no tick, which can block, and at no symbol not held."""
        self.prices.warm = frozenset()
        self._closing = True

    def look(self, deals_since_ms: int) -> Snapshot:
        """See the port. Login and server are read before and after, so that a switch in between is noticed."""
        self._attach()
        before = decode.account(self._asked("account_info"))
        state = decode.terminal(self._asked("terminal_info"))
        positions = self._positions()
        waiting = self._asked("orders_get")
        orders = tuple(decode.pending(row) for row in waiting if not decode.is_close(row))
        held = frozenset(p.symbol for p in positions)
        specs = self._specs.instruments(held)
        conversions = self._conversions(before.currency, specs)
        pairs = frozenset(pair.symbol for pair in conversions.values())
        ordered = frozenset() if self._closing else frozenset(order.symbol for order in orders)
        specs |= self._specs.known((pairs | ordered) - held)
        quotes, ticks = self.prices.read(held, pairs & specs.keys(), ordered & specs.keys())
        deals = self._deals(deals_since_ms)
        after = decode.account(self._asked("account_info"))
        if (before.login, before.server) != (after.login, after.server):
            raise TerminalError(f"the account changed while it was read: {before.login} to {after.login}")
        self._looked_at = after.login, after.server
        return Snapshot(
            taken_ms=self._clock.utc_ms(),
            account=after,
            terminal=state,
            positions=positions,
            orders=orders,
            closing=decode.closing(waiting, positions),
            deals=deals,
            quotes=quotes,
            ticks=ticks,
            instruments=specs,
            rates={s: self._specs.rates(s, quotes[s]) for s in sorted(held | ordered) if s in quotes},
            conversions=conversions,
            broker_zone=self._zone,
            crossed=self.prices.crossed,
            world=self._world,
            clock_doubt=self._clock_doubt([quotes[symbol] for symbol in held]),
        )

    def whose(self) -> tuple[int, str]:
        """Login and server of the account that is logged in now."""
        self._attach()
        account = self._asked("account_info")
        return account.login, account.server

    def expect(self, login: int, server: str) -> None:
        """From now on only this account is sent anything, as if it had been looked at."""
        self._looked_at = login, server

    def warm_up(self, symbol: str) -> None:
        """See Prices."""
        self._attach()
        self.prices.warm_up(symbol)

    def records(self, deals_since_ms: int) -> Records:
        """See the port."""
        self._attach()
        return Records(positions=self._positions(), deals=self._deals(deals_since_ms))

    def bars(self, symbol: str, minutes: int, since_ms: int, until_ms: int) -> Bars:
        """See the port; the package knows whole seconds of the broker's wall only."""
        if minutes not in TIMEFRAMES:
            raise ValueError(f"there are no bars of {minutes} minutes")
        self._attach()
        first, last = (max(1, self._time.to_wall_ms(ms) // 1000) for ms in (since_ms + 999, until_ms))
        rows = self._asked("copy_rates_range", symbol, TIMEFRAMES[minutes], first, last)
        return decode.bars(rows, self._time)

    def send(self, order: CloseOrder) -> Receipt:
        """See the port; an accepted close comes with what the broker shows of it."""
        return self._proven(order, self.ask(order))

    def ask(self, order: CloseOrder) -> Receipt:
        """The bare answer. The position and the price are those shown at this moment; never more than is still held."""
        self._attach()
        held_back = self._stranger() or self._gone(order.ticket, order.side.opposite, order.held)
        held_back = held_back or (self._gone(order.by, order.side, order.by_held) if order.by else None)
        if held_back:
            return held_back
        if order.by:
            return self._answered(self._mt5.order_send({
                "action": TRADE_ACTION_CLOSE_BY, "position": order.ticket, "position_by": order.by,
                "magic": order.magic, "comment": order.comment,
            }))  # fmt: skip
        tick = self._asked("symbol_info_tick", order.symbol)
        request = {
            "action": TRADE_ACTION_DEAL,
            "position": order.ticket,
            "symbol": order.symbol,
            "volume": float(order.lots),
            "type": 1 if order.side is Side.SELL else 0,
            "price": float(tick.bid if order.side is Side.SELL else tick.ask),
            "deviation": DEVIATION_POINTS,
            "type_filling": order.filling,
            "type_time": 0,
            "magic": order.magic,
            "comment": order.comment,
        }
        return self._answered(self._mt5.order_send(request))

    def cancel(self, ticket: int) -> Receipt:
        """See the port."""
        self._attach()
        stranger = self._stranger()
        if stranger:
            return stranger
        return self._answered(self._mt5.order_send({"action": TRADE_ACTION_REMOVE, "order": ticket}))

    def protect(self, order: ProtectOrder) -> Receipt:
        """See the port. Stop and target always go together: what a request leaves out, MetaTrader 5 removes."""
        self._attach()
        held_back = self._stranger() or self._unlike(order)
        if held_back:
            return held_back
        request = {
            "action": TRADE_ACTION_SLTP,
            "position": order.ticket,
            "symbol": order.symbol,
            "sl": float(order.stop),
            "tp": float(order.target),
        }
        return self._answered(self._mt5.order_send(request))

    def receipt(self, awaited: Awaited) -> Receipt | None:  # noqa: ARG002 -- the port's signature
        """See the port; here every request is answered at once."""
        return None

    def hang_up(self) -> None:
        """See the port."""
        self._mt5.shutdown()
        self._attached = False

    def _proven(self, order: CloseOrder, receipt: Receipt) -> Receipt:
        """The receipt of an accepted close with what the broker shows of it now, where that can be had.

        Asked for by position and by order: no clock narrows it, and it stays small however much was traded that day.
        An answer without an order leaves open which deals are its own; the next look tells.
        """
        if not (meaning(receipt.retcode).accepted and receipt.order):
            return receipt
        try:
            held = self._asked("positions_get", symbol=order.symbol)  # first: what is held less has its deal below
            positions = self._held([row for row in held if row.identifier in order.identifiers])
            rows = [row for one in order.identifiers for row in self._asked("history_deals_get", position=one)]
            rows += self._asked("history_deals_get", ticket=receipt.order)
            deals = {row.ticket: decode.deal(row, self._time) for row in rows}
        except Exception:  # noqa: BLE001 -- the order is out; whatever fails now must not hide its answer
            return receipt
        return replace(receipt, records=Records(positions=positions, deals=tuple(deals.values())))

    def _stranger(self) -> Receipt | None:
        """A refusal where another account is logged in than the one last looked at; nothing is sent then."""
        account = self._asked("account_info")
        if self._looked_at in (None, (account.login, account.server)):
            return None
        return Receipt(retcode=None, error=BAD_ARGUMENTS, text=f"another account is logged in now: {account.login}")

    def _gone(self, ticket: int, side: Side, lots: float) -> Receipt | None:
        """A refusal where the position is another than the one decided on: someone closed or enlarged it meanwhile."""
        rows = self._asked("positions_get", ticket=ticket)
        kind = 1 if side is Side.SELL else 0
        if any(row.type == kind and abs(row.volume - lots) < NOISE for row in rows):
            return None
        return Receipt(retcode=None, error=BAD_ARGUMENTS, text="the position has changed since")

    def _unlike(self, order: ProtectOrder) -> Receipt | None:
        """A refusal where the position's volume, stop or target are not those decided on, or the stop is no nearer."""
        rows = self._asked("positions_get", ticket=order.ticket)
        side, decided = 0 if order.side is Side.BUY else 1, (order.held, order.before, order.target)
        same = any(
            row.type == side
            and all(abs(a - b) < NOISE for a, b in zip((row.volume, row.sl, row.tp), decided, strict=True))
            for row in rows
        )
        if same and order.tightens:
            return None
        why = "the position has changed since" if order.tightens else "the stop would not be nearer"
        return Receipt(retcode=None, error=BAD_ARGUMENTS, text=why)

    def _attach(self) -> None:
        self._ready()
        if not self._attached:
            if not self._connect():
                self._fail("the terminal does not answer")
            self._attached = True

    def _asked(self, function: str, *given: Any, **named: Any) -> Any:
        found = getattr(self._mt5, function)(*given, **named)
        if found is None:
            self._fail(f"no answer to {function}")
        return found

    def _fail(self, what: str) -> NoReturn:
        code, text = self._mt5.last_error()
        self._attached &= code > IPC_LOST
        raise TerminalError(f"{what}: {text} ({code})")

    def _answered(self, result: Any) -> Receipt:
        if result is None:
            code, text = self._mt5.last_error()
            self._attached &= code > IPC_LOST
            return Receipt(retcode=None, error=code, text=text)
        return Receipt(retcode=result.retcode, order=result.order, text=decode.plain(result.comment))

    def _conversions(self, account: str, held: Mapping[str, Instrument]) -> dict[str, Conversion]:
        """The pairs of the currencies that what is held is paid in, and of the display."""
        if self._closing:
            return {}
        paid = {spec.currency_profit for spec in held.values()}
        return self._pairs.conversions(account, paid | {self._display}, held)

    def _positions(self) -> tuple[Position, ...]:
        return self._held(self._asked("positions_get"))

    def _held(self, rows: Sequence[Any]) -> tuple[Position, ...]:
        specs = self._specs.instruments({row.symbol for row in rows})
        return tuple(decode.position(row, specs[row.symbol], self._time) for row in rows)

    def _deals(self, since_ms: int) -> tuple[Deal, ...]:
        first = max(1, self._time.to_wall_ms(since_ms) // 1000)
        last = self._time.to_wall_ms(self._clock.utc_ms() + DAY_MS) // 1000
        rows = self._asked("history_deals_get", first, last)
        deals = tuple(known[1] if (known := self._decoded.get(row.ticket)) and known[0] == row
                      else decode.deal(row, self._time) for row in rows)  # fmt: skip
        self._decoded = {deal.ticket: (row, deal) for row, deal in zip(rows, deals, strict=True)}
        return deals

    def _clock_doubt(self, quotes: list[Quote]) -> str:
        """Why the newest tick of what is held contradicts the broker's clock; empty where it does not."""
        if not quotes:
            return ""
        newest = self._time.to_wall_ms(max(quote.time_ms for quote in quotes))
        before, seen_s = self._newest
        now_s = self._clock.monotonic()
        came = newest > before
        if came:
            self._newest = newest, now_s
        moving = came and before > 0 and now_s - seen_s < MOVING_S
        return (check(self._zone, newest, self._clock.utc_ms(), moving=moving) or "") if newest else ""
