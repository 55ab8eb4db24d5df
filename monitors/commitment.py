"""Which limits a changed config would loosen, and what is in force until they may: the stricter of both, by level.

A clause is one level of a rule together with what its rule says of it. Of two clauses one is *as strict* as the other
where it trips on all that the other trips on, no later, and does all that the other does. A change loosens where some
clause finds no clause of its own in the new config that is as strict; names play no part, so that a rule may be renamed
or split. What cannot be compared counts as loosened. Decided key by key:

- `metric`, `when`, `base`, `of`, `window_s` and the floors of a firm's plan: another one is another limit.
- `at`: earlier is stricter. `confirm`, `confirm_s`, `rearm`: less is stricter, and the default stays the default.
- An action that takes the place of an alert may wait for the two readings of every action.
- Of one rule's levels that trip in one beat only the severest acts. So a later level that acts and does not do all that
  an earlier one does takes that one's place in a gap: such a level, added or made weaker, loosens the earlier one.
- `hard`: true is stricter. `severity`: higher is stricter. `symbols`, `magics`: what selects more is stricter.
- actions: see `responses/strength.py`. Words (`name`, `why`, `do`) are no limits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from operator import eq

from monitors.responses.strength import as_strong
from monitors.rules import ACTING, confirmations
from monitors.settings import Level, Rule

KIND = ("metric", "when", "base", "of", "window_s", "floors")


@dataclass(frozen=True, slots=True)
class Clause:
    """One level of one rule."""

    rule: Rule
    level: Level

    @property
    def content(self) -> tuple[Rule, Level]:
        """What it says, whatever its rule is called and whomever else it covers."""
        return replace(self.rule, name="", why="", do="", levels=(), accounts=("*",)), self.level

    @property
    def rivals(self) -> tuple[Level, ...]:
        """Later levels of its rule that act in its place in a gap, and do less or something else."""
        if not self.level.response.acts:
            return ()
        later = self.rule.levels[self.rule.levels.index(self.level) + 1 :]
        return tuple(x for x in later if x.response.acts
                     and not as_strong(x.response, self.level.response, self.rule.when))  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What is in force: every clause of `held` and `fresh`."""

    held: tuple[Clause, ...]
    """Clauses in force before for which the new config has nothing as strict."""
    fresh: tuple[Clause, ...]
    """Clauses of the new config, but for those that a held one makes needless."""
    tighter: tuple[Clause, ...]
    """Those of `fresh` that were not in force before as they are, but for those that a held one is as strict as."""


def clauses(rules: Sequence[Rule]) -> tuple[Clause, ...]:
    """Every level of every rule."""
    return tuple(Clause(rule, level) for rule in rules for level in rule.levels)


def merge(before: Sequence[Clause], wanted: Sequence[Clause]) -> Merged:
    """The stricter of what was in force and of what is wanted.

    Each clause before needs one of its own that is as strict: two cuts by half are not one.
    """
    pairs = _paired(before, wanted)
    held = [clause for i, clause in enumerate(before) if i not in pairs]
    spare = [j for j in range(len(wanted)) if j not in pairs.values()]
    weaker = frozenset(spare[i] for i in _paired([wanted[j] for j in spare], held))
    needless = {*weaker}
    while back := {j for j in needless if _needed(wanted[j], wanted, needless)}:
        needless -= back
    fresh = [(j, clause) for j, clause in enumerate(wanted) if j not in needless]
    same = {j for i, j in pairs.items() if before[i].content == wanted[j].content}
    return Merged(held=tuple(held), fresh=tuple(clause for _, clause in fresh),
                  tighter=tuple(clause for j, clause in fresh if j not in same | weaker))  # fmt: skip


def as_strict(one: Clause, other: Clause) -> bool:
    """Whether `one` trips whenever `other` does, no later, and does all that it does."""
    mine, theirs = one.rule, other.rule
    return (
        all(getattr(mine, key) == getattr(theirs, key) for key in KIND)
        and _no_later(one.level, other.level, mine.when)
        and one.level.severity.rank >= other.level.severity.rank
        and confirmations(mine, one.level) <= _patience(one, other)
        and mine.confirm_s <= theirs.confirm_s
        and mine.rearm <= theirs.rearm
        and mine.hard >= theirs.hard
        and ("*" in mine.symbols or set(mine.symbols) >= set(theirs.symbols))
        and (not mine.magics or (bool(theirs.magics) and set(mine.magics) >= set(theirs.magics)))
        and as_strong(one.level.response, other.level.response, mine.when)
        and all(any(_spares(x, known, mine.when) for known in other.rivals) for x in one.rivals)
    )


def _same_content(one: Clause, other: Clause) -> bool:
    return one.content == other.content


def _no_later(one: Level, other: Level, when: str) -> bool:
    return one.at >= other.at if when == "below" else one.at <= other.at


def _patience(one: Clause, other: Clause) -> int:
    """How many readings `one` may wait for; an alert that became an action, for as many as any action does."""
    theirs, action = confirmations(other.rule, other.level), one.level.response.acts
    return max(theirs, ACTING) if action and not other.level.response.acts else theirs


def _spares(rival: Level, known: Level, when: str) -> bool:
    """Whether a rival takes the place of its earlier level no sooner than one known before, and does as much."""
    return _no_later(known, rival, when) and as_strong(rival.response, known.response, when)


def _needed(clause: Clause, wanted: Sequence[Clause], needless: set[int]) -> bool:
    """Whether it is the rival of a clause that stays: without it that one would be stricter than it is wanted."""
    return any(c.rule is clause.rule and clause.level in c.rivals for j, c in enumerate(wanted) if j not in needless)


def _paired(weak: Sequence[Clause], strong: Sequence[Clause]) -> dict[int, int]:
    """As many of `weak` as can be, each with one of `strong` of its own that is as strict.

    First itself, then one that says the same: which of two alike is needless must not change from merge to merge.
    """
    fits = [[j for j, one in enumerate(strong) if as_strict(one, clause)] for clause in weak]
    taken: dict[int, int] = {}
    for alike in (eq, _same_content):
        for i in [i for i in range(len(weak)) if i not in taken.values()]:
            twin = next((j for j in fits[i] if j not in taken and alike(strong[j], weak[i])), None)
            if twin is not None:
                taken[twin] = i

    def place(i: int, seen: set[int]) -> bool:
        for j in fits[i]:
            if j not in seen:
                seen.add(j)
                if j not in taken or place(taken[j], seen):
                    taken[j] = i
                    return True
        return False

    for i in range(len(weak)):
        if i not in taken.values():
            place(i, set())
    return {i: j for j, i in taken.items()}
