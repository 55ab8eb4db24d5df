"""The modules that the contract is asked of, each attached to a demo account that trades EURUSD."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import pytest

from bridge import metatrader
from bridge.attach import Attached, Attachment
from bridge.simulator import remote, scenario
from bridge.simulator.face.module import as_module
from bridge.simulator.launch import launched
from tests.bridge.standin.installation import installed, package

GENUINE = "PLIMSOLL_DEMO_TERMINAL"
ACCOUNT = """
[account]
login = 1001
balance = 10000.0
stop_out_pct = 50
[[symbol]]
name = "EURUSD"
base = "EUR"
profit = "USD"
bid = 1.10000
ask = 1.10010
filling = ["fok", "ioc"]
"""


@contextmanager
def in_process(folder: Path) -> Iterator[Attached]:
    """The face over the exchange, with nothing between them."""
    loaded = scenario.load(_account(folder))
    module = as_module(loaded.exchange.backend())
    yield Attached(module=module, ready=lambda: None, connect=module.initialize, zone="UTC")


@contextmanager
def served(folder: Path) -> Iterator[Attached]:
    """The exchange in a process of its own."""
    file = folder / "simulator.json"
    with launched(file, scenario=_account(folder)):
        yield remote.attach(Attachment(name="main", backend="simulator", path=str(file)))


@contextmanager
def adapter(folder: Path) -> Iterator[Attached]:
    """The program's own adapter on the package that stands in for the genuine one."""
    if os.name == "nt":
        pytest.skip("Windows has the genuine package")
    with installed(folder / "terminal", scenario=_account(folder)) as path, package():
        yield metatrader.attach(Attachment(name="main", backend="mt5", path=str(path)))


@contextmanager
def genuine(folder: Path) -> Iterator[Attached]:
    """The genuine package on a terminal with a demo account, where one is named."""
    path = os.environ.get(GENUINE)
    if os.name != "nt" or not path:
        pytest.skip(f"wants Windows and {GENUINE}, the path of a running terminal with a demo account")
    attached = metatrader.attach(Attachment(name="main", backend="mt5", path=path))
    assert attached.opened(), attached.module.last_error()
    if attached.module.account_info().trade_mode != attached.module.ACCOUNT_TRADE_MODE_DEMO:
        pytest.skip("not a demo account")
    yield attached


SOURCES: dict[str, Callable[[Path], AbstractContextManager[Attached]]] = {
    "simulator": in_process, "served": served, "adapter": adapter, "genuine": genuine,
}  # fmt: skip


def _account(folder: Path) -> Path:
    file = folder / "account.toml"
    file.write_text(ACCOUNT)
    return file
