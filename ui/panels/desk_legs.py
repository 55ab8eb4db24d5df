"""What the accounts of all machines hold together: net by currency, in one currency of display."""

from __future__ import annotations

from monitors.desk import Together
from ui import theme
from ui.alone import alone
from ui.panels.card import Elided
from ui.panels.legs import LegBars
from ui.panels.panel import Panel, scrolled
from ui.shown import set_tip
from ui.words import tr, trn


class DeskLegs(Panel):
    """The bars, and under them who is not counted and why."""

    def __init__(self) -> None:
        super().__init__(tr("Net by currency"))
        self.bars = LegBars()
        self.body.addWidget(scrolled(self.bars), 1)
        self.left_out = Elided("", 11, theme.MEDIUM, theme.colours().high)
        self.body.addWidget(self.left_out)

    def show_together(self, found: Together) -> None:
        """Accounts that are not seen, or are shown in another currency, are in no sum."""
        self.sub.say(_counted(found) if found.unit else "")
        self.bars.show_lines(found.legs, past=False)
        count = len(found.left_out)
        self.left_out.say(trn("{count} account not counted", "{count} accounts not counted", count) if count else "")
        why = "\n".join(f"{name}: {reason}" for name, reason in found.left_out)
        set_tip(self.left_out, why)


def _counted(found: Together) -> str:
    return trn("{count} account in {unit}", "{count} accounts in {unit}", found.accounts, unit=found.unit)


if __name__ == "__main__":
    alone(
        DeskLegs,
        lambda widget, view: widget.show_together(
            Together(unit="USD", legs=view.analysis.exposure.currencies, accounts=1, left_out=())
        ),
    )
