"""The archive's tables, version by version, and how a file is recognised as an archive."""

from __future__ import annotations

APPLICATION_ID = 0x504C4849
"""In the SQLite header of every archive of ours: "PLHI"."""

# Money is account currency; NULL is unknown or not applicable. SQLite turns NaN into NULL, which NOT NULL refuses; the
# CHECKs refuse infinity, which it would keep.
_FIRST = """
CREATE TABLE account (
    id       INTEGER PRIMARY KEY,
    server   TEXT    NOT NULL,
    login    INTEGER NOT NULL,
    name     TEXT    NOT NULL,
    currency TEXT    NOT NULL,
    digits   INTEGER NOT NULL CHECK (digits BETWEEN 0 AND 8),
    zone     TEXT    NOT NULL,
    UNIQUE (server, login)
) STRICT;
CREATE TABLE equity (
    id       INTEGER PRIMARY KEY,
    account  INTEGER NOT NULL REFERENCES account (id),
    level    INTEGER NOT NULL CHECK (level BETWEEN 0 AND 5),
    start_ms INTEGER NOT NULL,
    until_ms INTEGER NOT NULL CHECK (until_ms >= start_ms),
    points   INTEGER NOT NULL CHECK (points > 0),
    block    BLOB    NOT NULL,
    UNIQUE (account, level, start_ms)
) STRICT;
CREATE TABLE risk (
    account          INTEGER NOT NULL REFERENCES account (id),
    at_ms            INTEGER NOT NULL,
    kept             INTEGER NOT NULL CHECK (kept IN (0, 1)),
    alerts           INTEGER NOT NULL CHECK (alerts >= 0),
    equity           REAL NOT NULL CHECK (abs(equity) < 1e15),
    balance          REAL NOT NULL CHECK (abs(balance) < 1e15),
    floating         REAL NOT NULL CHECK (abs(floating) < 1e15),
    margin           REAL NOT NULL CHECK (margin >= 0 AND margin < 1e15),
    margin_free      REAL NOT NULL CHECK (abs(margin_free) < 1e15),
    margin_level_pct REAL CHECK (abs(margin_level_pct) < 1e15),
    daily_drawdown      REAL CHECK (abs(daily_drawdown) < 1e15),
    daily_drawdown_pct  REAL CHECK (abs(daily_drawdown_pct) < 1e15),
    weekly_drawdown     REAL CHECK (abs(weekly_drawdown) < 1e15),
    weekly_drawdown_pct REAL CHECK (abs(weekly_drawdown_pct) < 1e15),
    max_drawdown        REAL CHECK (abs(max_drawdown) < 1e15),
    max_drawdown_pct    REAL CHECK (abs(max_drawdown_pct) < 1e15),
    exposure         REAL CHECK (abs(exposure) < 1e15),
    leverage         REAL CHECK (abs(leverage) < 1e15),
    hhi              REAL CHECK (abs(hhi) < 1e15),
    open_risk_pct    REAL CHECK (abs(open_risk_pct) < 1e15),
    PRIMARY KEY (account, at_ms)
) STRICT, WITHOUT ROWID;
CREATE TABLE alert (
    id              INTEGER PRIMARY KEY,
    account         INTEGER REFERENCES account (id),
    name            TEXT    NOT NULL,
    number          INTEGER NOT NULL,
    episode         INTEGER,
    rule            TEXT    NOT NULL,
    metric          TEXT    NOT NULL,
    severity        TEXT    NOT NULL,
    threshold       REAL CHECK (abs(threshold) < 1e300),
    value           REAL CHECK (abs(value) < 1e300),
    position        INTEGER,
    raised_ms       INTEGER NOT NULL,
    acknowledged_ms INTEGER,
    cleared_ms      INTEGER,
    escalated_ms    INTEGER,
    UNIQUE (number, raised_ms)
) STRICT;
CREATE INDEX alert_when ON alert (raised_ms);
CREATE TABLE response (
    id         INTEGER PRIMARY KEY,
    account    INTEGER REFERENCES account (id),
    name       TEXT    NOT NULL,
    episode    INTEGER,
    alert      INTEGER REFERENCES alert (id),
    rule       TEXT    NOT NULL,
    planned_ms INTEGER NOT NULL,
    closes     TEXT    NOT NULL CHECK (json_valid(closes)),
    expects    TEXT    NOT NULL CHECK (json_valid(expects))
) STRICT;
CREATE INDEX response_when ON response (planned_ms);
CREATE TABLE request (
    id         INTEGER PRIMARY KEY,
    account    INTEGER REFERENCES account (id),
    name       TEXT    NOT NULL,
    number     INTEGER NOT NULL,
    response   INTEGER REFERENCES response (id),
    episode    INTEGER,
    position   INTEGER NOT NULL,
    symbol     TEXT    NOT NULL,
    side       TEXT    NOT NULL CHECK (side IN ('buy', 'sell')),
    lots       REAL    NOT NULL CHECK (lots > 0),
    sent_ms    INTEGER NOT NULL,
    state      TEXT    NOT NULL CHECK (state IN ('sent', 'done', 'partial', 'refused', 'unknown')),
    retcode    INTEGER,
    filled     REAL    NOT NULL CHECK (filled >= 0 AND filled < 1e15),
    settled_ms INTEGER,
    UNIQUE (number, sent_ms)
) STRICT;
CREATE INDEX request_when ON request (sent_ms);
CREATE TABLE excursion (
    account        INTEGER NOT NULL REFERENCES account (id),
    position       INTEGER NOT NULL,
    symbol         TEXT    NOT NULL,
    side           TEXT    NOT NULL CHECK (side IN ('buy', 'sell')),
    magic          INTEGER NOT NULL,
    lots           REAL    NOT NULL CHECK (lots > 0),
    open           REAL    NOT NULL CHECK (abs(open) < 1e15),
    opened_ms      INTEGER NOT NULL,
    target         REAL    NOT NULL CHECK (abs(target) < 1e15),
    best           REAL    NOT NULL CHECK (abs(best) < 1e15),
    worst          REAL    NOT NULL CHECK (abs(worst) < 1e15),
    best_points    REAL    NOT NULL CHECK (abs(best_points) < 1e15),
    worst_points   REAL    NOT NULL CHECK (abs(worst_points) < 1e15),
    stop           REAL    NOT NULL CHECK (abs(stop) < 1e15),
    unprotected_ms INTEGER,
    under_ms       INTEGER NOT NULL,
    since_ms       INTEGER NOT NULL,
    seen_ms        INTEGER NOT NULL,
    closed         INTEGER NOT NULL CHECK (closed IN (0, 1)),
    PRIMARY KEY (account, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE deal (
    account    INTEGER NOT NULL REFERENCES account (id),
    ticket     INTEGER NOT NULL,
    order_     INTEGER NOT NULL,
    position   INTEGER NOT NULL,
    symbol     TEXT    NOT NULL,
    kind       TEXT    NOT NULL CHECK (kind IN ('trade', 'transfer', 'credit', 'booking')),
    entry      INTEGER NOT NULL CHECK (entry BETWEEN 0 AND 3),
    side       TEXT    NOT NULL CHECK (side IN ('buy', 'sell')),
    lots       REAL    NOT NULL CHECK (lots >= 0 AND lots < 1e15),
    price      REAL    NOT NULL CHECK (abs(price) < 1e15),
    profit     REAL    NOT NULL CHECK (abs(profit) < 1e15),
    swap       REAL    NOT NULL CHECK (abs(swap) < 1e15),
    commission REAL    NOT NULL CHECK (abs(commission) < 1e15),
    fee        REAL    NOT NULL CHECK (abs(fee) < 1e15),
    time_ms    INTEGER NOT NULL,
    magic      INTEGER NOT NULL,
    reason     INTEGER NOT NULL,
    comment    TEXT    NOT NULL,
    PRIMARY KEY (account, ticket)
) STRICT, WITHOUT ROWID;
CREATE INDEX deal_when ON deal (account, time_ms);
CREATE INDEX deal_position ON deal (account, position)
"""

_SECOND = """
CREATE TABLE mark (
    id      INTEGER PRIMARY KEY,
    account INTEGER REFERENCES account (id),
    name    TEXT    NOT NULL,
    at_ms   INTEGER NOT NULL,
    kind    TEXT    NOT NULL,
    amount  REAL CHECK (abs(amount) < 1e15),
    text    TEXT    NOT NULL
) STRICT;
CREATE INDEX mark_when ON mark (at_ms)
"""
"""Money moved, halts, resets, times unseen and starts with their config: what a report sets beside the curve."""

MIGRATIONS = (_FIRST, _SECOND)
"""What brings a file from version n to n + 1 stands at index n; a released one is never changed."""

VERSION = len(MIGRATIONS)
TABLES = ("account", "equity", "risk", "alert", "response", "request", "excursion", "deal", "mark")
