"""What a person asks of a position in a story, and the oracle that knows what was asked."""

from __future__ import annotations

from bridge.simulator.desk import Desk
from monitors.ports import ClosePart, Command, TightenStop
from tests.simulation.judge import Judge, Oracle
from tests.simulation.story import Table

LASTS_S = 60.0


def by_hand(desk: Desk, account: str, facts: Table) -> Command | None:
    """The command, from what the broker holds at that moment; None where the position is gone."""
    held = desk.book.by_identifier(facts["position"])
    if held is None:
        return None
    listing = held.listing
    if facts["what"] == "close_part":
        least = round(listing.volume_min / listing.volume_step)
        closing = min(held.steps, max(least, round(held.steps * facts["share"])))
        left = listing.lots(held.steps - closing)
        return ClosePart(account=account, position=held.identifier, held=held.lots, left=left)
    price = desk.market.lines[listing.name].price(buy=held.sign < 0)
    return TightenStop(
        account=account, position=held.identifier, stop=round(price * (1 - held.sign * facts["away"]), listing.digits)
    )


def asked_by_hand(judge: Judge) -> ByHand:
    """The oracle that knows what a person asked for."""
    return next(o for o in judge.oracles if isinstance(o, ByHand))


class ByHand(Oracle):
    """What a person asked for in this life of the program, and has not been given up."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._closes: dict[int, tuple[int, float]] = {}
        self._stops: dict[int, tuple[float, float]] = {}

    def clicking(self, command: Command) -> None:
        """Noted before it is obeyed: what goes out meanwhile was asked for."""
        until_s = self.run.clock.monotonic() + LASTS_S
        if isinstance(command, ClosePart):
            held = self.desk.book.by_identifier(command.position)
            if held is not None:
                self._closes[command.position] = held.listing.steps(command.left) or 0, until_s
        elif isinstance(command, TightenStop):
            self._stops[command.position] = command.stop, until_s

    def started(self) -> None:
        self._closes.clear()
        self._stops.clear()

    def closes(self, position: int, left: int) -> bool:
        """Whether a person asked that no more than so much is left."""
        found = self._closes.get(position)
        return found is not None and left >= found[0] and self.run.clock.monotonic() < found[1]

    def stops(self, position: int, stop: float) -> bool:
        """Whether a person asked for that stop."""
        found = self._stops.get(position)
        return found is not None and abs(found[0] - stop) < 1e-9 and self.run.clock.monotonic() < found[1]
