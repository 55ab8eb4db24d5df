"""Which of two actions does all that the other does; what cannot be compared is neither.

    alert < every other
    cancel_pendings < halt < emergency_stop       a halt cancels pendings too; a stop closes and stays stopped
    reduce, reduce_risk, diversify, decorrelate < close_all < emergency_stop

A halt closes nothing that was held and `close_all` forbids nothing new, so neither does all of the other.
"""

from __future__ import annotations

from monitors.responses.backstop import Backstop
from monitors.responses.base import Response
from monitors.responses.decorrelate import Decorrelate
from monitors.responses.diversify import Diversify
from monitors.responses.halt import Halt
from monitors.responses.reduce import Reduce
from monitors.responses.reduce_risk import ReduceRisk

ALERT = frozenset({"alert"})
REDUCING = frozenset({"reduce", "reduce_risk", "diversify", "decorrelate"})
BELOW = {
    "alert": frozenset[str](),
    "halt": ALERT | {"cancel_pendings"},
    "close_all": ALERT | REDUCING,
    "emergency_stop": ALERT | REDUCING | {"cancel_pendings", "halt", "close_all"},
}
"""Action to the others that it does all of; any that is not named is above an alert only."""


def as_strong(one: Response, other: Response, when: str) -> bool:
    """Whether `one` does at least what `other` does, on a rule that trips `when` its metric is "below" or "above".

    A `scope` of all accounts must not be lost, whatever the action.
    """
    if one == other:
        return True
    if getattr(other, "scope", "account") == "all" and getattr(one, "scope", "account") != "all":
        return False
    if one.name != other.name:
        return other.name in BELOW.get(one.name, ALERT)
    match one, other:
        case Reduce(), Reduce():
            return _reduces(one, other, when)
        case ReduceRisk(), ReduceRisk():
            return one.risk_pct <= other.risk_pct
        case Diversify(), Diversify():
            return one.order == other.order and one.symbol_pct <= other.symbol_pct
        case Decorrelate(), Decorrelate():
            return one.threshold <= other.threshold and one.factor <= other.factor
        case Halt(), Halt():
            return _lasts(one.until, other.until)
        case Backstop(within=float(mine)), Backstop(within=float(theirs)):
            return mine >= theirs if when == "below" else mine <= theirs
    return getattr(one, "scope", None) is not None


def _reduces(one: Reduce, other: Reduce, when: str) -> bool:
    """A larger share, or further back to the safe side; another order touches other positions and is no comparison."""
    most = one.max_positions is None or (other.max_positions is not None and one.max_positions >= other.max_positions)
    if not most or one.order != other.order:
        return False
    if one.percent is not None and other.percent is not None:
        return one.percent >= other.percent
    if one.until is not None and other.until is not None:
        return one.until >= other.until if when == "below" else one.until <= other.until
    return False


def _lasts(one: str | float, other: str | float) -> bool:
    """Until a person is longest; minutes and the rest of a day cannot be compared."""
    if one in ("reset", other):
        return True
    return not isinstance(one, str) and not isinstance(other, str) and one >= other
