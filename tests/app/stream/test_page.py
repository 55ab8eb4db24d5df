"""The page: alone on its port, strict in what it may do, and a browser that shows it."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from app.stream.page import FILE
from tests.app.stream.browser import FOUND, Browser
from tests.app.stream.parts import FUNDED, Served, alert_event
from tests.frame_parts import ALERTS
from tests.frames import blind, three_accounts

EVIL = "<img src=x onerror=\"document.title='run'\">"


def test_the_page_is_served_with_a_policy_that_names_its_own_script_and_style(stream: Served) -> None:
    status, text = stream.ask("/", Authorization="")
    head, _, body = text.partition("\r\n\r\n")
    assert (status, body) == (200, FILE.read_text("utf-8"))
    policy = re.findall(r"Content-Security-Policy: (.*)\r\n", head)[0]
    for tag in ("script", "style"):
        inside = re.findall(rf"<{tag}>(.*?)</{tag}>", body, re.DOTALL)[0].encode()
        assert f"{tag}-src 'sha256-{base64.b64encode(hashlib.sha256(inside).digest()).decode()}'" in policy
    assert policy.startswith("default-src 'none'; ")
    assert f"connect-src ws://127.0.0.1:{stream.port};" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert "X-Content-Type-Options: nosniff" in head


def test_the_page_fetches_nothing_and_makes_no_markup_of_what_it_is_told() -> None:
    text = FILE.read_text("utf-8")
    assert not re.search(r"https?://|src=|href=|url\(|@import", text)
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|document\.write|eval|Function\(| on\w+=", text)
    assert "localStorage" not in text


@pytest.fixture
def browser(tmp_path: Path) -> Iterator[Browser]:
    if FOUND is None:
        pytest.skip("no Chromium or Chrome here")
    made = Browser(tmp_path / "profile")
    yield made
    made.close()


def _open(browser: Browser, stream: Served, token: str) -> None:
    browser.call("Page.navigate", url=f"http://127.0.0.1:{stream.port}/")
    browser.when("document.readyState === 'complete' && document.getElementById('form')")
    browser.value(f"document.getElementById('token').value = '{token}'; document.querySelector('button').click()")


def test_a_browser_shows_accounts_and_an_alert_as_it_comes(stream: Served, browser: Browser) -> None:
    frame = three_accounts()
    stream.stream.put(replace(frame, alerts=tuple(replace(one, rule=EVIL) for one in ALERTS)))
    _open(browser, stream, stream.token.current())
    browser.when("document.querySelectorAll('.account').length === 3")
    shown = browser.value("document.getElementById('accounts').textContent")
    assert FUNDED in shown
    assert "97\u202f446.55 USD" in shown
    stream.stream.tell(alert_event(77, rule="Out of the blue"))
    browser.when("document.getElementById('alerts').textContent.includes('Out of the blue')")
    assert EVIL in browser.value("document.getElementById('alerts').textContent")
    assert browser.value("document.querySelectorAll('img').length") == 0
    assert browser.value("document.title") == "Plimsoll"
    assert browser.value("document.getElementById('ask').hidden")
    stream.stream.put(replace(blind(), number=2))
    browser.when("document.querySelector('.account.past') && document.body.textContent.includes('no answer from the')")
    assert browser.errors == []
    own = f"//127.0.0.1:{stream.port}/"
    assert set(browser.asked) == {f"http:{own}", f"ws:{own}stream"}
    assert browser.value("location.href") == f"http:{own}"


def test_a_browser_with_a_wrong_token_is_told_so_and_forgets_it(stream: Served, browser: Browser) -> None:
    _open(browser, stream, "0" * 64)
    browser.when("document.getElementById('state').className === 'bad'")
    assert "another token" in browser.value("document.getElementById('state').textContent")
    assert browser.value("sessionStorage.length") == 0
    assert not browser.value("document.getElementById('ask').hidden")


def test_a_page_from_elsewhere_reaches_nothing(stream: Served, browser: Browser) -> None:
    address = f"ws://127.0.0.1:{stream.port}/stream"
    ended = browser.value(f"new Promise(done => {{ const s = new WebSocket('{address}', ['plimsoll', "
                          f"'token.{stream.token.current()}']); s.onopen = () => done('open'); "
                          "s.onclose = () => done('refused'); })")  # fmt: skip
    assert ended == "refused"
