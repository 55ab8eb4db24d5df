"""What is due is done: an episode becomes targets, a halt or a stop, and what is wished goes to the executor."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app import planner
from app.cancels import Canceller
from app.ladder import Acting
from app.memory import Target
from app.stopping.flattening import CLOSING
from app.targets import line
from monitors.days import Calendar
from monitors.gate import Circumstances, Source, Wish, unwise, waits_for_spread
from monitors.projection import worsens
from monitors.reading import Reading

if TYPE_CHECKING:
    from app.guard import Guard


class Deeds:
    """Of one guard, whose parts it uses; beside the cancelling of orders it keeps no state."""

    def __init__(self, guard: Guard) -> None:
        self._guard = guard
        self._canceller = Canceller(guard.terminal, guard.shared.clock, guard.shared.tell, guard.settings.name)

    def plan(self, acting: Acting, reading: Reading) -> bool:
        """Plan one episode; True where other accounts are to follow."""
        guard, episode = self._guard, acting.episode
        drawn = planner.draw(acting, reading, guard.settings.name)
        guard.executor.last_said = drawn.plan.note or guard.executor.last_said
        if drawn.empty:
            return False
        if episode.plans >= planner.PLANS:
            episode.spent = True
            guard.shared.alerts.escalate(episode.alert)
            return False
        if drawn.told:
            guard.shared.tell(drawn.told)
        if not guard.acts:
            episode.shown = True
            guard.executor.run(drawn.wishes(), self._circumstances(reading))
            return False
        episode.plans += 1
        episode.spent |= drawn.once_for_all
        guard.ladder.planned(acting)
        self.carry_out(drawn, reading)
        return drawn.far_reaching

    def carry_out(self, drawn: planner.Drawn, reading: Reading) -> None:
        """Halt or stop where the plan says so, and take over its targets unless they would leave a worse book."""
        guard = self._guard
        plan, rule = drawn.plan, drawn.acting.rule
        reason = f"{rule.name} {rule.when} {drawn.acting.level.at:g}"
        if plan.stop:
            guard.halting.stop(reason, reading.snapshot, by_person=False)
            return
        if plan.halt is not None:
            seen = guard.now.sighting
            next_day_ms = Calendar(guard.day, reading.snapshot.broker_zone).next_day_ms(seen.moment_ms)
            guard.halting.by_rule(reason, plan.halt, reading.snapshot, now_ms=seen.latest_ms, next_day_ms=next_day_ms)
        elif plan.cancel_pendings:
            guard.keeper.memory.cancels |= {o.ticket for o in reading.snapshot.orders if rule.selects(o)}
        worse = worsens(plan.targets, reading)
        if worse:
            guard.executor.turn_down(drawn.wishes(), unwise(worse))
        else:
            planner.adopt(drawn, guard.keeper.memory)

    def execute(self, reading: Reading) -> None:
        """Wishes of a halt first, then those of the plans; the executor and its gate do the rest."""
        guard = self._guard
        if guard.stop.closing:
            guard.executor.last_said = CLOSING
            return
        halt = guard.halting.halt
        if guard.rivals.reason and not (halt and halt.by_person):
            return
        snapshot, targets, armed = reading.snapshot, guard.keeper.memory.targets, guard.acts
        wishes = guard.halting.wishes(snapshot, armed=armed)
        self._canceller.run(snapshot, guard.halting.pendings(snapshot, armed=armed))
        covered = {wish.position for wish in wishes}
        held = {p.identifier: p for p in snapshot.positions if p.identifier not in covered} if targets else {}
        wide = guard.spreads.times(snapshot) if targets else {}
        for p in [p for p in targets if p in held]:
            aim = _sendable(targets[p], wide.get(held[p].symbol, 1.0))
            if held[p].steps > aim.steps:
                wishes.append(Wish(position=p, target=aim.steps, source=Source.RULE, episode=aim.episode,
                                   hard=aim.hard, uncapped=aim.uncapped))  # fmt: skip
        asked = guard.by_hand.wishes(reading, guard)
        deeper = {w.position: w.target for w in asked}
        wishes = [w for w in wishes if deeper.get(w.position, w.target) >= w.target]
        wishes += [w for w in asked if w.position not in {one.position for one in wishes}]
        if wishes:
            guard.executor.run(wishes, self._circumstances(reading))

    def _circumstances(self, reading: Reading) -> Circumstances:
        guard, memory = self._guard, self._guard.keeper.memory
        ledger, targets = memory.ledger, {p: t.steps for p, t in memory.targets.items()}
        return Circumstances(
            armed=guard.config.armed, halt=memory.halt.kind if memory.halt else None, reading=reading,
            now_ms=guard.shared.clock.utc_ms(), sent=guard.executor.sent_lately(),
            lots_at_reset=ledger.lots_at_reset if ledger else 0.0, lots_opened=ledger.opened_lots if ledger else 0.0,
            worsens=worsens(targets, reading), spreads=guard.spreads.times(reading.snapshot),
            rival=guard.rivals.reason, age_s=guard.now.unseen_s,
            guarded=(guard.keeper.server, guard.keeper.login) if guard.keeper.login else None,
        )  # fmt: skip


def _sendable(target: Target, wide: float) -> Target:
    """The deepest that does not wait for the spread, so many times its median: a hard rule's behind a soft one's."""
    return next((one for one in line(target) if not waits_for_spread(wide, hard=one.hard)), target)
