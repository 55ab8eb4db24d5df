"""A day's report and a rule that is being edited, made up: what the panels of those pages show when opened alone."""

from __future__ import annotations

import numpy as np

from monitors.day_report import Audit, Close, Falls, Report
from monitors.drafts import Field, Judged, Section
from monitors.falls import figures
from monitors.kinds import Side
from monitors.model import Floats
from monitors.ports import Severity
from monitors.record import AlertRecord, EquityRange, Mark, RequestRecord, ResponseRecord, Whose
from ui.sample import DAY_MS, HOUR_MS, NAME, NOW_MS, STRATEGIES, TODAY_MS, closed, frame

RULE = "rule[0]"
LEVEL = f"{RULE}.levels[0]"


def section() -> Section:
    """A rule with one level."""
    keys = (("name", "Margin level"), ("metric", "margin.level_pct"), ("when", "below"))
    of_level = (("at", "150.0"), ("severity", "high"), ("action", "alert"))
    return Section(
        path=RULE, title="Margin level", severities=(Severity.HIGH,),
        fields=(*(_field(f"{RULE}.{key}", key, plain) for key, plain in keys),
                *(_field(f"{LEVEL}.{key}", key, plain) for key, plain in of_level)),
    )  # fmt: skip


def judged() -> Judged:
    """What it would do."""
    return Judged(faults={}, sentences={}, levels={LEVEL: "when the margin level is 150 % or less: alert"})


def _field(path: str, key: str, plain: str) -> Field:
    return Field(path=path, key=key, text=plain, plain=plain, help=f"What {key} means.")


def report() -> Report:
    """A day with a fall, an alert, a close and what was traded."""
    series = frame().accounts[0].series
    columns: Floats = np.empty((5, 0)) if series is None else series.columns[:, ::20]
    time_ms, equity = (1_000 * columns[0]).astype(np.int64), columns[1]
    peak = np.fmax.accumulate(equity)
    found = figures(time_ms, equity)
    request = RequestRecord(number=1, position=502, symbol="EURUSD", side=Side.SELL, lots=0.5, filled=0.5, state="done",
                            retcode=10009, sent_ms=NOW_MS - HOUR_MS, settled_ms=NOW_MS - HOUR_MS + 84)  # fmt: skip
    response = ResponseRecord(rule="Margin level", planned_ms=NOW_MS - HOUR_MS, episode=2, alert=2, requests=(request,),
                              closes=({"position": 502, "symbol": "EURUSD", "volume": 0.5},))  # fmt: skip
    alert = AlertRecord(number=2, account=NAME, rule="Margin level", metric="margin.level_pct", severity="high",
                        threshold=150.0, value=149.2, position=None, raised_ms=NOW_MS - HOUR_MS,
                        acknowledged_ms=NOW_MS - HOUR_MS + 41_000, cleared_ms=None, escalated_ms=None,
                        episode=2)  # fmt: skip
    return Report(
        whose=Whose(server="Demo-Server", login=51_023_381, name=NAME, currency="USD", digits=2, zone="UTC"),
        since_ms=TODAY_MS, until_ms=TODAY_MS + DAY_MS, opening=(float(equity[0]), float(columns[2, 0])),
        equity=EquityRange(time_ms=time_ms, low=equity - 20, high=equity + 20, last=equity, balance=columns[2]),
        falls=Falls(pct=100 * (peak - equity) / peak, deepest=float(np.nanmax(peak - equity)),
                    listed=found.deepest if found else ()),
        without=equity - 80, as_deals=None, flows=0.0, alerts=(alert,), responses=(response,),
        closes=((Close(request=request, booked=-66.0, saved=41.5),),), trades=closed(), strategies=STRATEGIES,
        marks=(Mark(at_ms=TODAY_MS, kind="started", amount=None, text="a1b2c3"),),
        audit=Audit(rows=4_120, checked=4_120, head="9f86d081884c", damage=""),
    )  # fmt: skip
