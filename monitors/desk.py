"""A desk of many machines: every account of each as one frame, what they hold together, and who has gone silent."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from monitors.exposure_view import CurrencyLine
from monitors.model import Value
from monitors.ports import Frame


@dataclass(frozen=True, slots=True, kw_only=True)
class Machine:
    """One machine of the desk; `heard_ms` (UTC epoch) is the last it said, None where it is not known."""

    name: str
    accounts: int
    silent: bool
    heard_ms: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What one account holds: net by currency in its own currency, and how that is shown in a currency of display.

    `legs` None: it is not known what is held now.
    """

    name: str
    legs: Mapping[str, float] | None
    unit: str
    rate: Value


@dataclass(frozen=True, slots=True, kw_only=True)
class Together:
    """Net by currency of all accounts that are shown in `unit`; `left_out` names the others, each with the reason."""

    unit: str
    legs: tuple[CurrencyLine, ...]
    accounts: int
    left_out: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """What came over the desk's topics since it was opened."""

    events: int = 0
    doubled: int = 0
    """Came once more and were dropped."""
    missing: int = 0
    """Numbers between two that came which have not come themselves."""
    unreadable: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskView:
    """What the desk shows at one moment."""

    frame: Frame
    machines: tuple[Machine, ...]
    together: Together
    counted: Counted
    last: str = ""
    """The newest event, in words."""
    away: str = ""
    """Why nothing comes; empty while the brokers answer."""


def together(parts: Iterable[Held]) -> Together:
    """The sums by currency, in the display currency of the most accounts; nothing is added across two of them."""
    found = list(parts)
    units = [part.unit for part in found if part.unit and part.legs is not None and isinstance(part.rate, float | int)]
    unit = max(sorted(set(units)), key=units.count, default="")
    legs: dict[str, float] = {}
    left_out, count = [], 0
    for part in found:
        if part.legs is None:
            left_out.append((part.name, "not seen"))
        elif not isinstance(part.rate, float | int):
            left_out.append((part.name, part.rate.reason))
        elif part.unit != unit:
            left_out.append((part.name, f"shown in {part.unit}" if part.unit else "no display currency"))
        else:
            count += 1
            for currency, net in part.legs.items():
                legs[currency] = legs.get(currency, 0.0) + net * part.rate
    lines = [CurrencyLine(currency=name, net=net, one_pct=abs(net) / 100) for name, net in legs.items()]
    return Together(unit=unit, legs=tuple(sorted(lines, key=lambda line: (-line.net, line.currency))),
                    accounts=count, left_out=tuple(left_out))  # fmt: skip
