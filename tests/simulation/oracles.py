"""The oracles, in the order in which they hear; one that others ask comes first."""

from __future__ import annotations

from tests.simulation.by_hand import ByHand
from tests.simulation.oracle_alerts import Alerts, Money
from tests.simulation.oracle_alive import Alive
from tests.simulation.oracle_audit import Audit
from tests.simulation.oracle_backstop import Stops
from tests.simulation.oracle_climb import Climbing
from tests.simulation.oracle_commitment import Committed
from tests.simulation.oracle_halts import Halts
from tests.simulation.oracle_missed import Missed
from tests.simulation.oracle_outcomes import Outcomes
from tests.simulation.oracle_plans import Pace, Plans
from tests.simulation.oracle_requests import Requests
from tests.simulation.oracle_sight import Seen

ORACLES = (
    ByHand,
    Halts,
    Committed,
    Seen,
    Requests,
    Outcomes,
    Plans,
    Pace,
    Alerts,
    Missed,
    Money,
    Alive,
    Audit,
    Climbing,
    Stops,
)
