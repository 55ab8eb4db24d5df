"""The config file as it is edited in the window: values change, comments and everything else stay."""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import tomli
import tomlkit
from tomlkit.exceptions import TOMLKitError

from app.config import draft_plans, draft_rules
from app.config.draft_sections import all_sections
from app.config.helps import DEFAULT
from app.config.judging import judge
from app.config.repairs import steps
from app.config.sources import usual_file
from monitors.drafts import Judged, Plan, Preview, Section, Trouble, Under

TEXTS = ("name", "why", "do", "metric", "when", "base", "of", "severity", "action", "order", "scope")
LISTS = ("accounts", "symbols")
_WORD = re.compile(r"[A-Za-z_][\w ]*")
_NUMBERS = re.compile(r"\s*\d+(\s*,\s*\d+)*\s*")


class FileDraft:
    """See Draft. `file` None: there is none to write, for the reason `fixed`; `more` is judged and shown with it."""

    def __init__(self, file: Path | None, environ: Mapping[str, str], fixed: str = "", more: str = "") -> None:
        self._file, self._environ, self._fixed, self._more = file, environ, fixed, more
        self._before = ""
        self._known: str | None = None
        """What the file held when it was read."""
        self._doc = tomlkit.document()
        self.reread()

    @property
    def writable(self) -> str:
        return self._fixed

    @property
    def changed(self) -> bool:
        return tomlkit.dumps(self._doc) != self._before

    @property
    def elsewhere(self) -> str:
        return str(usual_file())

    def reread(self) -> None:
        """As the file says, or the config that comes with the program where there is none; OSError, ValueError."""
        own = self._on_disk()
        text = (DEFAULT.read_text("utf-8") if own is None else own) + self._more
        try:
            doc = tomlkit.parse(text)
        except TOMLKitError as error:
            raise ValueError(f"{self._file}: {error}") from error
        self._before, self._doc, self._known = text, doc, own

    def _on_disk(self) -> str | None:
        """The file's text now, its line endings as they are; None where there is none."""
        return self._file.read_bytes().decode() if self._file is not None and self._file.is_file() else None

    def sections(self) -> tuple[Section, ...]:
        return all_sections(self._doc)

    def change(self, path: str, text: str) -> None:
        *way, key = steps(path)
        if not text.strip():
            table = self._at(way, make=False)
            if table is not None and key in table:
                del table[key]
            return
        try:
            value = tomlkit.value(text.strip())
        except (TOMLKitError, ValueError) as error:
            raise ValueError(f"no value of TOML: {error}; a word stands in quotes") from error
        table = self._at(way, make=True)
        if table is not None:
            table[key] = value

    def put(self, path: str, words: str) -> None:
        self.change(path, as_toml(path, words))

    def act(self, path: str, action: str) -> None:
        draft_rules.act(self._at(steps(path), make=False), action)

    def add_rule(self) -> str:
        return draft_rules.add_rule(self._doc)

    def copy_rule(self, path: str) -> str:
        return draft_rules.copy_rule(self._doc, self._at(steps(path), make=False))

    def remove_rule(self, path: str) -> None:
        del self._doc["rule"][int(steps(path)[-1])]

    def add_level(self, path: str) -> None:
        draft_rules.add_level(self._at(steps(path), make=False))

    def remove_level(self, path: str) -> None:
        *way, place = steps(path)
        del self._at(way, make=False)[place]

    def judged(self) -> Judged:
        try:
            table = tomli.loads(tomlkit.dumps(self._doc))
        except tomli.TOMLDecodeError as error:
            return Judged(faults={"file": Trouble(found="", remedy=f"no TOML any more: {error}")}, sentences={})
        return judge(table, source=str(self._file or "config"), environ=self._environ)

    def plans(self) -> tuple[Plan, ...]:
        return draft_plans.plans()

    def terminals(self) -> tuple[Under, ...]:
        return draft_plans.terminals(self._doc)

    def preview(self, plan: str, under: Under) -> Preview:
        return draft_plans.preview(self._doc, plan, under)

    def adopt(self, plan: str, under: Under) -> None:
        draft_plans.adopt(self._doc, plan, under)

    def save(self) -> None:
        """In one step: another process sees the file before or after and never half of it."""
        if self._file is None or self._fixed:
            raise OSError(self._fixed)
        if self._on_disk() != self._known:
            raise OSError(f"{self._file} was changed meanwhile; Discard reads it anew")
        text = tomlkit.dumps(self._doc)
        _write(self._file, text)
        self._before = self._known = text

    def save_as(self, place: str) -> None:
        """The files that come with the program are nobody's to write over."""
        file = Path(place).expanduser()
        own = DEFAULT.resolve(), *((DEFAULT.parent / "assets").resolve().rglob("*.toml"))
        if file.resolve() in own:
            raise OSError(f"{file} comes with the program; choose another place")
        _write(file, tomlkit.dumps(self._doc))

    def _at(self, way: Iterable[str | int], *, make: bool) -> Any:
        """The table at a path; made where it is to be and is not there."""
        here: Any = self._doc
        for step in way:
            if isinstance(step, str) and step not in here:
                if not make:
                    return None
                here[step] = tomlkit.table()
            here = here[step]
        return here


def as_toml(path: str, words: str) -> str:
    """What a person typed for a key of a rule or a level, as TOML: texts get quotes and lists brackets."""
    key, bare = path.rpartition(".")[2], words.strip()
    if not bare:
        return ""
    if key in TEXTS:
        return json.dumps(words if key in ("name", "why", "do") else bare, ensure_ascii=False)
    if key in LISTS:
        return json.dumps([one.strip() for one in bare.split(",") if one.strip()], ensure_ascii=False)
    if key == "magics" and _NUMBERS.fullmatch(bare):
        return f"[{bare}]"
    if _WORD.fullmatch(bare) and bare not in ("true", "false", "inf", "nan"):
        return json.dumps(bare)
    return bare


def _write(given: Path, text: str) -> None:
    """A link stays one, and a file keeps its mode."""
    file = given.resolve()
    mode = stat.S_IMODE(file.stat().st_mode) if file.exists() else 0o600
    if not mode & stat.S_IWUSR:
        raise OSError(f"{file} is read-only")
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_name(f"{file.name}.new")
    with fresh.open("wb") as out:
        out.write(text.encode())
        out.flush()
        os.fsync(out.fileno())
    fresh.chmod(mode)
    fresh.replace(file)
