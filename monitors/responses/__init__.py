"""Every action a level may take, by name; a module of this package that declares RESPONSE is found by itself."""

from __future__ import annotations

import importlib
import pkgutil
from types import MappingProxyType

from monitors.responses.base import Response


def _all() -> dict[str, type[Response]]:
    found: dict[str, type[Response]] = {}
    for module in pkgutil.iter_modules(__path__):
        declared = getattr(importlib.import_module(f"{__name__}.{module.name}"), "RESPONSE", None)
        if declared is not None:
            found[declared.name] = declared
    return dict(sorted(found.items()))


RESPONSES = MappingProxyType(_all())
