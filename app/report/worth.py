"""What a close by a rule booked, and what the same lots would have brought at the position's own later exit."""

from __future__ import annotations

import re
from collections.abc import Iterable

import numpy as np

from monitors.day_report import Close
from monitors.model import Deal, Floats
from monitors.record import EquityRange, RequestRecord

_TAG = re.compile(r"plimsoll [0-9a-f]{6} (\d+)")


def worth(request: RequestRecord, deals: Iterable[Deal]) -> Close:
    """The request's own deals carry its number in their comment.

    What holding would have brought is known only where the rest of the same position was closed later by somebody else
    than a rule of ours: that exit is a price at which these lots could have left too.
    """
    own, later = [], []
    for deal in sorted((d for d in deals if d.position == request.position and d.closes), key=lambda d: d.time_ms):
        tag = _TAG.match(deal.comment)
        if tag and int(tag[1]) == request.number and deal.time_ms >= request.sent_ms - 60_000:
            own.append(deal)
        elif own and not tag:
            later.append(deal)
    if not own or not request.filled:
        return Close(request=request, booked=None, saved=None)
    booked = sum(deal.cash for deal in own)
    lots, left = sum(deal.lots for deal in own), sum(deal.lots for deal in later)
    if not left or not lots:
        return Close(request=request, booked=booked, saved=None)
    price = sum(deal.profit for deal in own), sum(deal.profit for deal in later) / left * lots
    return Close(request=request, booked=booked, saved=price[0] - price[1], known_ms=later[-1].time_ms)


def without(equity: EquityRange, closes: Iterable[Close]) -> Floats:
    """The last equity of each column had these closes not been; NaN where nobody can tell.

    That is from a close until the exit that shows what holding would have brought, and for good where there is none.
    Closing costs and swaps are left out, as in `saved`.
    """
    found: Floats = equity.last.copy()
    for close in closes:
        if not close.request.filled:
            continue
        sent = max(0, int(np.searchsorted(equity.time_ms, close.request.sent_ms, side="right")) - 1)
        known = len(found) if close.known_ms is None else int(np.searchsorted(equity.time_ms, close.known_ms))
        found[sent + 1 : known] = np.nan
        found[known:] -= close.saved or 0.0
    return found
