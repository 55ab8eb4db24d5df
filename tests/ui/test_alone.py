"""Every panel, chart and dialog opens by itself on simulated data, by its module's name, and shows something."""

from __future__ import annotations

import inspect
import runpy
from importlib import import_module
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QWidget

import ui
from monitors.reading import fault
from ui import sample

ROOT = Path(ui.__file__).parent
DIALOGS = (
    "alert_history", "backstop", "close_part", "compact", "first_run", "header", "key_help", "push", "status_line",
    "tightening",
)  # fmt: skip
NO_PICTURE = {"ui.charts.canvas", "ui.panels.panel", "ui.panels.row_bars", "ui.panels.strike"}
"""What others are made from; by themselves they have nothing to show."""


def defines_a_widget(module: str) -> bool:
    found = vars(import_module(module)).values()
    return any(inspect.isclass(one) and issubclass(one, QWidget) and one.__module__ == module for one in found)


def listed() -> list[str]:
    names = [f"ui.{folder}.{file.stem}" for folder in ("panels", "charts") for file in (ROOT / folder).glob("*.py")]
    names += [f"ui.{name}" for name in DIALOGS]
    return sorted(name for name in names if name not in NO_PICTURE and defines_a_widget(name))


MODULES = listed()


@pytest.mark.parametrize("module", MODULES)
def test_it_opens_alone_and_is_not_blank(
    module: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QApplication
) -> None:
    picture = tmp_path / "alone.png"
    monkeypatch.setattr("sys.argv", [module, "--screenshot", str(picture)])
    runpy.run_path(str(ROOT.parent / f"{module.replace('.', '/')}.py"), run_name="__main__")
    qapp.processEvents()
    seen = QImage(str(picture))
    assert len({seen.pixel(x, y) for x in range(0, seen.width(), 2) for y in range(seen.height())}) > 3


def test_panels_and_charts_are_among_them_and_what_is_no_widget_is_not() -> None:
    assert len(MODULES) > 40
    assert {"ui.panels.limits", "ui.charts.card", "ui.alert_history"} <= {*MODULES}
    assert not {"ui.panels.ranges", "ui.charts.columns", "ui.charts.marks"} & {*MODULES}


def test_the_simulated_account_is_one_that_could_be_judged() -> None:
    assert fault(sample.reading().snapshot, 0, "") is None
    view = sample.frame().accounts[0]
    assert view.series is not None
    assert view.account is not None
    assert view.series.column("equity")[-1] == pytest.approx(view.account.equity)
    assert any(level.tripped for level in view.levels)
