"""What a screen reader says without being asked: a critical alert that is new, or that climbs."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QWidget

from monitors.ports import Frame, Severity
from ui import text
from ui.panels.banner import account_digits
from ui.spoken import spoken
from ui.words import tr


class Announcer:
    """Hears every frame, the window being shown or not; what stood at the first one is no news."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._known: set[tuple[int, int]] | None = None

    def hear(self, frame: Frame) -> None:
        """Say what is new of it."""
        grave = {(alert.number, alert.stage): alert for alert in frame.alerts
                 if alert.active and alert.waiting and alert.severity.rank >= Severity.CRITICAL.rank}  # fmt: skip
        fresh = [] if self._known is None else [alert for key, alert in grave.items() if key not in self._known]
        self._known = set(grave)
        for alert in fresh:
            title = text.alert_title(alert, account_digits(frame, alert.account))
            severity = text.severity_name(alert.severity).capitalize()
            if alert.stage:
                words = tr("{severity} alert told again, {account}: {title}", severity=severity, account=alert.account,
                           title=title)  # fmt: skip
            else:
                words = tr(
                    "{severity} alert, {account}: {title}", severity=severity, account=alert.account, title=title
                )
            self._say(spoken(words))


def aloud(window: QWidget, words: str) -> None:
    """Have a screen reader say it at once; nothing where none listens."""
    event = QAccessibleAnnouncementEvent(window, words)
    event.setPoliteness(QAccessible.AnnouncementPoliteness.Assertive)
    QAccessible.updateAccessibility(event)
