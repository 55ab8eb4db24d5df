"""How the window looks: themes and presets that can be read, chosen by a menu, and remembered with the place."""

from __future__ import annotations

from itertools import product
from pathlib import Path

import pytest
from PySide6.QtGui import QColor

from app import cli
from tests import frames
from tests.ui.conftest import Opener
from tests.ui.test_room import clipped
from ui import theme
from ui.kept import Kept

LOOKS = list(product(theme.THEMES, theme.PRESETS))
TEXTS = ("text", "soft", "faint", "curve", "profit", "loss", "critical", "high", "medium", "low")


def brightness(colour: str) -> float:
    """Relative luminance (WCAG 2.2)."""
    shades = (QColor(colour).redF(), QColor(colour).greenF(), QColor(colour).blueF())
    linear = [v / 12.92 if v <= 0.04045 else ((v + 0.055) / 1.055) ** 2.4 for v in shades]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    light, dark = sorted((brightness(one), brightness(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize(("name", "preset"), LOOKS)
def test_every_text_of_every_look_can_be_read_on_a_card(name: str, preset: str) -> None:
    found = theme.tokens(name, preset)
    weak = {one: round(contrast(getattr(found, one), found.card), 2) for one in TEXTS}
    assert all(ratio >= 4.5 for ratio in weak.values()), weak
    assert contrast(found.on_primary, found.primary) >= 4.5


@pytest.mark.parametrize("name", theme.THEMES)
def test_in_the_preset_for_the_colour_blind_profit_is_blue_and_loss_is_red(name: str) -> None:
    found = theme.tokens(name, "blue-red")
    profit, loss = QColor(found.profit), QColor(found.loss)
    assert profit.blue() > profit.red() + 80
    assert loss.red() > loss.blue() + 80


@pytest.mark.parametrize(("name", "preset"), LOOKS)
def test_the_window_stands_in_every_look(opened: Opener, name: str, preset: str) -> None:
    theme.choose(theme.tokens(name, preset))
    window = opened(frames.warning())
    assert clipped(window) == []


def test_the_command_line_knows_the_same_names() -> None:
    assert (tuple(theme.THEMES), tuple(theme.PRESETS)) == (cli.THEMES, cli.PRESETS)


def test_the_menu_says_which_is_chosen_and_carries_both(opened: Opener) -> None:
    look, asked = opened(frames.warning()).header.pages.look, list[tuple[str, str]]()
    look.chosen.connect(lambda name, colours: asked.append((name, colours)))
    look.show_look("dark", "tradingview")
    assert look.choices["dark"].isChecked()
    look.choices["light"].trigger()
    look.choices["blue-red"].trigger()
    assert asked == [("light", "tradingview"), ("light", "blue-red")]
    assert not look.choices["dark"].isChecked()


def test_look_and_place_are_remembered(opened: Opener, tmp_path: Path) -> None:
    kept = Kept(tmp_path / "window.ini")
    assert kept.look == ("dark", "plimsoll")
    kept.keep_look("light", "blue-red")
    first = opened(frames.warning(), 1_300, 760)
    kept.keep_place(first)
    again = Kept(tmp_path / "window.ini")
    assert again.look == ("light", "blue-red")
    other = opened(frames.warning())
    again.place(other)
    assert other.height() == 760


@pytest.mark.parametrize("content", ["", "[General]\ntheme=neon\ncolours=7\ngeometry=x\n", "\x00\xff"])
def test_a_file_that_says_nothing_is_as_if_it_were_new(opened: Opener, tmp_path: Path, content: str) -> None:
    file = tmp_path / "window.ini"
    file.write_text(content, "latin-1")
    kept, window = Kept(file), opened(frames.warning(), 700, 600)
    before = window.size()
    kept.place(window)
    assert kept.look == ("dark", "plimsoll")
    assert window.size() == before


def test_a_place_outside_every_screen_is_moved_into_one(opened: Opener, tmp_path: Path) -> None:
    kept, window = Kept(tmp_path / "window.ini"), opened(frames.warning())
    window.move(9_000, 9_000)
    kept.keep_place(window)
    kept.place(window)
    screen = window.screen().availableGeometry()
    assert screen.intersects(window.frameGeometry())
