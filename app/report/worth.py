"""What a close by a rule booked, and what the same lots would have brought at the position's own later exit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from app.archive.records import RequestRecord
from monitors.model import Deal

_TAG = re.compile(r"plimsoll [0-9a-f]{6} (\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """One request's close, account currency; None where it cannot be told honestly."""

    request: RequestRecord
    booked: float | None
    saved: float | None
    """Booked less the same lots at their later exit: positive saved, negative cost."""


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
    return Close(request=request, booked=booked, saved=price[0] - price[1])
