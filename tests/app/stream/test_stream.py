"""What a client hears: a snapshot, the events as the JSON Lines have them, and figures as they change."""

from __future__ import annotations

import socket
from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect
from websockets.typing import Origin, Subprotocol

from app.events import event, line
from app.stream.asked import UPDATES
from app.stream.connection import ClientConnection
from monitors.model import Unknown
from monitors.ports import Frame, Link
from tests.app.stream.parts import FUNDED, PATIENCE_S, Served, alert_event, hung_up, told, until
from tests.frame_parts import ALERTS, NOW_MS
from tests.frames import blind, frame, full, funded, three_accounts, warning


def moved(equity: float, number: int) -> Frame:
    """The account in trouble with another equity."""
    view = funded()
    assert view.account is not None
    return frame(replace(view, account=replace(view.account, equity=equity)), number=number)


def test_a_client_gets_each_account_and_then_its_figures(stream: Served) -> None:
    stream.stream.put(three_accounts())
    client = stream.client()
    found = [told(client) for _ in range(3)]
    assert [(one["event"], one["account"], one["seq"]) for one in found] == [
        ("snapshot", FUNDED, 1), ("snapshot", "Swing", 2), ("snapshot", "Gold EA", 3),
    ]  # fmt: skip
    first = found[0]
    assert (first["pnl"]["equity"], first["margin"]["level_pct"], first["position"]["count"]) == (97_446.55, 143.3, 4)
    assert [alert["alert"] for alert in first["alerts"]] == [a.number for a in ALERTS if a.active or a.waiting]
    assert first["drawdown"]["room"]["rule"]
    assert first["status"] == {"pnl": "safe", "drawdown": "critical", "margin": "warning", "exposure": "safe",
                               "position": "safe"}  # fmt: skip


def test_an_event_has_the_keys_of_its_json_line_and_a_number(stream: Served) -> None:
    stream.stream.put(three_accounts())
    client = stream.client("?kind=alert&account=Swing")
    assert told(client)["account"] == "Swing"
    stream.stream.tell(alert_event(1))
    stream.stream.tell(event(NOW_MS, "blind", "Swing", reason="no answer"))
    stream.stream.tell(wanted := alert_event(2, account="Swing"))
    message = client.recv(PATIENCE_S)
    assert isinstance(message, str)
    assert message == line(wanted).decode().rstrip("}\n") + ',"seq":2}'


def test_figures_come_as_they_change_with_those_before(stream: Served) -> None:
    stream.stream.put(moved(97_000.0, 1))
    client = stream.client("?kind=pnl")
    told(client)
    stream.stream.put(moved(97_001.0, 2))
    first = until(client, event="update")
    stream.stream.put(moved(97_002.0, 3))
    second = until(client, event="update", equity=97_002.0)
    assert list(second) == ["at", "event", "account", "kind", "equity", "balance", "profit", "today", "today_pct",
                            "previous", "status", "link", "reason", "seq"]  # fmt: skip
    assert (first["kind"], first["status"]) == ("pnl", "safe")
    assert second["previous"]["equity"] == first["equity"]


def test_no_other_kind_comes_than_was_asked_for(stream: Served) -> None:
    stream.stream.put(moved(97_000.0, 1))
    client = stream.client("?kind=margin")
    told(client)
    stream.stream.put(moved(97_001.0, 2))
    assert until(client, event="update")["kind"] == "margin"


def test_every_kind_of_update_comes_and_positions_carry_their_multiples(stream: Served) -> None:
    stream.stream.put(moved(97_000.0, 1))
    client = stream.client("?kind=update")
    told(client)
    stream.stream.put(frame(full()))
    found = {one["kind"]: one for one in (told(client) for _ in UPDATES)}
    assert tuple(found) == UPDATES
    listed = found["position"]["positions"]
    assert [one["position"] for one in listed] == [501, 502, 503, 504]
    assert all(isinstance(one["r"], float) for one in listed)
    assert found["position"]["count"] == 4
    assert found["position"]["profit"] == pytest.approx(sum(one["profit"] for one in listed))


def test_who_comes_before_the_first_frame_gets_it_when_it_comes(stream: Served) -> None:
    client = stream.client("?kind=alert")
    stream.stream.tell(alert_event(8))
    stream.stream.put(warning())
    assert told(client)["event"] == "snapshot"
    stream.stream.tell(alert_event(9))
    assert told(client)["alert"] == 9


def test_what_happened_since_the_newest_frame_is_not_missed(stream: Served) -> None:
    stream.stream.put(warning())
    stream.stream.tell(alert_event(9, "raised"))
    client = stream.client("?kind=alert")
    assert told(client)["event"] == "snapshot"
    assert told(client)["alert"] == 9


def test_what_cannot_be_seen_is_null_and_never_safe(stream: Served) -> None:
    stream.stream.put(blind())
    found = told(stream.client())
    assert set(found["status"].values()) == {"critical"}
    assert found["link"] == "blind"
    assert {one for kind in UPDATES[:-1] for one in found[kind].values()} == {None}
    assert found["position"] == {"count": None, "profit": None, "positions": []}


def test_a_level_that_cannot_be_judged_is_a_warning(stream: Served) -> None:
    view = funded()
    unsure = tuple(replace(one, tripped=False, value=Unknown("a rate is missing")) for one in view.levels)
    stream.stream.put(frame(replace(view, levels=unsure)))
    assert told(stream.client())["status"]["margin"] == "warning"
    stream.stream.put(frame(replace(view, link=Link.UNCERTAIN)))
    assert until(stream.client(), event="snapshot", link="uncertain")["status"]["exposure"] == "warning"


def test_a_browsers_client_names_the_token_as_a_subprotocol_and_is_not_told_it_back(stream: Served) -> None:
    offered = [Subprotocol("plimsoll"), Subprotocol(f"token.{stream.token.current()}")]
    own = Origin(f"http://localhost:{stream.port}")
    with connect(f"ws://localhost:{stream.port}/stream", subprotocols=offered, origin=own, proxy=None) as client:
        assert client.subprotocol == "plimsoll"
        assert client.response is not None
        assert stream.token.current() not in str(client.response.headers)


def test_an_end_says_goodbye_and_leaves_nothing(tmp_path: Path) -> None:
    own = Served(tmp_path)
    client = own.client()
    quiet = own.stranger()
    own.stream.close()
    with pytest.raises(ConnectionClosed) as ended:
        client.recv(PATIENCE_S)
    assert ended.value.rcvd is not None
    assert (ended.value.rcvd.code, ended.value.rcvd.reason) == (1001, "Plimsoll is ending")
    assert hung_up(quiet)
    with pytest.raises(ConnectionRefusedError):
        own.stranger()
    client.close()
    quiet.close()


def test_a_seat_is_free_again_when_its_client_has_gone(stream: Served) -> None:
    client = stream.client()
    (served,) = stream.stream._seats.values()
    assert isinstance(served, ClientConnection)
    threads = list(stream.stream._open.values())
    client.close()
    for thread in threads:
        thread.join()
    assert stream.stream._seats == {}


def test_a_fault_of_what_is_shown_is_said_and_the_stream_goes_on(stream: Served) -> None:
    stream.stream.put(warning())
    client = stream.client()
    told(client)
    stream.stream.tell({"event": "alert"})
    stream.stream.tell(alert_event(3))
    assert until(client, event="alert")["alert"] == 3
    assert stream.said == ["stream: KeyError: 'account'"]


@pytest.mark.skipif(not socket.has_ipv6, reason="this machine has no IPv6")
def test_the_other_loopback_has_a_name_in_brackets(tmp_path: Path) -> None:
    try:
        own = Served(tmp_path, host="::1")
    except OSError:
        pytest.skip("this machine has no IPv6")
    try:
        with connect(f"ws://[::1]:{own.port}/stream", proxy=None,
                     additional_headers={"Authorization": f"Bearer {own.token.current()}"}) as client:  # fmt: skip
            own.stream.put(warning())
            assert told(client)["event"] == "snapshot"
    finally:
        own.close()


def test_a_message_is_one_json_object(stream: Served) -> None:
    stream.stream.put(three_accounts())
    client = stream.client()
    for _ in range(3):
        message = client.recv(PATIENCE_S)
        assert isinstance(message, str)
        assert isinstance(msgspec.json.decode(message), dict)
        assert "\n" not in message
