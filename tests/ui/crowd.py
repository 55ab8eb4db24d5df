"""A crowded account: 200 positions in 50 symbols with all that is computed of them, another at every number."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

import numpy as np

from monitors.book import Book
from monitors.correlation import Correlations
from monitors.exposure_view import CurrencyLine, SymbolLine
from monitors.kinds import Side
from monitors.model import Position, Quote, Rates
from monitors.ports import AccountFrame, Frame
from monitors.reading import Reading
from tests import builders, frames, pages
from tests.frame_parts import ALERTS, NOW_MS, position

POSITIONS, SYMBOLS = 200, 50


@lru_cache(maxsize=1)
def names() -> tuple[str, ...]:
    letters = "ABCDEFGHIJ"
    return tuple(f"{first}{second}AUSD" for first in letters[:5] for second in letters)


@lru_cache(maxsize=1)
def held() -> tuple[Position, ...]:
    return tuple(
        position(
            1_000 + n,
            names()[n % SYMBOLS],
            Side.BUY if n % 3 else Side.SELL,
            0.1 + n % 7 / 10,
            opened=1.1,
            price=1.1,
            stop=1.0 if n % 3 else 1.2,
            profit=(n % 11 - 5) * 20.0,
        )
        for n in range(POSITIONS)
    )


@lru_cache(maxsize=1)
def reading() -> Reading:
    whole = pages.reading()
    snapshot = replace(
        whole.snapshot,
        positions=held(),
        quotes={name: Quote(time_ms=NOW_MS, bid=1.1, ask=1.1) for name in names()},
        instruments={name: builders.instrument(name) for name in names()},
        rates={name: Rates(margin_buy=800.0, margin_sell=800.0) for name in names()},
    )
    return replace(whole, snapshot=snapshot, book=Book(snapshot))


def account(number: int) -> AccountFrame:
    """The account at a moment: every figure of every position moves with `number`."""
    view, step = frames.full(), number * 0.37
    whole = pages.analysis()
    line, tally, release = whole.positions[0], whole.results.symbols[0], whole.margin.releases[0]
    lines = tuple(
        replace(line, identifier=p.identifier, symbol=p.symbol, side=p.side, lots=p.lots, profit=p.profit + step)
        for p in held()
    )
    side, share = 1 if number % 2 else -1, 1 / SYMBOLS
    matrix = np.eye(SYMBOLS) * 0.6 + 0.4
    exposure = replace(
        whole.exposure,
        symbols=tuple(
            SymbolLine(symbol=name, long=9_000 + step, short=0, count=4, lots=1, share=share) for name in names()
        ),
        currencies=tuple(CurrencyLine(currency=name[:3], net=side * 9_000 + step, one_pct=90) for name in names()),
        correlations=Correlations(
            symbols=names(), matrix=matrix, bars=dict.fromkeys(names(), 400), until_ms=NOW_MS + number
        ),
        signed=tuple(tuple(row) for row in matrix.tolist()),
    )
    analysis = replace(
        whole,
        taken_ms=NOW_MS + 250 * number,
        positions=lines,
        exposure=exposure,
        results=replace(whole.results, symbols=tuple(replace(tally, name=name, floating=step) for name in names())),
        margin=replace(
            whole.margin,
            releases=tuple(replace(release, position=p.identifier, symbol=p.symbol, freed=step) for p in held()),
        ),
    )
    positions = tuple(replace(p, profit=p.profit + step) for p in held())
    digits = dict.fromkeys(names(), 5)
    return replace(
        view, positions=positions, reading=reading(), analysis=analysis, price_digits=digits, volume_digits={}
    )


def frame(number: int) -> Frame:
    return replace(frames.frame(account(number), alerts=ALERTS), number=number, at_ms=NOW_MS + 250 * number)
