"""What would be done to a port on this machine, by pages of a browser and by others: each is refused, and said why."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed

from app.stream.connection import READ_ONLY
from app.stream.outbox import SLOW
from app.stream.server import MOST_CLIENTS, MOST_CONNECTIONS, MOST_SIZE, RENEWED
from tests.app.stream.parts import PATIENCE_S, Served, alert_event, hung_up, told, until
from tests.frames import three_accounts

Attack = Callable[[Served], int]
"""Does it; the status of the refusal, or the code that the connection was closed with."""


def _closed(act: Callable[[], object], reason: str = "") -> int:
    """The code with which the connection is closed by that."""
    with pytest.raises(ConnectionClosed) as ended:
        act()
    assert ended.value.rcvd is not None
    assert reason in ended.value.rcvd.reason
    return ended.value.rcvd.code


def _sent(stream: Served, *what: str | bytes, reason: str = READ_ONLY) -> int:
    client = stream.client()
    with suppress(ConnectionClosed):  # the first piece is enough
        client.send(what[0] if len(what) == 1 else iter(what))
    return _closed(client.recv, reason)


def _old_token(stream: Served) -> int:
    before = stream.token.current()
    stream.token.renew()
    return stream.ask(Authorization=f"Bearer {before}")[0]


def _token_in_the_url(stream: Served) -> int:
    status, text = stream.ask(f"/stream?token={stream.token.current()}")
    assert stream.token.current() not in text
    assert "--renew" in text
    return status


def _token_as_an_account(stream: Served) -> int:
    status, text = stream.ask(f"/stream?account={stream.token.current()}")
    assert stream.token.current() not in text
    return status


def _two_hosts(stream: Served) -> int:
    own = f"Host: 127.0.0.1:{stream.port}"
    return stream.ask(headers=(own, "Host: evil.example", f"Authorization: Bearer {stream.token.current()}"))[0]


def _two_tokens(stream: Served) -> int:
    own = (f"Host: 127.0.0.1:{stream.port}", f"Authorization: Bearer {stream.token.current()}")
    return stream.ask(headers=(*own, "Sec-WebSocket-Protocol: plimsoll, token." + 64 * "0"))[0]


def _flood_of_clients(stream: Served) -> int:
    first = stream.client("?kind=alert")
    for _ in range(MOST_CLIENTS - 1):
        stream.client("?kind=alert")
    status, text = stream.ask()
    assert "as many clients as may be" in text
    stream.stream.tell(alert_event(7))
    stream.stream.put(three_accounts())
    assert until(first, event="snapshot")
    return status


TABLE: dict[str, tuple[Attack, int]] = {
    "a page of another origin": (lambda s: s.ask(Origin="https://evil.example")[0], 403),
    "a page of another port": (lambda s: s.ask(Origin="http://127.0.0.1:1")[0], 403),
    "a page without an origin of its own": (lambda s: s.ask(Origin="null")[0], 403),
    "a name that leads here since a moment ago": (lambda s: s.ask(Host=f"evil.example:{s.port}")[0], 421),
    "a name that begins as ours": (lambda s: s.ask(Host=f"127.0.0.1:{s.port}.evil.example")[0], 421),
    "no host": (lambda s: s.ask(Host="")[0], 421),
    "two hosts": (_two_hosts, 421),
    "no token": (lambda s: s.ask(Authorization="")[0], 401),
    "a wrong token": (lambda s: s.ask(Authorization="Bearer " + 64 * "0")[0], 401),
    "a token that begins right": (lambda s: s.ask(Authorization=f"Bearer {s.token.current()[:-1]}")[0], 401),
    "a token that is no text": (lambda s: s.ask(Authorization="Bearer \xff\xfe")[0], 401),
    "a wrong token beside the right one": (_two_tokens, 401),
    "the token before it was renewed": (_old_token, 401),
    "a token in the url": (_token_in_the_url, 400),
    "a token in the place of a name": (_token_as_an_account, 400),
    "a frame that is too large": (lambda s: _sent(s, "x" * (MOST_SIZE + 1), reason=""), 1009),
    "a binary frame": (lambda s: _sent(s, b"\x00\x01"), 1008),
    "a message": (lambda s: _sent(s, '{"do": "close_all"}'), 1008),
    "a message in pieces": (lambda s: _sent(s, "a", "b"), 1008),
    "a flood of clients": (_flood_of_clients, 503),
}


@pytest.mark.parametrize("name", TABLE)
def test_an_attack_is_refused(stream: Served, name: str) -> None:
    attack, code = TABLE[name]
    assert attack(stream) == code
    assert stream.said == []
    if name != "a flood of clients":
        assert stream.ask()[0] == 101


@pytest.mark.parametrize("target", ["//", "/index.html", "/../config.toml", "/%2e%2e/config.toml", "/stream/",
                                    "/assets/stream.html", "/STREAM", "/stream/../", "/?x", "/stream%3faccount=Swing",
                                    "http://evil.example/", "/stream\\", "*", "/.", "/stream#x"])  # fmt: skip
def test_a_path_that_is_not_exactly_one_of_two_leads_nowhere(stream: Served, target: str) -> None:
    assert stream.ask(target)[0] == 404


@pytest.mark.parametrize("query", ["account=nobody", "kind=nothing", "account=Swing&account=nobody", "kind", "&", "=",
                                   "account=%ff", "x=1", "Account=Swing", "&".join(["kind=alert"] * 65)])  # fmt: skip
def test_what_the_url_asks_for_and_there_is_not_is_said_at_the_handshake(stream: Served, query: str) -> None:
    status, text = stream.ask(f"/stream?{query}")
    assert (status, "there are" in text or "may stand in the URL" in text) == (400, True)


def test_names_are_not_told_to_who_has_no_token(stream: Served) -> None:
    status, text = stream.ask("/stream?account=nobody", Authorization="")
    assert (status, "Swing" in text) == (401, False)


def test_another_method_is_hung_up_on(stream: Served) -> None:
    line = stream.stranger()
    line.sendall(f"POST /stream HTTP/1.1\r\nHost: 127.0.0.1:{stream.port}\r\n\r\n".encode())
    assert hung_up(line)
    assert stream.said == []


def test_a_client_that_was_let_in_is_dropped_once_its_token_is_renewed(stream: Served) -> None:
    stream.stream.put(three_accounts())
    client = stream.client()
    assert told(client)["event"] == "snapshot"
    stream.token.renew()
    stream.token._recent = float("-inf"), ""  # five seconds later

    def on() -> None:
        while True:
            stream.stream.tell(alert_event(1))
            client.recv()

    assert _closed(on, RENEWED) == 1008


def test_a_client_that_reads_nothing_is_dropped_and_told_why_while_another_misses_nothing(stream: Served) -> None:
    deaf, good = stream.client("?kind=alert"), stream.client("?kind=alert")
    stream.stream.put(three_accounts())
    for _ in range(3):
        told(good)
    number = 0
    while not any(one.outbox.ending[1] == SLOW for one in list(stream.stream._seats.values())):
        for _ in range(50):
            number += 1
            stream.stream.tell(alert_event(number, rule="x" * 4_000))
        assert [told(good)["alert"] for _ in range(50)] == list(range(number - 49, number + 1))

    def drain() -> None:
        while True:
            deaf.recv(PATIENCE_S)

    assert _closed(drain, SLOW) == 1013


@pytest.fixture
def strangers(stream: Served) -> Iterator[list[socket.socket]]:
    with ExitStack() as stack:
        found = []
        for _ in range(MOST_CONNECTIONS + 8):
            line = socket.create_connection(("127.0.0.1", stream.port), PATIENCE_S)
            found.append(stack.enter_context(line))
        yield found


def test_connections_beyond_the_most_are_hung_up_on_and_clients_go_on(
    stream: Served, request: pytest.FixtureRequest
) -> None:
    client = stream.client()
    lines: list[socket.socket] = request.getfixturevalue("strangers")
    assert hung_up(lines[-1])
    assert len(stream.stream._open) == MOST_CONNECTIONS  # the others are still waited for
    stream.stream.put(three_accounts())
    assert told(client)["event"] == "snapshot"


def test_a_listed_origin_may_connect_and_null_never(tmp_path: Path) -> None:
    own = Served(tmp_path, origins=("https://desk.example",))
    try:
        assert own.ask(Origin="https://desk.example")[0] == 101
        assert own.ask(Origin=f"http://127.0.0.1:{own.port}")[0] == 101
        assert own.ask(Origin="https://desk.example.evil.example")[0] == 403
        assert own.ask(Origin="null")[0] == 403
    finally:
        own.close()
