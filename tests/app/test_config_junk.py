"""Whatever a table holds, the answer is a config or a list of faults, each on one line."""

from __future__ import annotations

import contextlib
import datetime as dt
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.config import THIS_VERSION, ConfigError, from_table, load
from app.config.levels import level_keys
from app.config.names import ACTIONS, THRESHOLDS
from app.config.rules import RULE
from app.config.sections import APP, DAY, DAYS, DESK, NOTIFY, ROOT, SEVERITIES, STREAM, TERMINAL
from monitors.responses import RESPONSES
from monitors.settings import Config

WORDS = ["observe", "armed", "below", "above", "base", "initial", "server", "reset", "*", *DAYS, *SEVERITIES]
SCALARS = st.one_of(
    st.text(max_size=20),
    st.sampled_from([*WORDS, *THRESHOLDS, *ACTIONS]),
    st.booleans(),
    st.integers(),
    st.integers(min_value=2**62).map(lambda n: n**20),
    st.floats(),
    st.just(dt.time(0, 0)),
    st.datetimes(),
)
JUNK = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3)
)


def table_of(*keys: str, values: st.SearchStrategy[Any] = JUNK) -> st.SearchStrategy[dict[str, Any]]:
    """Tables in which some keys of the schema hold what they should not."""
    return st.dictionaries(st.sampled_from(keys), values) | st.dictionaries(st.text(max_size=8), values, max_size=2)


LEVEL_KEYS = ["at", "severity", "action", *{key for name in RESPONSES for key in level_keys(THIS_VERSION, name)}]
LEVELS = st.lists(
    st.builds(
        lambda good, junk: good | junk,
        st.fixed_dictionaries(
            {"at": st.floats(1, 99), "severity": st.sampled_from(list(SEVERITIES)), "action": st.sampled_from(ACTIONS)}
        ),
        table_of(*LEVEL_KEYS, values=SCALARS),
    ),
    max_size=3,
)
RULES = st.lists(
    st.builds(
        lambda good, junk: good | junk,
        st.fixed_dictionaries(
            {
                "name": st.text(max_size=3),
                "metric": st.sampled_from(list(THRESHOLDS)),
                "when": st.sampled_from(["below", "above"]),
                "levels": LEVELS,
            }
        ),
        table_of(*RULE),
    ),
    max_size=3,
)
TABLES = st.one_of(
    table_of(*ROOT),
    st.fixed_dictionaries({"rule": RULES}),
    st.fixed_dictionaries(
        {
            "app": table_of(*APP),
            "day": table_of(*DAY),
            "terminal": st.lists(table_of(*TERMINAL), max_size=3),
            "strategies": table_of("7", "07", "x"),
            "stream": table_of(*STREAM),
            "notify": table_of(*NOTIFY),
            "desk": table_of(*DESK),
        }
    ),
)
NAMES = st.lists(st.sampled_from(["APP", "RULE", "0", "1", "LEVELS", "MODE", "AT", "X", "", "²"]), max_size=4)
ENVIRON = st.dictionaries(
    NAMES.map(lambda parts: "PLIMSOLL_" + "__".join(parts)), st.text(max_size=10) | SCALARS.map(str), max_size=3
)


def checked(config: Config) -> None:
    """What every config that comes through must keep."""
    assert config.terminals
    assert len({rule.name for rule in config.rules}) == len(config.rules)
    assert not config.armed or all(terminal.login for terminal in config.terminals)
    for rule in config.rules:
        steps = [level.at if rule.when == "above" else -level.at for level in rule.levels]
        ranks = [level.severity.rank for level in rule.levels]
        assert steps == sorted(set(steps))
        assert ranks == sorted(set(ranks))
        assert ranks


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(table=TABLES, environ=ENVIRON)
def test_any_table_is_a_config_or_a_list_of_faults(table: dict[str, Any], environ: dict[str, str]) -> None:
    try:
        config = from_table(table, source="junk", environ=environ)
    except ConfigError as error:
        lines = [str(fault) for fault in error.faults]
    else:
        lines = ["fine"]
        checked(config)
    assert lines
    assert all(line.splitlines() == [line] for line in lines)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    content=st.binary(max_size=60)
    | st.text(max_size=60).map(str.encode)
    | JUNK.map(lambda j: f"a = {j}".encode("utf-8", "replace"))
)
def test_any_file_is_a_config_or_a_list_of_faults(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "config.toml"
    path.write_bytes(content)
    with contextlib.suppress(ConfigError):
        checked(load(path, {}))


@given(order=st.permutations(["app", "day", "stream", "notify"]))
def test_the_order_of_tables_does_not_change_the_digest(order: list[str]) -> None:
    tables: dict[str, Any] = {"app": {"poll_ms": 50}, "day": {"reset": "01:00"}, "stream": {"port": 9}, "notify": {}}
    shuffled = {name: tables[name] for name in order}
    assert from_table(shuffled, source="a").digest == from_table(tables, source="b").digest
