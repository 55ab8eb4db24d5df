"""Reading the source of the window: which of its literals read as words, and what is given to `tr` and `trn`."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from string import Formatter

import ui

ROOT = Path(ui.__file__).parent
MADE_UP = ("sample.py", "sample_pages.py", "words.py")
"""The account of a panel that stands alone, which no person's window shows; and `tr` itself."""
ALLOWED = {
    "Plimsoll": "the program's own name",
    "TradingView": "another's own name",
    "plimsoll demo": "a command as it is typed",
    "Fusion": "the name of Qt's style",
    "Inter": "the name of a font",
    "HTML (*.html)": "a format's name and a pattern of files",
    "PDF (*.pdf)": "the same",
    " (*.toml)": "a pattern of files",
    "HHI": "an index by its own name",
    "MainWindow": "the name of a type",
    "equity counts": "the beginning of a sentence of app/, which is English by contract",
    "when ": "the same",
    "QT_QPA_PLATFORM": "a variable of the environment",
    "Esc": "a key, which QKeySequence names in the person's language",
    "Space": "the same",
    "Return": "the same",
    "Left": "the same",
    "Right": "the same",
    "Tab": "the same",
}
_KEYS = re.compile(r"(Ctrl|Shift|Alt)\+[\w+,]*")
_SHEET = re.compile(r"[\w-]+: [\w$#]*(;|$)|border(-\w+)?: 1px|[#\w]+ \{|^<p style|^#[0-9A-F]{6}$")
_WORDS = re.compile(
    r"[A-Za-z][A-Za-z\d]+[,;:.…]? +\(?[A-Za-z]|[A-Za-z\d] [A-Za-z]{2,}|^[^A-Za-z]*([A-Z][a-z]+|[A-Z]{4,})"
)
_PART = re.compile(r"( |^)(?!(ms|min|UTC)\b)[A-Za-z]{2,} | (?!(ms|min|UTC)\b)[A-Za-z]{2,}( |$)")
"""A word beside a space, as in halves of a sentence."""


@dataclass(frozen=True, slots=True)
class Found:
    """A literal where it stands."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text!r}"


def files() -> dict[str, ast.Module]:
    """Every module of the window, by its path in ui/."""
    found = sorted(ROOT.rglob("*.py"))
    return {
        file.relative_to(ROOT).as_posix(): ast.parse(file.read_text("utf-8"))
        for file in found
        if file.name not in MADE_UP
    }


def reads_as_words(text: str, *, part: bool = False) -> bool:
    """Several words or a capitalised one; `part`: one that stands beside a space in an f-string is one too."""
    if text in ALLOWED or text.strip(": ") in ALLOWED or _KEYS.fullmatch(text.strip("), \n")) or _SHEET.search(text):
        return False
    return bool(_WORDS.search(text) or (part and _PART.search(text)))


def called(node: ast.AST) -> str:
    """The bare name of what is called; empty for anything else."""
    return node.func.id if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) else ""


def untranslated(file: str, tree: ast.Module) -> list[Found]:
    """Words outside of `tr` that are no docstring, no key of a dictionary of words, and not allowed by name."""
    keys = _keys(tree)
    return [
        Found(file, line, text) for line, text, part in _literals(tree)
        if text not in keys and reads_as_words(text, part=part)
    ]  # fmt: skip


def translated(file: str, tree: ast.Module) -> Iterator[tuple[Found, set[str], set[str], bool]]:
    """Each `tr` and `trn`: its first text, its fields, the names of its values, and whether its texts are plain."""
    for node in ast.walk(tree):
        name = called(node)
        if not isinstance(node, ast.Call) or name not in {"tr", "trn"}:
            continue
        given = node.args[: 1 if name == "tr" else 2]
        texts = [one.value for one in given if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        plain = len(texts) == len(given) and all(texts) and len(node.args) == (1 if name == "tr" else 3)
        fields = {field or "" for text in texts for _, field, _, _ in Formatter().parse(text) if field is not None}
        values = {one.arg or "**" for one in node.keywords} | ({"count"} if name == "trn" else set())
        yield Found(file, node.lineno, texts[0] if texts else ""), fields, values, plain


def _keys(tree: ast.Module) -> set[str]:
    """What the module knows its words by: the keys of a dictionary of words."""
    return {
        key.value
        for node in ast.walk(tree) if isinstance(node, ast.Dict)
        for key, value in zip(node.keys, node.values, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str) and called(value) == "tr"
    }  # fmt: skip


def _literals(node: ast.AST) -> Iterator[tuple[int, str, bool]]:
    """Line and text of each literal that could be shown, and whether it is a part of an f-string."""
    if isinstance(node, ast.Raise) or (isinstance(node, ast.If) and "__main__" in ast.unparse(node.test)):
        return  # an exception's text goes to the log; a module that is run alone shows no person's account
    if called(node) in {"cast", "TypeVar"}:
        return  # the name of a type
    if isinstance(node, ast.JoinedStr):
        for part in node.values:
            if isinstance(part, ast.Constant):
                yield node.lineno, str(part.value), True
            elif isinstance(part, ast.FormattedValue):
                yield from _literals(part.value)
        return
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.lineno, node.value, node.value != node.value.strip()
    inside: list[ast.AST] = [one for one in ast.iter_child_nodes(node) if not _docstring(one)]
    if called(node) in {"tr", "trn"} and isinstance(node, ast.Call):
        inside = [one.value for one in node.keywords]
    for one in inside:
        yield from _literals(one)


def _docstring(node: ast.AST) -> bool:
    """A string that stands as a statement."""
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
