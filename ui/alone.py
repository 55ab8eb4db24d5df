"""A panel, a chart or a dialog by itself, on simulated data: `./run python -m ui.panels.limits [--screenshot FILE]`."""

from __future__ import annotations

import inspect
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

SHOWS = ("show_frame", "show_account", "show_alert", "show_load", "show_report")
LEAST = 480, 320


def alone(make: Callable[..., QWidget], fill: Callable[..., object] | None = None) -> None:
    """Show the widget that `make` makes and `fill` fills; each is given what it names of frame, view and their like.

    Without `fill` a widget is filled by the first of SHOWS that it has. With `--screenshot FILE` it is drawn unseen.
    """
    from PySide6.QtCore import QSize  # noqa: PLC0415 -- the program imports this module with every panel
    from PySide6.QtWidgets import QApplication  # noqa: PLC0415 -- the same

    from ui import application, sample, sample_pages  # noqa: PLC0415 -- the same
    from ui.picture import save_png  # noqa: PLC0415 -- the same

    picture = sys.argv[2] if sys.argv[1:2] == ["--screenshot"] else ""
    app = application.prepare(sys.argv[:1], offscreen=bool(picture))
    frame = sample.frame()
    view, alert = frame.accounts[0], frame.alerts[0]
    given: dict[str, Any] = {
        "frame": frame, "view": view, "now_ms": frame.at_ms, "name": view.name, "selected": view.name, "alert": alert,
        "load": frame.load, "waiting": frame.alerts, "send": _unheard,
        "acknowledge": _unheard, "parent": None, "report": sample_pages.report(), "section": sample_pages.section(),
        "judged": sample_pages.judged(), "position": frame.accounts[0].positions[1].identifier,
    }  # fmt: skip
    widget = _called(make, given)
    fill = fill or next((getattr(type(widget), one) for one in SHOWS if hasattr(widget, one)), None)
    if fill is not None:
        _called(fill, given, widget)
    widget.resize(widget.sizeHint().expandedTo(QSize(*LEAST)))
    widget.show()
    QApplication.processEvents()
    if not picture:
        app.exec()
    else:
        save_png(widget, Path(picture))
    widget.close()
    widget.deleteLater()


def _called(act: Callable[..., Any], given: Mapping[str, Any], *first: object) -> Any:
    """What `act` gives, told what it names."""
    makers = act.__mro__ if isinstance(act, type) else ()
    told = next((vars(one)["__init__"] for one in makers if "__init__" in vars(one)), act)
    wanted = inspect.signature(told).parameters
    return act(*first, **{name: given[name] for name in wanted if name in given})


def _unheard(*_: object) -> None:
    """Nobody obeys a panel that stands alone."""
