"""Every colour, size and font of the window, and the style sheet made of them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from string import Template
from typing import Self

from PySide6.QtGui import QColor, QFont, QPalette

from monitors.ports import Severity

FAMILY = "Inter"
MEDIUM, STRONG, BOLD = QFont.Weight.Medium, QFont.Weight.DemiBold, QFont.Weight.Bold
GAP, PAD, RADIUS = 10, 14, 8


class Shade(str):
    """A colour that knows which token it is, so that it can be had in another look; see `now`."""

    __slots__ = ("token",)

    def __new__(cls, colour: str, token: str) -> Self:
        made = super().__new__(cls, colour)
        made.token = token
        return made

    token: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Tokens:
    """One theme's colours; text colours have a contrast of 4.5 or more on a card."""

    window: str
    card: str
    raised: str
    track: str
    line: str
    edge: str
    text: str
    soft: str
    faint: str
    on_fill: str
    curve: str
    balance: str
    profit: str
    loss: str
    critical: str
    high: str
    medium: str
    low: str
    primary: str
    on_primary: str
    stop: str = "#E0263C"
    stop_light: str = "#FF6A74"
    stop_dark: str = "#8E0F20"
    on_stop: str = "#FFFFFF"
    plate: str = "#F5C542"
    plate_light: str = "#FFD55F"
    on_plate: str = "#161205"

    def __post_init__(self) -> None:
        for token in self.__slots__:
            object.__setattr__(self, token, Shade(getattr(self, token), token))

    def severity(self, severity: Severity) -> str:
        """The colour of a severity; extreme shares critical's."""
        return {
            Severity.LOW: self.low,
            Severity.MEDIUM: self.medium,
            Severity.HIGH: self.high,
            Severity.CRITICAL: self.critical,
            Severity.EXTREME: self.critical,
        }[severity]

    def gain(self, value: float | None) -> str:
        """The colour of a profit; zero and unknown have none."""
        return self.soft if not value else self.profit if value > 0 else self.loss


DARK = Tokens(
    window="#0A0E13",
    card="#10161E",
    raised="#161E28",
    track="#1D2733",
    line="#222D3A",
    edge="#324050",
    text="#E8EEF4",
    soft="#A3B1BF",
    faint="#7C8B9A",
    on_fill="#0A0E13",
    curve="#5CB8FF",
    balance="#8190A0",
    profit="#35C2A5",
    loss="#FF7A66",
    critical="#FF4D5E",
    high="#FF9F43",
    medium="#F4D35E",
    low="#5CB8FF",
    primary="#E8EEF4",
    on_primary="#0A0E13",
)
LIGHT = Tokens(
    window="#E9EDF2",
    card="#FFFFFF",
    raised="#F3F6F9",
    track="#DCE3EA",
    line="#D3DBE3",
    edge="#AFBBC7",
    text="#111A24",
    soft="#3F4D5B",
    faint="#566574",
    on_fill="#FFFFFF",
    curve="#0A64B4",
    balance="#5E6B77",
    profit="#086E53",
    loss="#B52F20",
    critical="#C20E2C",
    high="#A04D00",
    medium="#705900",
    low="#0A64B4",
    primary="#111A24",
    on_primary="#FFFFFF",
)

THEMES = {"dark": DARK, "light": LIGHT}
PRESETS: dict[str, dict[str, dict[str, str]]] = {
    "plimsoll": {},
    "blue-red": {"dark": {"profit": "#5CB8FF", "loss": "#FF7A66"}, "light": {"profit": "#0A64B4", "loss": "#B52F20"}},
    "tradingview": {
        "dark": {"profit": "#2BB5A8", "loss": "#F7605C"},
        "light": {"profit": "#00796B", "loss": "#C62828"},
    },
}
"""What profit and loss wear, by preset and theme; sign, arrow and shape say the same in all of them."""
DEFAULT_THEME, DEFAULT_PRESET = "dark", "plimsoll"

_chosen = [DARK]


def tokens(name: str = DEFAULT_THEME, preset: str = DEFAULT_PRESET) -> Tokens:
    """A theme in the colours of a preset; KeyError where there is no such one."""
    return replace(THEMES[name], **PRESETS[preset].get(name, {}))


def choose(tokens: Tokens) -> None:
    """Use `tokens` for every widget built from now on; those that stand take them over by `application.wear`."""
    _chosen[0] = tokens


def colours() -> Tokens:
    """The chosen theme's colours."""
    return _chosen[0]


def now(colour: str) -> str:
    """The colour as it is in the chosen look; one that is no token's stays as it is."""
    return getattr(_chosen[0], colour.token) if isinstance(colour, Shade) else colour


@lru_cache(maxsize=64)
def font(px: int = 12, weight: QFont.Weight = MEDIUM) -> QFont:
    """Inter with tabular figures, or the platform's font where Inter is missing."""
    made = QFont(FAMILY)
    made.setPixelSize(px)
    made.setWeight(weight)
    made.setFeature(QFont.Tag("tnum"), 1)
    made.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return made


def palette() -> QPalette:
    """The palette for Fusion, since a colour scheme asked of the platform does nothing on bare X11 and offscreen."""
    c, made = colours(), QPalette()
    roles = {
        QPalette.ColorRole.Window: c.window,
        QPalette.ColorRole.WindowText: c.text,
        QPalette.ColorRole.Base: c.card,
        QPalette.ColorRole.AlternateBase: c.raised,
        QPalette.ColorRole.Text: c.text,
        QPalette.ColorRole.Button: c.raised,
        QPalette.ColorRole.ButtonText: c.text,
        QPalette.ColorRole.Highlight: c.track,
        QPalette.ColorRole.HighlightedText: c.text,
        QPalette.ColorRole.ToolTipBase: c.raised,
        QPalette.ColorRole.ToolTipText: c.text,
        QPalette.ColorRole.PlaceholderText: c.faint,
    }
    for role, colour in roles.items():
        made.setColor(role, QColor(colour))
    return made


_SHEET = Template("""
QToolTip { color: $text; background: $raised; border: 1px solid $edge; padding: 4px; }
Card { background: $card; border: 1px solid $line; border-radius: 8px; }
Header { background: $card; border: none; border-bottom: 1px solid $line; }
StatusLine { background: $card; border: none; border-top: 1px solid $line; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 8px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 8px; margin: 0; }
QScrollBar::handle:horizontal { background: $edge; border-radius: 3px; min-width: 24px; margin: 1px; }
QScrollBar::handle:vertical { background: $edge; border-radius: 3px; min-height: 24px; margin: 1px; }
QScrollBar::add-line, QScrollBar::sub-line, QScrollBar::add-page, QScrollBar::sub-page { background: none; height: 0; }
QPushButton { background: $track; color: $text; border: 1px solid $edge; border-radius: 5px; padding: 3px 12px; }
QPushButton:hover { border-color: $faint; }
QPushButton:focus { border-color: $curve; }
QPushButton[look="primary"] { background: $primary; color: $on_primary; border-color: $primary; }
QPushButton[look="primary"]:disabled { background: $track; color: $faint; border-color: $edge; }
QPushButton:disabled { color: $faint; }
QPushButton[look="primary"]:focus { border-color: $curve; }
QPushButton[look="link"] {
  background: transparent; color: $curve; border: 1px solid transparent; padding: 1px 4px;
}
QPushButton[look="link"]:disabled { color: $faint; }
QPushButton[look="link"]:focus { border-color: $curve; }
QPushButton[look="range"] { background: transparent; color: $soft; border: 1px solid transparent; padding: 3px 9px; }
QPushButton[look="range"]:checked { background: $track; color: $text; }
QPushButton[look="range"]:focus { border-color: $curve; }
QFrame[look="rule"] { background: $line; }
QPushButton::menu-indicator { image: none; width: 0; }
QPushButton[look="switch"], QPushButton[look="switch-off"] {
  background: transparent; border: none; border-radius: 3px; padding: 2px 8px;
}
QPushButton[look="switch"] { color: $on_plate; }
QPushButton[look="switch"]:checked { background: $on_plate; color: $plate; }
QPushButton[look="switch-off"] { color: $soft; }
QPushButton[look="switch-off"]:checked { background: $edge; color: $text; }
QPushButton[look="page"] {
  background: transparent; color: $curve; border: 1px solid transparent; padding: 0 2px 0 0; text-align: left;
}
QPushButton[look="page"]:focus { border-color: $curve; }
QComboBox {
  background: $track; color: $text; border: 1px solid $edge; border-radius: 4px; padding: 1px 6px;
  selection-background-color: $edge; selection-color: $text;
}
QComboBox:focus { border-color: $curve; }
QComboBox::drop-down { border: none; width: 14px; }
QComboBox QAbstractItemView { background: $raised; color: $text; border: 1px solid $edge; }
QMenu { background: $raised; color: $text; border: 1px solid $edge; padding: 4px; }
QMenu::item { padding: 5px 22px 5px 22px; border-radius: 4px; }
QMenu::item:selected { background: $track; }
QMenu::item:disabled { background: transparent; color: $soft; }
QListWidget { background: transparent; border: none; outline: none; color: $text; }
QListWidget::item { padding: 6px 8px; border-radius: 4px; }
QListWidget::item:selected { background: $track; color: $text; }
QTableView { background: transparent; border: none; outline: none; selection-background-color: $track; }
QTableView::item { border: none; border-bottom: 1px solid $line; padding: 0 5px; }
QHeaderView { background: transparent; border: none; }
QHeaderView::section {
  background: transparent; color: $soft; border: none; border-bottom: 1px solid $line; padding: 0 8px;
}
AlertRow, FloodRow { background: transparent; border: none; border-radius: 4px; }
AlertRow[needs="true"], FloodRow[needs="true"] { background: $raised; }
AlertRow[chosen="true"] { background: $track; }
AlertRow:focus { border: 1px solid $edge; }
QMessageBox, AlertHistory { background: $card; }
QLineEdit {
  background: $track; color: $text; border: 1px solid $edge; border-radius: 4px; padding: 1px 6px;
  selection-background-color: $edge; selection-color: $text;
}
QLineEdit:focus { border-color: $curve; }
QLineEdit[fault="true"] { border: 1px solid $critical; }
""")


def style_sheet() -> str:
    """The application's style sheet in the chosen colours; fonts are set on widgets, since a sheet drops features."""
    c = colours()
    return _SHEET.substitute({name: getattr(c, name) for name in Tokens.__slots__})
