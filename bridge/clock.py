"""The machine's clock: UTC and monotonic seconds."""

from __future__ import annotations

import time


class SystemClock:
    """UTC and the monotonic clock of this machine."""

    def utc_ms(self) -> int:
        """See Clock."""
        return time.time_ns() // 1_000_000

    def monotonic(self) -> float:
        """See Clock."""
        return time.monotonic()
