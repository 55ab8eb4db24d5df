"""The name of a config's content: equal configs have equal digests, whatever their files look like."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from typing import Any

from monitors.settings import Config, Level


def digest(config: Config) -> str:
    """The first 12 hexadecimal digits of SHA-256 over the effective config as sorted JSON, its source left out."""
    content = _plain(dataclasses.replace(config, digest="", source=""))
    canonical = json.dumps(content, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(canonical.encode()).hexdigest()[:12]


def _plain(value: Any) -> Any:
    if isinstance(value, Level):
        own = {"at": value.at, "severity": value.severity, "action": value.response.name}
        return _plain(own | _fields(value.response))
    if dataclasses.is_dataclass(value):
        return _plain(_fields(value))
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _fields(value: Any) -> dict[str, Any]:
    return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
