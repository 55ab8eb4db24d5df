"""The process that sends, against a service that takes, refuses, hangs or answers without end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.push.courier import Courier
from app.push.sender import Asked, Sender
from app.push.targets import address, label, secrets, store
from app.push.trying import tried
from tests.app.push.service import Service

ASKED = Asked(title="Plimsoll: test", body="a\nb")
Start = Callable[..., Courier]


@pytest.fixture
def courier() -> Iterator[Start]:
    """What reaches a target; its process ends with the test."""
    made: list[Courier] = []

    def start(target: str, within_s: float = 60.0) -> Courier:
        made.append(Courier(target, within_s))
        return made[-1]

    yield start
    for one in made:
        one.rest()


def test_one_process_takes_message_after_message_and_says_what_was_answered(courier: Start) -> None:
    with Service() as service:
        one = courier(f"{service.url}/hiddenpath")
        taken, process = one.send(ASKED), one._child
        told = service.message()
        service.how = "refuse"
        refused = one.send(ASKED)
        assert one._child is process
    assert (taken.ok, taken.said, told["title"], told["message"]) == (True, "taken", "Plimsoll: test", "a\nb")
    assert (refused.ok, refused.lasting) == (False, False)
    assert "error=503" in refused.said
    assert "hiddenpath" not in refused.said


@pytest.mark.parametrize("how", ["hang", "flood"])
def test_one_that_hangs_or_never_ends_is_given_up_and_its_process_is_gone_or_sound(how: str, courier: Start) -> None:
    with Service(how) as service:
        one = courier(service.url, within_s=6.0)
        assert one.attach().ok
        answered = one.send(ASKED)
        assert service.asked.acquire(timeout=0)
    assert not answered.ok
    assert answered.said


def test_what_apprise_does_not_know_is_not_tried_again(courier: Start) -> None:
    answered = courier("nosuchservice://hidden").send(ASKED)
    assert (answered.ok, answered.lasting, answered.said) == (False, True, "Apprise does not know such an address")


def test_an_address_of_the_keyring_is_looked_up_where_it_is_sent(vault: Path, courier: Start) -> None:
    with Service() as service:
        store("phone", f"{service.url}/hidden")
        assert vault.exists()
        assert courier("keyring:phone").send(ASKED).ok
        assert service.message()["message"] == "a\nb"


def test_a_name_that_the_keyring_does_not_hold_is_said_with_the_remedy(vault: Path) -> None:
    answered = Sender().attach("keyring:phone")
    assert not vault.exists()
    assert (answered.lasting, answered.said) == (True, "the keyring holds no phone: plimsoll push set phone")


def test_a_target_without_the_extra_is_told_so_by_its_place() -> None:
    found: list[tuple[int, bool]] = []
    for thread in tried(["keyring:none"], lambda n, ok, _: found.append((n, ok)), there=lambda: False):
        thread.join(60)
    assert found == [(0, False)]


def test_every_part_of_an_address_is_secret() -> None:
    parts = secrets("mailtos://me:p%40ss@example.com/token-abc?key=other99")
    assert {"me", "p%40ss", "p@ss", "example.com", "token-abc", "other99"} <= parts
    assert (label("tgram://123:abc/9"), label("keyring:phone")) == ("tgram://••••", "keyring:phone")
    assert address("json://here") == "json://here"
