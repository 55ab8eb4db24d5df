"""All planted bugs by name, what a person might get wrong one day; where a guard masks one, that is off as well."""

from __future__ import annotations

from tests.simulation.mutants_memory import MEMORY
from tests.simulation.mutants_plans import PLANS
from tests.simulation.mutants_requests import REQUESTS
from tests.simulation.mutants_sight import SIGHT

MUTANTS = {**REQUESTS, **PLANS, **SIGHT, **MEMORY}
