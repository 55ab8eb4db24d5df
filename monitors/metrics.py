"""Every metric there is, by name; a module of this package that declares METRICS is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

import monitors
from monitors.measures import Metric
from monitors.model import Unknown, Value
from monitors.reading import Reading
from monitors.settings import Rule


def _all() -> dict[str, Metric]:
    found: dict[str, Metric] = {}
    for module in pkgutil.iter_modules(monitors.__path__):
        if module.name != "metrics" and not module.ispkg:
            declared = getattr(importlib.import_module(f"monitors.{module.name}"), "METRICS", ())
            found.update({metric.name: metric for metric in declared})
    return dict(sorted(found.items()))


METRICS = MappingProxyType(_all())


def value(reading: Reading, rule: Rule) -> Value:
    """The rule's metric from this reading, rounded as it is compared; unknown while the balance is unexplained."""
    metric = METRICS[rule.metric]
    if metric.performance and reading.unexplained:
        return Unknown(reading.unexplained)
    found = metric.measure(reading, rule)
    return metric.rounded(found, reading.snapshot.account.digits) if isinstance(found, float | int) else found


def values(reading: Reading, rule: Rule) -> Mapping[int, Value] | None:
    """The rule's metric of each position it selects, by identifier and rounded; None where it judges the account."""
    metric, digits = METRICS[rule.metric], reading.snapshot.account.digits
    if metric.each is None:
        return None
    found = metric.each(reading, rule)
    return {i: metric.rounded(v, digits) if isinstance(v, float | int) else v for i, v in found.items()}
