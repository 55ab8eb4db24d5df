"""The config as it is edited: values change, comments stay, and nothing is written that would not be taken."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import tomlkit

from app.config import load, packs
from app.config.draft import FileDraft
from app.config.helps import DEFAULT, helps
from app.config.rules import RULE
from app.config.sections import APP, DAY, TERMINAL
from monitors.drafts import Field
from monitors.ports import Severity
from monitors.responses import RESPONSES
from monitors.responses.alert import Alert
from monitors.responses.halt import Halt
from monitors.responses.reduce import Reduce


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
    assert "below the 150.0" in str(judged.faults["rule[0].levels[1].at"])
    assert len([line for line in judged.sentences["Margin level"] if ": when" in line]) == 1


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
    assert any("1" in str(words) for words in faulty.judged().faults.values())


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


def test_what_is_typed_needs_no_quotes_and_no_brackets(draft: FileDraft) -> None:
    for path, words in (("rule[0].name", 'The "margin"'), ("rule[0].accounts", "Funded*, Swing"),
                        ("rule[0].magics", "7001, 7002"), ("rule[0].confirm", "3"),
                        ("rule[1].levels[1].until", "reset"), ("rule[0].rearm", "")):  # fmt: skip
        draft.put(path, words)
    margin, daily = draft.judged().rules[:2]
    assert (margin.name, margin.accounts, margin.magics, margin.confirm, margin.rearm) == (
        'The "margin"', ("Funded*", "Swing"), (7001, 7002), 3, 0.0)  # fmt: skip
    assert daily.levels[1].response == Halt(until="reset")
    assert field(draft, "rule[0].accounts").plain == "Funded*, Swing"


def test_a_level_is_added_beyond_the_last_and_severer_and_taken_away_again(draft: FileDraft) -> None:
    before = tomlkit.dumps(draft._doc)
    draft.add_level("rule[0]")
    added = draft.judged().rules[0].levels[2]
    assert (added.at, added.severity, added.response) == (90.0, Severity.EXTREME, Alert())
    assert '\n  { at = 90.0, severity = "extreme", action = "alert" },\n]' in tomlkit.dumps(draft._doc)
    draft.remove_level("rule[0].levels[2]")
    assert tomlkit.dumps(draft._doc) == before


def test_an_above_rule_grows_upwards(draft: FileDraft) -> None:
    draft.add_level("rule[4]")
    assert [level.at for level in draft.judged().rules[4].levels] == [0.5, 0.6]


@pytest.mark.parametrize("action", sorted(RESPONSES))
def test_another_action_brings_what_it_needs_and_takes_what_it_does_not_know(draft: FileDraft, action: str) -> None:
    draft.act("rule[0].levels[1]", action)
    faults = [str(one) for one in draft.judged().faults.values()]
    assert not [
        one
        for one in faults
        if "a key that" in one or "give either" in one or "found nothing" in one
        if action != "backstop"
    ], "what a backstop keeps within is a person's to say"
    draft.act("rule[0].levels[1]", "alert")
    assert draft.judged().faults == {}


def test_a_halts_end_is_no_reductions_end(draft: FileDraft) -> None:
    draft.act("rule[1].levels[1]", "reduce")
    assert draft.judged().rules[1].levels[1].response == Reduce(percent=50.0)
    draft.act("rule[0].levels[1]", "halt")
    assert draft.judged().rules[0].levels[1].response == Halt(until="day")


def test_a_new_rule_only_tells_and_stands_where_rules_stand(draft: FileDraft, file: Path) -> None:
    assert (draft.add_rule(), draft.add_rule()) == ("rule[7]", "rule[8]")
    assert field(draft, "rule[8].name").text == '"New rule 2"'
    draft.save()
    written = load(file, {}).rules
    assert [level.response for rule in written[7:] for level in rule.levels] == [Alert(), Alert()]


def test_a_rule_comes_where_there_was_none(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[app]\npoll_ms = 100\n", "utf-8")
    draft = FileDraft(file, {})
    assert draft.add_rule() == "rule[0]"
    draft.add_level("rule[0]")
    assert len(draft.judged().rules[0].levels) == 2


def test_what_is_wrong_with_one_level_leaves_the_other_sentences_standing(draft: FileDraft) -> None:
    draft.change("rule[0].levels[1].at", "170.0")
    judged = draft.judged()
    assert judged.levels["rule[0].levels[0]"].startswith("When the margin level falls to 150.00 %")
    assert "rule[0].levels[1]" not in judged.levels
    assert judged.levels["rule[1].levels[3]"].endswith("resets it.")
    assert judged.rules == ()


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("rule[0].levels[1].at", "170.0"),
        ("rule[1].levels[1].at", "9.0"),
        ("rule[0].levels[1].severity", '"low"'),
        ("rule[0].levels[1].severity", '"critcal"'),
        ("rule[0].levels[1].until", "110.0"),
        ("rule[0].metric", '"margin.levelpct"'),
        ("rule[0].base", '"peak"'),
        ("rule[0].colour", '"red"'),
        ("day.zoned", '"server"'),
    ],
)  # fmt: skip
def test_one_click_mends_what_can_be_mended(draft: FileDraft, path: str, text: str) -> None:
    draft.change(path, text)
    judged = draft.judged()
    while judged.faults:
        repair = next(one.repair for one in judged.faults.values() if one.repair is not None)
        draft.change(repair.path, repair.text)
        after = draft.judged()
        assert len(after.faults) < len(judged.faults)
        judged = after


def test_what_nobody_can_guess_has_no_repair(draft: FileDraft) -> None:
    draft.change("app.mode", '"armed"')
    assert draft.judged().faults["terminal[0].login"].repair is None


def test_a_plan_is_put_on_a_terminal_with_its_amounts_and_the_comments_stay(draft: FileDraft, file: Path) -> None:
    under = draft.terminals()[0]
    assert (under.name, under.plan) == ("main", "")
    draft.adopt("ftmo-2-step", replace(under, initial="100 000"))
    draft.save()
    config = load(file, {})
    assert (config.terminals[0].pack, config.terminals[0].initial_balance) == ("ftmo-2-step", 100_000.0)
    assert config.rules[-1].name.startswith("FTMO 2-step")
    assert "# what you call it; rules and commands use this name" in file.read_text("utf-8")
    assert replace(under, plan="ftmo-2-step", initial="100000") == draft.terminals()[0]


def test_what_a_plan_becomes_is_shown_before_it_is_taken(draft: FileDraft) -> None:
    under = draft.terminals()[0]
    lacking = draft.preview("ftmo-2-step", under)
    assert (lacking.rules, lacking.faults[0].startswith("initial_balance: found 0.0, expected")) == ({}, True)
    shown = draft.preview("ftmo-2-step", replace(under, initial="100000"))
    assert "95.00 %" in shown.rules["FTMO 2-step: daily loss"][2]
    assert any("90,000.00" in line for line in shown.sentences)
    assert draft.preview("ftmo-2-step", replace(under, initial="much")).faults == (
        "initial_balance: found much, expected an amount such as 100000",)  # fmt: skip
    assert not draft.changed


def test_a_plan_comes_onto_the_terminal_that_a_file_leaves_out(tmp_path: Path) -> None:
    file = tmp_path / "config.toml"
    file.write_text("[app]\npoll_ms = 100\n", "utf-8")
    draft = FileDraft(file, {})
    draft.adopt("ftmo-2-step", replace(draft.terminals()[0], initial="50000", high="51000"))
    draft.save()
    found = load(file, {}).terminals[0]
    assert (found.pack, found.initial_balance, found.high_water) == ("ftmo-2-step", 50_000.0, 51_000.0)


def test_every_plan_says_where_it_was_read_and_whether_a_high_counts(draft: FileDraft) -> None:
    known = {plan.name: plan for plan in draft.plans()}
    assert set(known) == set(packs.names())
    assert not known["ftmo-2-step"].trails
    assert known["ftmo-1-step"].trails
    assert known["ftmo-2-step"].source.startswith("https://")


def test_a_copy_is_written_elsewhere_and_never_over_what_comes_with_the_program(file: Path, tmp_path: Path) -> None:
    draft = FileDraft(file, {}, "fixed")
    draft.change("app.poll_ms", "250")
    copy = tmp_path / "new" / "mine.toml"
    draft.save_as(str(copy))
    assert load(copy, {}).poll_ms == 250
    assert load(file, {}).poll_ms == 100
    for own in (DEFAULT, DEFAULT.parent / "assets" / "demo.toml"):
        before = own.read_bytes()
        with pytest.raises(OSError, match="comes with the program"):
            draft.save_as(str(own))
        assert own.read_bytes() == before
