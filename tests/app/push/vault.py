"""A keyring in a file of the test, named by VAULT; a child finds it by PYTHON_KEYRING_BACKEND."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import ClassVar

from keyring.backend import KeyringBackend

BACKEND = "tests.app.push.vault.Vault"


class Vault(KeyringBackend):
    priority: ClassVar[float] = 1

    def get_password(self, service: str, username: str) -> str | None:
        found: str | None = self._all().get(f"{service}/{username}")
        return found

    def set_password(self, service: str, username: str, password: str) -> None:
        self._file.write_text(json.dumps(self._all() | {f"{service}/{username}": password}))

    @property
    def _file(self) -> Path:
        return Path(os.environ["VAULT"])

    def _all(self) -> dict[str, str]:
        return dict(json.loads(self._file.read_text())) if self._file.exists() else {}
