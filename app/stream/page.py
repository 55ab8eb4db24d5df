"""The page for a browser on this machine: one file, its script and style named by their hashes, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

FILE = Path(__file__).parents[2] / "assets" / "stream.html"


class Page:
    """The file as it is served."""

    def __init__(self) -> None:
        self.body = FILE.read_bytes()
        text = self.body.decode()
        self._script, self._style = (_hash(text, tag) for tag in ("script", "style"))

    def headers(self, host: str) -> dict[str, str]:
        """`host` is the one that was asked, which its script may connect to and nothing else."""
        policy = (
            f"default-src 'none'; script-src '{self._script}'; style-src '{self._style}'; connect-src ws://{host}; "
            "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        )
        return {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy}


def _hash(text: str, tag: str) -> str:
    """The one element of that name as a policy names it."""
    (inside,) = re.findall(rf"<{tag}>(.*?)</{tag}>", text, re.DOTALL)
    return f"sha256-{base64.b64encode(hashlib.sha256(inside.encode()).digest()).decode()}"
