"""The account card: the terminal's own figures, in its own words."""

from __future__ import annotations

from monitors.ports import AccountFrame, Link
from ui import text, theme
from ui.alone import alone
from ui.panels.card import Card, Row
from ui.shown import Last
from ui.words import tr

NAMES = {
    "Balance": tr("Balance"),
    "Equity": tr("Equity"),
    "Floating P/L": tr("Floating P/L"),
    "Used margin": tr("Used margin"),
    "Free margin": tr("Free margin"),
}


class AccountCard(Card):
    """Five figures; greyed with their time when they are only remembered."""

    def __init__(self) -> None:
        super().__init__(tr("Account"))
        self._rows = {name: Row(words) for name, words in NAMES.items()}
        for row in self._rows.values():
            self.body.addWidget(row)
        self._shown = Last()

    def show_account(self, view: AccountFrame, now_ms: int) -> None:
        c, account = theme.colours(), view.account
        then = remark(view, now_ms)
        if not self._shown.differs(account, is_past(view), then):
            return
        self.remark.say(then or (account.currency if account else ""))
        if account is None:
            for row in self._rows.values():
                row.say(text.DASH, c.faint)
            return
        figures = (account.balance, account.equity, account.profit, account.margin, account.margin_free)
        for name, value in zip(NAMES, figures, strict=True):
            profit = name == "Floating P/L"
            colour = c.gain(value) if profit else c.text
            shown = text.signed(value, account.digits) if profit else text.number(value, account.digits)
            self._rows[name].say(shown, c.faint if is_past(view) else colour)


def is_past(view: AccountFrame) -> bool:
    """True where figures are remembered, not seen."""
    return view.link in {Link.BLIND, Link.STALLED, Link.SILENT, Link.WAITING}


def remark(view: AccountFrame, now_ms: int) -> str:
    """`as of 14:26:40` when blind, `uncertain` where the reading is not agreed, else nothing."""
    if is_past(view):
        if not view.as_of_ms:
            return tr("not read yet")
        return tr("as of {time}", time=text.when(view.as_of_ms, now_ms, view.broker_offset_s))
    return tr("uncertain") if view.link is Link.UNCERTAIN else ""


if __name__ == "__main__":
    alone(AccountCard)
