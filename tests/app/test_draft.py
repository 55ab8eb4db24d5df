"""The config as it is edited: values change, comments stay, and nothing is written that would not be taken."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.config import load
from app.config.draft import FileDraft
from app.config.helps import DEFAULT, helps
from app.config.rules import RULE
from app.config.sections import APP, DAY, TERMINAL
from monitors.drafts import Field
from monitors.ports import Severity


@pytest.fixture
def file(tmp_path: Path) -> Path:
    made = tmp_path / "config.toml"
    made.write_text(DEFAULT.read_text("utf-8"), "utf-8")
    return made


@pytest.fixture
def draft(file: Path) -> FileDraft:
    return FileDraft(file, {})


def field(draft: FileDraft, path: str) -> Field:
    return next(one for section in draft.sections() for one in section.fields if one.path == path)


def test_every_key_of_the_file_is_there_with_its_words_and_those_left_out_too(draft: FileDraft) -> None:
    found = {one.path: one for section in draft.sections() for one in section.fields}
    assert {f"app.{key}" for key in APP} | {f"day.{key}" for key in DAY} <= found.keys()
    assert {f"terminal[0].{key}" for key in TERMINAL} | {
        f"rule[0].{key}" for key in RULE if key != "levels"
    } <= found.keys()
    assert (found["app.poll_ms"].text, found["rule[0].confirm"].text) == ("100", "")
    assert found["app.poll_ms"].help.startswith("how often each terminal is read")
    assert found["rule[0].levels[1].until"].text == "150.0"
    assert found["rule[0].levels[1].percent"].text == "", "a key that the action knows and the level does not give"


def test_what_is_said_of_a_key_goes_over_its_lines() -> None:
    assert helps()["app.mode"].endswith("or with `plimsoll loosen`")
    assert "higher" in helps()["rule.base"]
    assert helps()["action.diversify"].startswith("symbol_pct = 40.0")


def test_a_rule_wears_its_severities(draft: FileDraft) -> None:
    rule = next(section for section in draft.sections() if section.title == "Margin level")
    assert rule.severities == (Severity.MEDIUM, Severity.CRITICAL)


def test_a_change_is_judged_and_said_before_it_is_saved(draft: FileDraft, file: Path) -> None:
    before = file.read_bytes()
    draft.change("rule[0].levels[0].at", "160.0")
    assert draft.changed
    assert "falls to 160.00 %" in draft.judged().sentences["Margin level"][0]
    assert file.read_bytes() == before


def test_a_fault_is_named_by_the_path_of_its_field(draft: FileDraft) -> None:
    draft.change("rule[0].levels[1].at", "170.0")
    judged = draft.judged()
    assert "below the 150.0" in judged.faults["rule[0].levels[1].at"]
    assert judged.sentences == {}


def test_saving_keeps_every_comment_and_changes_one_value(draft: FileDraft, file: Path) -> None:
    before = file.read_text("utf-8")
    draft.change("app.poll_ms", "250")
    draft.save()
    assert file.read_text("utf-8") == before.replace("poll_ms = 100 ", "poll_ms = 250 ")
    assert not draft.changed
    assert load(file, {}).poll_ms == 250
    assert [one.name for one in file.parent.iterdir()] == ["config.toml"]


def test_an_empty_text_takes_the_key_away_and_a_new_one_is_put_where_it_belongs(draft: FileDraft, file: Path) -> None:
    draft.change("rule[0].rearm", "")
    draft.change("rule[1].confirm", "3")
    draft.save()
    margin, daily = load(file, {}).rules[:2]
    assert (margin.rearm, daily.confirm) == (0.0, 3)


def test_a_word_without_quotes_is_no_value_and_changes_nothing(draft: FileDraft) -> None:
    with pytest.raises(ValueError, match="a word stands in quotes"):
        draft.change("app.mode", "armed")
    assert not draft.changed


def test_a_copied_rule_has_a_name_of_its_own_and_can_be_taken_away(draft: FileDraft) -> None:
    path = draft.copy_rule("rule[0]")
    assert field(draft, f"{path}.name").text == '"Margin level 2"'
    assert draft.judged().faults == {}
    again = draft.copy_rule("rule[0]")
    assert field(draft, f"{again}.name").text == '"Margin level 3"'
    draft.remove_rule(again)
    draft.remove_rule(path)
    assert not draft.changed


def test_a_file_that_cannot_be_written_is_as_it_was(draft: FileDraft, file: Path) -> None:
    before = file.read_bytes()
    draft.change("app.poll_ms", "250")
    (file.parent / "config.toml.new").mkdir()
    with pytest.raises(OSError, match="config"):
        draft.save()
    assert file.read_bytes() == before
    assert draft.changed


def test_what_is_fixed_is_shown_and_never_written(file: Path) -> None:
    before = file.read_bytes()
    fixed = FileDraft(file, {}, "the demo's own")
    fixed.change("app.poll_ms", "250")
    with pytest.raises(OSError, match="the demo's own"):
        fixed.save()
    assert (fixed.writable, file.read_bytes()) == ("the demo's own", before)


def test_discarding_reads_the_file_as_it_is_by_now(draft: FileDraft, file: Path) -> None:
    draft.change("app.poll_ms", "250")
    file.write_text(file.read_text("utf-8").replace("poll_ms = 100 ", "poll_ms = 500 "), "utf-8")
    draft.reread()
    assert field(draft, "app.poll_ms").text == "500"
    assert not draft.changed


def test_a_value_of_the_environment_is_judged_as_at_a_start(file: Path) -> None:
    faulty = FileDraft(file, {"PLIMSOLL_APP__POLL_MS": "1"})
    assert any("1" in words for words in faulty.judged().faults.values())


def test_a_table_that_the_file_lacks_is_made(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("# mine\n", "utf-8")
    draft = FileDraft(file, {})
    draft.change("alerts.escalate_s", "60.0")
    draft.save()
    assert file.read_text("utf-8").startswith("# mine\n")
    assert load(file, {}).alerts.escalate_s == 60.0


def test_line_endings_mode_and_a_link_stay_as_they_are(tmp_path: Path) -> None:
    real, link = tmp_path / "real.toml", tmp_path / "config.toml"
    real.write_bytes(b"[app]\r\npoll_ms = 100 # mine\r\n")
    real.chmod(0o600)
    link.symlink_to(real)
    draft = FileDraft(link, {})
    draft.change("app.poll_ms", "250")
    draft.save()
    assert real.read_bytes() == b"[app]\r\npoll_ms = 250 # mine\r\n"
    assert (link.is_symlink(), real.stat().st_mode & 0o777) == (True, 0o600)


def test_a_read_only_file_is_left_alone(draft: FileDraft, file: Path) -> None:
    before = file.read_bytes()
    file.chmod(0o444)
    draft.change("app.poll_ms", "250")
    with pytest.raises(OSError, match="read-only"):
        draft.save()
    assert file.read_bytes() == before


@pytest.mark.parametrize("rules", [
    ('rule = [{ name = "A", metric = "equity", when = "below", '
    'levels = [{ at = 1.0, severity = "low", action = "alert" }] }]'),
    '[[rule]]\nmetric = "equity"\nwhen = "below"\n[[rule.levels]]\nat = 1.0\nseverity = "low"\naction = "alert"',
])  # fmt: skip
def test_a_rule_is_copied_however_it_is_written(tmp_path: Path, rules: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(rules + "\n", "utf-8")
    draft = FileDraft(file, {})
    path = draft.copy_rule("rule[0]")
    assert field(draft, f"{path}.name").text.endswith(' 2"')
    assert "file" not in draft.judged().faults
    draft.save()
    assert len(FileDraft(file, {}).sections()) == len(draft.sections())
