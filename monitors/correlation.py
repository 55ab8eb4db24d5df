"""How the symbols held move together: correlation of log returns, signed by the positions' sides."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.model import Floats


@dataclass(frozen=True, slots=True, kw_only=True)
class Correlations:
    """Correlations of returns between symbols, unsigned by side; NaN where too few bars are shared.

    `matrix` has shape (n, n) in the order of `symbols`, ones on its diagonal; `bars` says how many returns each symbol
    had; times are UTC epoch ms.
    """

    symbols: tuple[str, ...]
    matrix: Floats
    bars: dict[str, int]
    until_ms: int
    minutes: int = 15
    days: float = 5.0
