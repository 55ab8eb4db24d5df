"""A browser without a screen, asked over its own debugging port."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import urllib.request
from pathlib import Path
from typing import Any

from websockets.sync.client import connect

NAMES = ("chromium", "google-chrome", "chromium-browser", "google-chrome-stable")
FOUND = next((found for name in NAMES if (found := shutil.which(name))), None)
PATIENCE_S = 60.0


class Browser:
    """One tab; closed with the process."""

    def __init__(self, folder: Path) -> None:
        line = [FOUND or "", "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
                "--no-proxy-server", "--remote-debugging-port=0", "--remote-allow-origins=*",
                f"--user-data-dir={folder}", "about:blank"]  # fmt: skip
        self._process = subprocess.Popen(line, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        assert self._process.stderr is not None
        port = next(found[1] for said in self._process.stderr if (found := re.search(r"ws://127.0.0.1:(\d+)/", said)))
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/json/list", timeout=PATIENCE_S) as answer:
            (tab,) = [one for one in json.load(answer) if one["type"] == "page"]
        self._line = connect(tab["webSocketDebuggerUrl"], proxy=None, max_size=None, ping_interval=None)
        self._number = 0
        self.errors: list[str] = []
        """What the page's console complains of."""
        self.asked: list[str] = []
        """Addresses that the page had fetched."""
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """One command's answer; what happens meanwhile is kept."""
        self._number += 1
        self._line.send(json.dumps({"id": self._number, "method": method, "params": given}))
        while True:
            found = json.loads(self._line.recv(PATIENCE_S))
            if found.get("id") == self._number:
                assert "error" not in found, found
                answer = found["result"]
                assert isinstance(answer, dict)
                return answer
            self._happened(found["method"], found["params"])

    def value(self, script: str) -> Any:
        """What a script gives, awaited."""
        found = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        assert "exceptionDetails" not in found, found
        return found["result"].get("value")

    def when(self, condition: str) -> None:
        """Once the page is such."""
        self.value(
            f"new Promise(done => {{ const look = () => {{ if ({condition}) done(true); "
            "else requestAnimationFrame(look); }; look(); })"
        )

    def close(self) -> None:
        self._line.send(json.dumps({"id": 0, "method": "Browser.close"}))
        self._process.communicate(timeout=PATIENCE_S)
        self._line.close()

    def _happened(self, method: str, facts: dict[str, Any]) -> None:
        if method == "Log.entryAdded" and facts["entry"]["level"] == "error":
            self.errors.append(facts["entry"]["text"])
        elif method == "Runtime.exceptionThrown":
            self.errors.append(str(facts["exceptionDetails"]))
        elif method in {"Network.requestWillBeSent", "Network.webSocketCreated"}:
            self.asked.append(facts.get("url") or facts["request"]["url"])
