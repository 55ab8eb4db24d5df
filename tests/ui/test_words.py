"""Every word that the window shows goes through a catalogue, and without one stays as it is written."""

from __future__ import annotations

import ast
import gettext
import json
import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from tests.ui import literals
from ui import words
from ui.words import tr, trn

FILES = literals.files()


class German(gettext.NullTranslations):
    """One that knows two texts."""

    def gettext(self, message: str) -> str:
        return {"Saved {file}": "{file} ist gesichert"}.get(message, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return {"{count} rule": "{count} Regeln" if n > 1 else "{count} Regel"}.get(msgid1, msgid2)


@pytest.fixture
def german() -> Iterator[None]:
    before = words._chosen[0]
    words.use(German())
    yield
    words.use(before)


def test_without_a_catalogue_words_are_as_they_are_written() -> None:
    assert tr("Quit") == "Quit"
    assert tr("braces {stay} {{as}} they are") == "braces {stay} {{as}} they are"
    assert tr("Saved {file}", file="a {b}") == "Saved a {b}"
    assert tr("{{{file}}}", file="a") == "{a}"
    assert [trn("{count} rule of {file}", "{count} rules of {file}", n, file="a") for n in (0, 1, 2)] == [
        "0 rules of a", "1 rule of a", "2 rules of a"]  # fmt: skip


@pytest.mark.usefixtures("german")
def test_a_catalogue_has_its_own_order_and_its_own_plural() -> None:
    assert tr("Saved {file}", file="a.html") == "a.html ist gesichert"
    assert [trn("{count} rule", "{count} rules", n) for n in (1, 2)] == ["1 Regel", "2 Regeln"]
    assert tr("Quit") == "Quit", "what it does not know stays"


def test_english_needs_no_catalogue_and_what_comes_after_it_is_not_preferred() -> None:
    assert words.languages(["de-AT", "de", "en-GB", "fr"]) == ["de_AT", "de"]
    assert words.languages(["en-US", "de"]) == []


@pytest.mark.parametrize("file", FILES)
def test_no_word_stands_outside_of_a_translation(file: str) -> None:
    assert [str(found) for found in literals.untranslated(file, FILES[file])] == []


@pytest.mark.parametrize("file", FILES)
def test_what_is_translated_is_a_plain_literal_whose_fields_are_the_values_given(file: str) -> None:
    for found, fields, values, plain in literals.translated(file, FILES[file]):
        assert plain, found
        assert fields == values, found


@pytest.mark.parametrize(
    ("source", "caught"),
    [
        ('Label("Not read")', True),
        ('Label("Balance")', True),
        ('Label("STOP")', True),
        ('say(f"{name} of {all}")', True),
        ('say(name + " more")', True),
        ('say(tr("{name} more", name="Used margin"))', True),
        ('say(tr("Not read"))', False),
        ('NAMES = {"Balance": tr("Balance")}; NAMES["Balance"]', False),
        ('bind("Ctrl+Shift+X")', False),
        ('sheet("border: 1px solid")', False),
        ('metric("margin.level_pct")', False),
        ('say(f"{whole} min {rest}")', False),
    ],
)
def test_the_reading_of_literals_catches_words_and_nothing_else(source: str, *, caught: bool) -> None:
    assert bool(literals.untranslated("x.py", ast.parse(source))) is caught


@pytest.mark.parametrize(
    "source",
    [
        'tr("")',
        "tr(words)",
        'tr(f"{a}")',
        'tr("{a}")',
        'tr("{a}", b=1)',
        'tr("{}", a=1)',
        'tr("{a}", **b)',
        'trn("a", "b", 1)',
    ],
)
def test_a_translation_that_could_not_be_made_is_caught(source: str) -> None:
    ((_, fields, values, plain),) = literals.translated("x.py", ast.parse(source))
    assert not plain or fields != values


def test_in_another_language_nothing_of_the_window_is_english() -> None:
    """In a process of its own: constants are made of the catalogue that is there as ui is imported."""
    run = subprocess.run(
        [sys.executable, "-m", "tests.ui.other_words"], capture_output=True, text=True, check=False, timeout=110,
        cwd=literals.ROOT.parent, env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    assert seen["texts"] > 1_200
    assert seen["english"] == []
