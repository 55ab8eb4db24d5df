"""A notification service on this machine that takes messages, refuses them, hangs, or answers without end."""

from __future__ import annotations

import json
import queue
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self


class Service:
    """Where to send is `url`; `how` may change at any time: take, refuse, hang or flood."""

    def __init__(self, how: str = "take") -> None:
        self.how = how
        self.heard: queue.Queue[dict[str, Any]] = queue.Queue()
        self.paths: list[str] = []
        self.asked = threading.Semaphore(0)
        self.over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = False
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05})

    @property
    def url(self) -> str:
        return f"json://127.0.0.1:{self._server.server_address[1]}"

    def message(self, timeout: float = 60.0) -> dict[str, Any]:
        """The next one that was taken."""
        return self.heard.get(timeout=timeout)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:  # fmt: skip
        self.over.set()
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _handler(service) -> type[BaseHTTPRequestHandler]:  # noqa: N805 -- the handler's own self is within
        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                how = service.how
                service.paths.append(f"{self.path} {self.headers.get('Authorization', '')}")
                service.asked.release()
                if how == "hang":
                    service.over.wait(60)
                    return
                self.send_response(503 if how == "refuse" else 200)
                self.end_headers()
                if how == "take":
                    service.heard.put(told)
                while how == "flood" and not service.over.is_set():
                    try:
                        self.wfile.write(b"x" * 65_536)
                    except OSError:
                        return

            def log_message(self, *_: Any) -> None:
                """Nothing on stderr."""

        return Handler
