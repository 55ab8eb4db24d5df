"""The words of the window in the person's language, by `gettext`; without a catalogue they are what stands in the code.

A catalogue is `assets/locale/<language>/LC_MESSAGES/plimsoll.mo`. It is loaded once, as this module is imported: words
that are module-level constants are in its language too.
"""

from __future__ import annotations

import gettext
from itertools import takewhile
from pathlib import Path

from PySide6.QtCore import QLocale

LOCALE = Path(__file__).resolve().parent.parent / "assets" / "locale"


def languages(wanted: list[str]) -> list[str]:
    """As gettext names them, up to English: it needs no catalogue, and who prefers it gets no later language's."""
    return [one.replace("-", "_") for one in takewhile(lambda one: one.split("-")[0] != "en", wanted)]


_chosen: list[gettext.NullTranslations] = [
    gettext.translation("plimsoll", LOCALE, languages=languages(QLocale.system().uiLanguages()), fallback=True)
]


def use(catalogue: gettext.NullTranslations) -> None:
    """Another catalogue; constants are made of it only where this comes before the rest of ui is imported."""
    _chosen[0] = catalogue


def tr(text: str, /, **values: object) -> str:
    """The text in the person's language; only where there are values are its `{fields}` filled, and braces doubled."""
    found = _chosen[0].gettext(text)
    return found.format(**values) if values else found


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """The same for a number of things, in the form that the language has for `count`, which is a field of its own."""
    return _chosen[0].ngettext(one, many, count).format(count=count, **values)
