"""What nobody else may read is not readable, and what is no secret stays."""

from __future__ import annotations

import pytest

from monitors.masking import login, masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("to tgram://123456:ABC-def/99, twice", "to tgram://•••• twice"),
        ("mailto://me:pass@example.com", "mailto://••••"),
        ("https://discord.com/api/webhooks/1/abc", "https://discord.com/••••"),
        ("https://me:pass@host/path", "https://••••"),
        ("see https://example.com", "see https://example.com"),
        ('urls = ["ntfy://secret', 'urls = ["ntfy://••••'),
        ("token=abcdef next", "token=•••• next"),
        ('"api_key": "abc def"', '"api_key": ••••'),
        ("Authorization: Bearer abc.def", "Authorization: ••••"),
        ("another account is logged in: 51023381, expected 51099911",
         "another account is logged in: ••••3381, expected ••••9911"),
        ("the account changed while it was read: 51023381 to 51099911",
         "the account changed while it was read: ••••3381 to ••••9911"),
        ("memory:Demo:1001", "memory:Demo:••••01"),
        ("equity 51023.38, position 900123456", "equity 51023.38, position 900123456"),
        ('expected an Apprise URL such as "tgram://…"', 'expected an Apprise URL such as "tgram://…"'),
    ],
)  # fmt: skip
def test_what_looks_like_a_secret_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown
    assert masked(masked(text)) == shown


def test_known_secrets_and_logins_are_masked_wherever_they_stand() -> None:
    text = "FTMO 51023381 said hunter22; 51023381.5 and 9510233810 are no logins"
    expected = "FTMO ••••3381 said ••••; 51023381.5 and 9510233810 are no logins"
    assert masked(text, ["hunter22", "a", ""], [51023381, 0]) == expected


@pytest.mark.parametrize(("number", "shown"), [(51023381, "••••3381"), (1001, "••••01"), (7, "••••")])
def test_of_a_login_at_most_half_is_shown(number: int, shown: str) -> None:
    assert login(number) == shown
