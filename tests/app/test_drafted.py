"""The config that a window edits: the demo's is judged with the demo's terminals, and its file is nobody's to write."""

from __future__ import annotations

from pathlib import Path

from app.config import load
from app.main import ASSETS, Program, World, demo
from app.window.drafted import DEMO, NO_FILE, drafted
from monitors.settings import Config


def world() -> World:
    raise AssertionError("no world is built for a draft")


def program(config: Config, folder: Path) -> Program:
    return Program(config, world, folder, lambda _: None, place=folder)


def test_the_demos_draft_has_no_fault_and_says_what_its_rules_do(tmp_path: Path) -> None:
    draft = drafted(demo({}, 1.0, 1, tmp_path, lambda _: None))
    assert draft is not None
    judged = draft.judged()
    assert judged.faults == {}
    assert len(judged.rules) == 7
    assert "falls to 150.00 %" in judged.levels["rule[0].levels[0]"]
    assert not draft.changed
    assert [under.name for under in draft.terminals()] == ["Funded 100k", "Swing", "Gold EA"]


def test_the_demos_rules_are_kept_as_another_file_that_stands_by_itself(tmp_path: Path) -> None:
    before = (ASSETS / "demo.toml").read_bytes()
    draft = drafted(demo({}, 1.0, 1, tmp_path, lambda _: None))
    assert draft is not None
    assert draft.writable == DEMO
    draft.change("rule[0].levels[0].at", "160.0")
    draft.save_as(str(tmp_path / "mine.toml"))
    mine = load(tmp_path / "mine.toml", {})
    assert (mine.armed, mine.rules[0].levels[0].at, len(mine.terminals)) == (True, 160.0, 3)
    assert (ASSETS / "demo.toml").read_bytes() == before


def test_a_config_of_ones_own_can_be_saved(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[app]\npoll_ms = 100\n", "utf-8")
    draft = drafted(program(load(file, {}), tmp_path))
    assert draft is not None
    assert draft.writable == ""


def test_where_no_file_is_in_use_the_defaults_are_kept_as_one(tmp_path: Path) -> None:
    draft = drafted(program(load(None, {}), tmp_path))
    assert draft is not None
    assert draft.writable == NO_FILE


def test_what_cannot_be_read_is_no_draft(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[app]\npoll_ms = 100\n", "utf-8")
    config = load(file, {})
    file.write_text("[[", "utf-8")
    assert drafted(program(config, tmp_path)) is None
