"""Every metric there is, by name; a module of this package that declares METRICS is found by itself."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Iterator, Mapping
from functools import cached_property

import monitors
from monitors.measures import Metric
from monitors.model import Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


class _Metrics(Mapping[str, Metric]):
    """By name, sorted; looked for at the first question, so that modules which declare none may stand on this one."""

    @cached_property
    def _found(self) -> Mapping[str, Metric]:
        found: dict[str, Metric] = {}
        for module in pkgutil.iter_modules(monitors.__path__):
            if module.name != "metrics" and not module.ispkg:
                declared = getattr(importlib.import_module(f"monitors.{module.name}"), "METRICS", ())
                if declared is not self:  # which it is in a module that looks metrics up
                    found.update({metric.name: metric for metric in declared})
        return dict(sorted(found.items()))

    def __getitem__(self, name: str) -> Metric:
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)


METRICS = _Metrics()


def value(reading: Reading, rule: Rule) -> Value:
    """The rule's metric from this reading, rounded as it is compared; unknown while the balance is unexplained."""
    metric = METRICS[rule.metric]
    if metric.performance and reading.unexplained:
        return Unknown(reading.unexplained)
    return _compared(metric, metric.measure(reading, rule), reading.snapshot.account.digits)


def values(reading: Reading, rule: Rule) -> Mapping[int, Value] | None:
    """The rule's metric of each position it selects, by identifier and rounded; None where it judges the account."""
    metric, digits = METRICS[rule.metric], reading.snapshot.account.digits
    if metric.each is None:
        return None
    found = metric.each(reading, rule)
    return {i: _compared(metric, v, digits) for i, v in found.items()}


def _compared(metric: Metric, found: Value, digits: int) -> Value:
    """As it is compared; what is no number, however it came about, is unknown."""
    if not isinstance(found, float | int):
        return found
    return metric.rounded(found, digits) if math.isfinite(found) else Unknown(f"{metric.name} is no number")
