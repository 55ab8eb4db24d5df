"""Promises 4 and 11: never more than planned, three plans an episode, a pace, caps, no spinning on a refusal."""

from __future__ import annotations

from app.events import Event
from monitors.ports import Command
from tests.simulation.broker import CLOSES, Arrival
from tests.simulation.by_hand import asked_by_hand
from tests.simulation.judge import Judge, Oracle
from tests.simulation.oracle_commitment import plain
from tests.simulation.oracle_halts import Halts

MOST_PLANS = 3
WAITS = {10018: 9.0, 10026: 0.9, 10027: 0.9, 10017: 0.9}
"""Seconds between two tries on a market or a permission that is shut."""


def halts_of(judge: Judge) -> Halts:
    """The oracle that knows what is halted."""
    return next(o for o in judge.oracles if isinstance(o, Halts))


class Plans(Oracle):
    """The plans as they were told: targets in steps, from the broker's book at that moment."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.targets: dict[int, dict[int, int]] = {}
        """Position to episode to the steps that are to be left."""
        self.plans: dict[int, int] = {}
        self._began: dict[int, tuple[float, dict[int, int]]] = {}
        """Episode to the share it closes and what each position held when it began."""
        self._rules: dict[int, str] = {}
        """Episode to the rule that planned it."""
        self._heard = 0
        """How many plans were told."""

    def started(self) -> None:
        """What a kill cut off between disk and telling is planned all the same; the audit log has it."""
        plans = [row for row in self.run.files.events() if row["event"] == "plan"]
        for told in plans[self._heard :]:
            self.believed(told)

    def believed(self, told: Event) -> None:
        if told["event"] == "alert" and told["state"] == "raised" and told["episode"] is not None:
            self._begin(told)
        elif told["event"] == "plan":
            self._heard += 1
            self._rules[told["episode"]] = plain(told["rule"])
            self._planned(told)
        elif told["event"] == "commitment" and told["change"] == "loosened" and told["to"] is None:
            self._dropped(told["rule"])
        elif told["event"] in ("reset", "halt"):
            halts = halts_of(self.run.judge)
            if (halts.was if told["event"] == "reset" else halts.kind) in ("stop", "fault"):
                self.targets.clear()

    def _dropped(self, rule: str) -> None:
        """Once a rule is gone its plans are."""
        for position in [*self.targets]:
            left = {e: steps for e, steps in self.targets[position].items() if self._rules[e] != rule}
            self.targets[position] = left
            if not left:
                del self.targets[position]

    def _begin(self, told: Event) -> None:
        rule = next((r for r in self.run.base["rule"] if r["name"] == plain(told["rule"])), None)
        level = next((lv for lv in rule["levels"] if lv["at"] == told["threshold"]), None) if rule else None
        if level and level.get("percent"):
            held = {p.identifier: p.steps for p in self.desk.book.positions.values()}
            self._began[told["episode"]] = level["percent"], held

    def _planned(self, told: Event) -> None:
        episode = told["episode"]
        if not self.run.config.armed:
            return
        self.plans[episode] = self.plans.get(episode, 0) + 1
        if self.plans[episode] > MOST_PLANS:
            self.breach(4, f"episode {episode} makes plan number {self.plans[episode]}")
        self._share(told)
        for close in told["closes"]:
            held = self.desk.book.by_identifier(close["position"])
            if held is None:
                continue
            steps = held.listing.steps(close["volume"])
            if steps is None or steps > held.steps:
                self.breach(
                    4, f"the plan closes {close['volume']} of position {close['position']}, which holds {held.lots}"
                )
            else:
                self.targets.setdefault(close["position"], {})[episode] = held.steps - steps

    def _share(self, told: Event) -> None:
        """A share of what was held when the episode began: rounded up, and never a share of what is left."""
        began = self._began.get(told["episode"])
        if began is None or self.desk.account.fifo_close:  # there the oldest give what all of a side are to give
            return
        percent, held = began
        for close in told["closes"]:
            now = self.desk.book.by_identifier(close["position"])
            if now is None or close["position"] not in held:
                continue
            listing, first = now.listing, held[close["position"]]
            steps = listing.steps(close["volume"]) or 0
            wanted, least = first * percent / 100, round(listing.volume_min / listing.volume_step)
            left = now.steps - steps
            if first - left < min(wanted, first) - 1e-6:
                self.breach(4, f"{percent:g} % of {first} steps are {wanted:g}, and {first - left} are closed")
            deep = first - left >= max(wanted, least) + 1 + 1e-6 if left else first - wanted >= 2 * least
            if deep:
                self.breach(4, f"{percent:g} % of {first} steps are {wanted:g}, and {first - left} are to be closed")

    def arrived(self, arrival: Arrival) -> None:
        if arrival.request["action"] not in CLOSES or arrival.held is None or arrival.durable is None:
            return
        for position, left in arrival.leaving.items():
            self._bounded(arrival, position, left)

    def _bounded(self, arrival: Arrival, position: int, left: int) -> None:
        """What it leaves of one position is no crumb and not less than was planned."""
        assert arrival.held is not None
        assert arrival.durable is not None
        listing = arrival.held.listing
        if left and listing.lots(left) < listing.volume_min - 1e-9:
            self.breach(4, f"request {arrival.number} would leave a crumb of {listing.lots(left)}")
        halts = halts_of(self.run.judge)
        if arrival.durable["episode"] is None:
            if halts.kind not in ("stop", "fault") and asked_by_hand(self.run.judge).closes(position, left):
                return
            if halts.kind == "rule" and left < self._kept(halts, arrival, position):
                self.breach(4, f"an undo takes position {position} below what was held at the halt")
            elif not halts.kind:
                self.breach(4, f"request {arrival.number} belongs to no plan, and nothing is halted")
            return
        if halts.kind in ("stop", "fault"):
            self.breach(6, f"request {arrival.number} is a rule's, under a {halts.kind}")
        held = left + (arrival.steps or 0)
        open_ = {e: t for e, t in self.targets.get(position, {}).items() if t < held}
        if not open_ or left < min(open_.values()):
            self.breach(4, f"request {arrival.number} leaves {left} steps of position {position}, planned: {open_}")
        if not self.run.config.armed:
            self.breach(4, f"request {arrival.number} is sent by a rule in observe mode")

    def _kept(self, halts: Halts, arrival: Arrival, position: int) -> int:
        """What an undo has to leave of a position; where the oldest goes first, what its side is to keep of it.

        There an order closes the least volume at least, though less was added.
        """
        held = arrival.held
        if held is None or not self.desk.account.fifo_close:
            return halts.baseline.get(position, 0)
        key = held.listing.name, held.side
        others = sum(p.steps for p in self.desk.book.positions.values() if (p.listing.name, p.side) == key) - held.steps
        least = round(held.listing.volume_min / held.listing.volume_step)
        return sum(steps for i, steps in halts.baseline.items() if halts.sides[i] == key) - others - (least - 1)

    def reconfigured(self) -> None:
        if not self.run.config.armed:
            self.targets.clear()


class Pace(Oracle):
    """How often and how fast requests come, by the world's clock."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self._sends: list[Arrival] = []
        self._machine_ms: dict[int, int] = {}
        """When each was sent by the machine's clock, by the object's identity."""
        self._hurried_ms = 0

    def clicked(self, command: Command, *, meant: bool) -> None:
        self._hurried_ms = self.run.world.utc_ms()

    def arrived(self, arrival: Arrival) -> None:
        if arrival.request["action"] not in CLOSES or arrival.durable is None:
            return
        now, before = arrival.at_ms, [a for a in self._sends if a.life == arrival.life]
        self._sends.append(arrival)
        self._machine_ms[id(arrival)] = self.run.clock.utc_ms()
        capped = [(a, self._age_ms(a, arrival)) for a in self._sends if a.durable and a.durable["capped"]]
        if arrival.durable["capped"]:
            if sum(age < 1000 for _, age in capped) > 5:
                self.breach(11, "more than five sends by rules in a second")
            for position in arrival.positions:
                if sum(age < 60_000 and position in a.positions for a, age in capped) > 5:
                    self.breach(11, f"more than five sends for position {position} in a minute")
            most = 4 * len(self.desk.book.positions) + 40
            if sum(age < 3_600_000 for _, age in capped) > most:
                self.breach(11, f"more than {most} sends in an hour")
        last = next((a for a in reversed(before) if a.position == arrival.position), None)
        if (
            last
            and last.retcode in WAITS
            and now - last.at_ms < 1000 * WAITS[last.retcode]
            and last.at_ms > self._hurried_ms
        ):
            self.breach(
                11, f"position {arrival.position} is tried again {(now - last.at_ms) / 1000:.1f} s after {last.retcode}"
            )
        lately = [a for a in before if a.position == arrival.position and a.at_ms > max(now - 8000, self._hurried_ms)]
        if sum(a.retcode in REFUSED for a in lately) > 4:
            self.breach(11, f"position {arrival.position} is tried again and again")

    def _age_ms(self, earlier: Arrival, now: Arrival) -> int:
        """How long before: of another process's send nothing but the machine's clock can tell it, which may be set."""
        age_ms = now.at_ms - earlier.at_ms
        if earlier.life == now.life:
            return age_ms
        return max(age_ms, self._machine_ms[id(now)] - self._machine_ms[id(earlier)])


REFUSED = {
    10004,
    10006,
    10007,
    10013,
    10014,
    10015,
    10016,
    10017,
    10018,
    10019,
    10020,
    10021,
    10024,
    10026,
    10027,
    10030,
}
