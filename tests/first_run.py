"""What a look on a trader's machine finds, for the tests and pictures of the first page."""

from __future__ import annotations

from monitors.ports import Severity
from ui.first_run import Found
from ui.panels.findings import Finding

PATHS = (r"C:\Program Files\FTMO MetaTrader 5\terminal64.exe", r"C:\Program Files\IC Markets MT5\terminal64.exe")
FOUND = Found(
    terminals=PATHS,
    saved=r"C:\Users\Mara\AppData\Local\plimsoll\config.toml",
    findings=(
        Finding(title="Config", detail="no config file: the defaults, which only observe"),
        Finding(title="Data folder", detail=r"C:\Users\Mara\AppData\Local\plimsoll"),
        Finding(title="Account", of="main", severity=Severity.MEDIUM,
                detail="51023381 on FTMO-Server4 (FTMO), demo, hedging; the config takes any account, which can never "
                "be armed", remedy="set login = 51023381 of this [[terminal]]"),
        Finding(title="Algo trading", of="main", severity=Severity.HIGH,
                detail="off: the terminal refuses every order of a program",
                remedy="press Algo Trading in MetaTrader 5's toolbar"),
        Finding(title="Broker's clock", of="main", detail="new-york-close, UTC+2 h, by 120 hourly bars"),
        Finding(title="Latency", of="main", detail="3.8 ms for one of each: account 0.20, positions 1.10, ticks 2.50"),
    ),
)  # fmt: skip
