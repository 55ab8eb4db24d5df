"""Each test is run once for every source; a position is opened where one is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bridge.attach import Attached
from tests.bridge.contract.sources import SOURCES
from tests.bridge.contract.trading import bought


@pytest.fixture(scope="package", params=SOURCES)
def attached(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Attached]:
    with SOURCES[request.param](tmp_path_factory.mktemp(request.param)) as made:
        yield made
        made.module.shutdown()


@pytest.fixture
def mt5(attached: Attached) -> Any:
    """The module, connected, with EURUSD in the market watch and nothing on its last error."""
    module = attached.module
    if module.account_info() is None:
        module.shutdown()  # a connection that was let go of is no lost one
        assert attached.opened(), module.last_error()
    assert module.symbol_select("EURUSD", True)
    return module


@pytest.fixture
def position(mt5: Any) -> Iterator[Any]:
    """A small long position that is gone again afterwards."""
    made = bought(mt5, 0.03)
    yield made
    for left in mt5.positions_get(ticket=made.ticket):
        assert mt5.Close("EURUSD", ticket=left.ticket)
