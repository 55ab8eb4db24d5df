"""From a seed to a story: the world, its rules, the fall, and the faults of which the seed left half switched on."""

from __future__ import annotations

from dataclasses import replace
from random import Random

from bridge.simulator.valuation import figures
from tests.simulation import draw_faults, draw_rules, draw_world
from tests.simulation.draw_prices import path
from tests.simulation.draw_rules import Outlook
from tests.simulation.story import Happening, Story
from tests.simulation.world import desk_of

TAIL_S = 160.0
BY_HAND_FROM = 1_000_000
"""From this seed on a person asks something of positions too; the stories of the seeds before stay what they were."""


def draw(seed: int) -> Story:
    """The same seed is the same story, in every process and on every machine."""
    rng = Random(seed)  # noqa: S311 -- no secret: a seed is to be repeatable
    more = Random(f"more of {seed}")  # noqa: S311 -- likewise; apart, so that what is drawn first stays what it was
    account = draw_world.account(rng)
    listed = draw_world.with_modes(more, draw_world.symbols(rng))
    calm_s = float(rng.choice((45, 60, 90)))
    story = Story(
        seed=seed, account=account, zone=rng.choice(("UTC", "UTC", "new-york-close")), symbols=listed,
        positions=draw_world.positions(rng, listed, netting=account["netting"]),
        pendings=draw_world.pendings(rng, listed), rules=(), armed=rng.random() < 0.92,
        lag_ms=rng.choice((None, None, 300, 1500)), calm_s=calm_s, length_s=calm_s + TAIL_S,
        escalate_s=more.choice((300.0, 20.0, 45.0)), escalate_times=more.choice((1, 2, 3)), happenings=(),
    )  # fmt: skip
    story = draw_world.oldest_first(more, story)
    story = replace(story, account=draw_world.with_balance(rng, story))
    desk = desk_of(story)
    state = figures(desk.market, desk.account, desk.book)
    ahead = Outlook(level=state.level, equity=state.equity, depth=rng.uniform(0.25, 0.95), digits=desk.account.digits)
    story = replace(story, rules=draw_rules.with_backstop(more, draw_rules.rules(rng, ahead), ahead))
    happenings: list[Happening] = path(rng, story, ahead) + draw_faults.faults(rng, story)
    happenings = draw_world.one_sided(story, happenings) + draw_faults.commitments(more, story)
    if seed >= BY_HAND_FROM:
        happenings += draw_faults.asked(Random(f"asked of {seed}"), story)  # noqa: S311 -- likewise
    held_days = Random(f"held of {seed}").choice((0, 0, 10))  # noqa: S311 -- likewise
    return replace(story, happenings=tuple(sorted(happenings, key=lambda h: h.at_s)), held_days=held_days)
