"""A language in which every text is ⟦itself⟧; to be imported before anything of ui/, whose constants it is then in."""

from __future__ import annotations

import gettext
import html
import re
import sys
from collections.abc import Iterable

from ui import words

_TEXT, _CUT, _TAG = re.compile(r"⟦[^⟦⟧]*⟧"), re.compile(r"⟦[^⟦⟧]*…"), re.compile(r"<[^>]*>")
_LETTERS = re.compile(r"[A-Za-z]{2,}|[A-Za-z]\.")


class Bracketed(gettext.NullTranslations):
    """`Quit` as `⟦Quit⟧`, with its fields as they were."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def left(text: str, data: Iterable[str], patterns: Iterable[re.Pattern[str]]) -> str:
    """What is neither translated nor `data`, longest first, nor of a pattern; empty where no word of it is left."""
    rest = html.unescape(_TAG.sub(" ", text)) if text.startswith("<") else text
    before = ""
    while before != rest:
        before, rest = rest, _TEXT.sub(" ", rest)
    rest = _CUT.sub(" ", rest)
    for one in data:
        if one.casefold() in rest.casefold():  # in capitals too, as a card's head has it
            rest = re.sub(rf"(?<!\w){re.escape(one)}(?!\w)", " ", rest, flags=re.IGNORECASE)
    for pattern in patterns:
        rest = pattern.sub(" ", rest)
    return " ".join(rest.split()) if _LETTERS.search(rest) else ""


_early = sorted(name for name in sys.modules if name.startswith("ui.") and name != "ui.words")
assert not _early, f"made before there was another language: {_early}"
words.use(Bracketed())
