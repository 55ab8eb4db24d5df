"""Figures that equity or a floor is measured from, and what money moved does to each of them."""

from __future__ import annotations

from dataclasses import dataclass

from monitors.climb import NOISE


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """A figure that equity is measured from, kept twice.

    `money` moves by each flow, so that a drawdown in money does not. `unit` moves in proportion, so that a
    drawdown in percent does not (a unitised, time-weighted index; RULES: drawdown).
    """

    money: float
    unit: float

    @classmethod
    def at(cls, amount: float) -> Anchor:
        """An anchor set now."""
        return cls(money=amount, unit=amount)

    def moved(self, flow: float, equity: float) -> Anchor:
        """After `flow` came in when equity was `equity`."""
        share = (equity + flow) / equity if equity > 0 and equity + flow > 0 else 1.0
        unit = self.unit * share if share != 1.0 else self.unit + flow
        return Anchor(money=self.money + flow, unit=unit)

    def raised(self, equity: float) -> Anchor:
        """A peak after equity reached `equity`."""
        return Anchor(money=max(self.money, equity), unit=max(self.unit, equity))

    def depth(self, equity: float) -> float:
        """How far below, in money; never negative."""
        return max(self.money - equity, 0.0)  # in this order what is no number stays none

    def depth_pct(self, equity: float) -> float | None:
        """How far below, in percent of the unitised anchor; None while there is nothing to fall from."""
        return max(100 * (self.unit - equity) / self.unit, 0.0) if self.unit > 0 else None


@dataclass(frozen=True, slots=True, kw_only=True)
class High:
    """The highest balance of some kind: `money` moves by each flow, `kept` only up, for floors that never fall."""

    money: float
    kept: float

    @classmethod
    def at(cls, amount: float) -> High:
        """A high set now."""
        return cls(money=amount, kept=amount)

    def moved(self, flow: float) -> High:
        """After `flow` came in."""
        return High(money=self.money + flow, kept=self.kept + max(flow, 0.0))

    def or_above(self, balance: float) -> High:
        """The higher of the two."""
        if balance <= self.money + NOISE:
            return self
        return High(money=balance, kept=max(self.kept, balance))


NOTHING = High(money=0.0, kept=0.0)
"""A high that a memory written before there was one does not hold; `resumed` sets it."""
