"""Which instance this is, and that only one of them holds an account of this machine."""

from __future__ import annotations

import json
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.instance.answers import answerer
from app.instance.control import FILE, Listener
from app.instance.single import Claim, Instance, holder, shown
from app.store import identity as identities
from app.store.folder import held
from app.store.identity import identity
from monitors.outcomes import tag
from monitors.settings import TerminalSettings
from tests.app.test_control import Worker
from tests.frames import calm

ROOT = Path(__file__).resolve().parents[2]
REAL = TerminalSettings(login=7, server="Broker-Live")
HOLDS = """
import sys
from pathlib import Path
from app.instance.single import Claim, Instance
from monitors.settings import TerminalSettings
place = Path(sys.argv[1])
claim = Claim(Instance(data=place, place=place), TerminalSettings())
assert claim.take("Broker-Live", 7)
print("held", flush=True)
sys.stdin.read()
"""

# ----------------------------------------------------------------------------------------------------- the identity


def test_an_identity_is_made_once_for_this_users_eyes_and_kept(tmp_path: Path) -> None:
    made = identity(tmp_path / "new")
    assert (len(made), int(made, 16) >= 0, identity(tmp_path / "new")) == (6, True, made)
    assert identity(tmp_path / "other") != made
    assert [p.name for p in (tmp_path / "new").iterdir()] == ["identity"]
    if sys.platform != "win32":
        assert stat.S_IMODE((tmp_path / "new" / "identity").stat().st_mode) == 0o600


@pytest.mark.parametrize("found", [b"", b"ABCDEF\n", b"12345", b"1234567", b"\xff\xfe", b"abcdef\nabcdef\n"], ids=repr)
def test_what_is_no_identity_is_replaced_by_one(tmp_path: Path, found: bytes) -> None:
    (tmp_path / identities.FILE).write_bytes(found)
    made = identity(tmp_path)
    assert len(made) == 6
    assert identity(tmp_path) == made


def test_of_two_that_make_one_at_once_the_first_wins(tmp_path: Path) -> None:
    (tmp_path / "fresh").write_text("bbbbbb\n")
    (tmp_path / identities.FILE).write_text("aaaaaa\n")
    identities._place(tmp_path / "fresh", tmp_path / identities.FILE)
    assert identity(tmp_path) == "aaaaaa"


def test_where_nothing_can_be_kept_there_is_one_for_this_run(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    assert len(identity(tmp_path / "file" / "data")) == 6


@pytest.mark.parametrize("number", [1, 1_000_000_001, 176_000_000_000_099, 999_999_999_999_999])
def test_a_comment_is_never_longer_than_the_package_takes(number: int) -> None:
    assert len(tag("ffffff", number)) <= 29


# -------------------------------------------------------------------------------------------------------- the locks


@pytest.fixture
def here(tmp_path: Path) -> Iterator[Claim]:
    """This instance, holding the account of `REAL`."""
    claim = Claim(Instance(data=tmp_path / "data", place=tmp_path), REAL)
    assert claim.take("Broker-Live", 7)
    yield claim
    claim.close()


def test_an_account_is_held_by_one_and_let_go_at_the_end(tmp_path: Path, here: Claim) -> None:
    other = Claim(Instance(data=tmp_path / "other", place=tmp_path), REAL)
    assert not other.take("Broker-Live", 7)
    assert other.take("Broker-Demo", 7)
    assert other.take("Broker-Live", 8)
    here.close()
    assert other.take("Broker-Live", 7)
    other.close()


def test_who_is_named_by_a_config_is_found_with_its_data_folder(tmp_path: Path, here: Claim) -> None:
    def found(**changes: object) -> bool:
        return holder(tmp_path, tmp_path, [TerminalSettings(**changes)]) is not None  # type: ignore[arg-type]

    seen = holder(tmp_path, tmp_path, [TerminalSettings(login=3), REAL])
    assert seen
    assert (seen.folder, seen.login) == (str(tmp_path / "data"), 7)
    assert found(login=7)
    assert not found(login=7, server="Broker-Demo")
    assert not found(login=8, server="Broker-Live")
    assert not found(login=0)
    assert not found(login=7, backend="simulator"), "a simulated account of the same number is another account"
    assert holder(None, tmp_path, [REAL]) is None
    here.close()
    assert not found(login=7), "what stands beside a lock means nothing alone"


def test_simulated_accounts_are_told_apart_by_where_they_are_reached(tmp_path: Path) -> None:
    def of(path: str) -> TerminalSettings:
        return TerminalSettings(backend="simulator", login=7, path=path)

    claim = Claim(Instance(data=tmp_path / "data", place=tmp_path), of("/a/simulator.json"))
    assert claim.take("Sim", 7)
    assert holder(tmp_path, tmp_path / "elsewhere", [of("/a/simulator.json")])
    assert holder(tmp_path, tmp_path / "elsewhere", [of("/b/simulator.json")]) is None
    assert holder(tmp_path, tmp_path / "elsewhere", [of("")]) is None
    claim.close()


def test_what_lies_about_in_the_place_is_passed_over(tmp_path: Path, here: Claim) -> None:
    (tmp_path / "0.json").write_text("{")
    (tmp_path / "00.json").write_text(json.dumps({"login": "seven"}))
    (tmp_path / "000.json").mkdir()
    assert holder(tmp_path, tmp_path, [REAL])


def test_a_killed_process_holds_nothing(tmp_path: Path) -> None:
    process = subprocess.Popen([sys.executable, "-c", HOLDS, str(tmp_path)], cwd=ROOT, stdin=subprocess.PIPE,
                               stdout=subprocess.PIPE, text=True)  # fmt: skip
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        claim = Claim(Instance(data=tmp_path, place=tmp_path), REAL)
        assert (claim.take("Broker-Live", 7), holder(tmp_path, tmp_path, [REAL]) is None) == (False, False)
        process.kill()
        process.wait(30)
        assert holder(tmp_path, tmp_path, [REAL]) is None
        assert claim.take("Broker-Live", 7)
        claim.close()


# ---------------------------------------------------------------------------------------------------- coming forward


@pytest.mark.parametrize(("window", "said"), [(True, "its window was raised"), (False, "it runs without a window")])
def test_the_one_that_runs_is_asked_to_come_forward(tmp_path: Path, window: bool, said: str) -> None:
    listener = Listener(tmp_path, answerer(calm, Worker().post, lambda: window))
    try:
        assert shown(tmp_path).startswith(said)
    finally:
        listener.close()


def test_one_on_another_folder_is_reached_by_that_folder(tmp_path: Path) -> None:
    listener = Listener(tmp_path, answerer(calm, Worker().post, lambda: False))
    try:
        said = shown(tmp_path, elsewhere=True)
    finally:
        listener.close()
    assert f'plimsoll stop --data "{tmp_path}" stops it' in said


def test_one_that_does_not_answer_is_to_be_ended(tmp_path: Path) -> None:
    assert shown(tmp_path) == "it does not answer: end it first"
    (tmp_path / FILE).write_text('{"port": 1, "secret": "s", "pid": 4711}')
    with held(tmp_path):
        assert shown(tmp_path) == "it does not answer: end it first (process 4711)"
