"""`python -m tests.bench.repaint`: a million points drawn and painted anew, by our chart and by bare pyqtgraph.

Each repaint has one more point. Milliseconds of the processor; all in one run, since the machine's speed varies.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import replace
from time import thread_time
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtWidgets import QApplication, QWidget

from monitors.model import Floats
from monitors.series import COLUMNS, Series, SeriesView
from tests.bench.beats import percentile
from ui import application, sample, text, theme
from ui.charts.canvas import Canvas
from ui.charts.card import ChartsCard
from ui.charts.columns import Reducer
from ui.charts.plot import Chart

POINTS, REPAINTS, WARM = 1_000_000, 100, 5
SIZE = 700, 300
STEP_S = 0.1


def record(points: int) -> Series:
    """A random walk, ten points a second until now."""
    walk = 100_000 + np.cumsum(np.random.default_rng(1).normal(0, 0.5, points))
    series = Series(points + 10_000)
    for n, equity in enumerate(walk.tolist()):
        series.append(sample.NOW_MS / 1_000 - STEP_S * (points - n), equity, 100_000.0, 1.0, 300.0)
    return series


def grown(series: Series) -> SeriesView:
    """One point more."""
    last = series.view().columns[:, -1]
    series.append(last[0] + STEP_S, last[1] + 0.01, *last[2:])
    return series.view()


def timed(step: Callable[[], None], widget: QWidget, repaints: int) -> dict[str, float]:
    """`step` gives the widget another picture, which is painted at once."""
    widget.resize(*SIZE)
    widget.show()
    QApplication.processEvents()
    took = []
    for _ in range(repaints + WARM):
        began = thread_time()
        step()
        widget.viewport().update()  # type: ignore[attr-defined]  # each is a graphics view
        QApplication.processEvents()
        took.append(1_000 * (thread_time() - began))
    widget.close()
    times = np.array(took[WARM:])
    return {"p50_ms": percentile(times, 50), "p99_ms": percentile(times, 99)}


def ours(points: int, repaints: int) -> dict[str, float]:
    """One chart, reduced by its own columns."""
    series, reducer = record(points), Reducer()
    chart = Chart(title="Equity", figure="equity", colour=theme.colours().curve, words=text.number)
    chart.tinted = True
    canvas = Canvas([chart], [1])

    def step() -> None:
        view = grown(series)
        left, right = float(view.columns[0, 0]), float(view.columns[0, -1])
        chart.draw(reducer.visible(view, left, right, int(chart.box.width())), left, right)
        canvas.settle()

    return timed(step, canvas, repaints)


def card(points: int, repaints: int) -> dict[str, float]:
    """All three charts with their overlay, as the window draws them."""
    series, made, view = record(points), ChartsCard(), sample.frame().accounts[0]
    made.resize(*SIZE)
    made.show()
    made.choose("1Y")

    def step() -> None:
        made.show_account(replace(view, series=grown(series)), sample.NOW_MS)
        made.overlay.repaint()

    return timed(step, made.canvas, repaints)


def bare(points: int, repaints: int, *, reduced: bool) -> dict[str, float]:
    """Pyqtgraph alone, as it comes or with its own peaks and clipping."""
    series, plot = record(points), pg.PlotWidget()
    if reduced:
        plot.plotItem.setDownsampling(auto=True, mode="peak")
        plot.plotItem.setClipToView(True)
    curve = plot.plot(pen=pg.mkPen(theme.colours().curve, width=1))

    def step() -> None:
        columns: Floats = grown(series).columns
        plot.setXRange(columns[0, 0], columns[0, -1], padding=0)
        curve.setData(columns[0], columns[COLUMNS.index("equity")])

    return timed(step, plot, repaints)


def measure(points: int, repaints: int) -> dict[str, Any]:
    """All ways, ours first."""
    own = ours(points, repaints)
    naive, peaks = bare(points, max(3, repaints // 10), reduced=False), bare(points, repaints, reduced=True)
    return {
        "repaint_p50_ms": own["p50_ms"], "repaint_p99_ms": own["p99_ms"],
        "naive_over_ours": round(naive["p50_ms"] / own["p50_ms"], 1),
        "peaks_over_ours": round(peaks["p50_ms"] / own["p50_ms"], 2),
        "all_three_charts": card(points, repaints), "pyqtgraph_naive": naive, "pyqtgraph_peaks": peaks,
        "points": points,
    }  # fmt: skip


def main() -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.repaint", description="A million points painted.")
    parser.add_argument("--points", type=int, default=POINTS, help="(1000000)")
    parser.add_argument("--repaints", type=int, default=REPAINTS, help="of each way (100)")
    args = parser.parse_args()
    application.prepare(sys.argv[:1], offscreen=True)
    print(json.dumps(measure(args.points, args.repaints), indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main())
