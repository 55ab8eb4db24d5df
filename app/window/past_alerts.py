"""The alerts of the archive as the window's history shows them."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

from app.archive.opening import FILE, ArchiveError
from app.archive.reader import Reader
from app.archive.records import latest_alerts
from monitors.ports import AlertView, Severity
from monitors.record import AlertRecord
from monitors.zones import zone
from ui.alert_history import PastAlert

MOST = 5_000
"""Newest first; more would be no list any more."""


def past_alerts(folder: Path) -> list[PastAlert]:
    """Those in the archive of a data folder, newest first; OSError where it cannot be read."""
    try:
        with closing(Reader(folder / FILE)) as reader:
            whose = {one.name: one for one in reader.accounts().values()}
            found = latest_alerts(reader, MOST)
    except ArchiveError as error:
        raise OSError(str(error)) from error
    past = []
    for record in found:
        of = whose.get(record.account)
        offset_ms = zone(of.zone).offset_ms(record.raised_ms) if of and of.zone else 0
        past.append(PastAlert(view=_view(record), digits=of.digits if of else 2, offset_s=offset_ms // 1000))
    return past


def _view(record: AlertRecord) -> AlertView:
    return AlertView(
        number=record.number, account=record.account, rule=record.rule, metric=record.metric, value=record.value,
        threshold=record.threshold, when="at", severity=Severity(record.severity), raised_ms=record.raised_ms,
        active=record.cleared_ms is None, acknowledged_ms=record.acknowledged_ms, cleared_ms=record.cleared_ms,
        episode=record.episode, position=record.position,
    )  # fmt: skip
