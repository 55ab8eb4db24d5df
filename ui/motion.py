"""Whether anything may move by itself: what does is a fill, a fade or a blink, and never says more than a word does."""

from __future__ import annotations

import sys

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

EFFECTS = (
    Qt.UIEffect.UI_AnimateMenu, Qt.UIEffect.UI_FadeMenu, Qt.UIEffect.UI_AnimateCombo,
    Qt.UIEffect.UI_AnimateTooltip, Qt.UIEffect.UI_FadeTooltip, Qt.UIEffect.UI_AnimateToolBox,
)  # fmt: skip
FLASH_MS = 1
"""So long a window that may not blink asks for attention: its place in the task bar is lit, once."""
_still = [False]


def still() -> bool:
    """True where nothing may move."""
    return _still[0]


def be_still() -> None:
    """Nothing moves from now on: menus and lists stand at once, the caret does not blink."""
    _still[0] = True
    for effect in EFFECTS:
        QApplication.setEffectEnabled(effect, False)
    QApplication.setCursorFlashTime(0)


def system_is_still() -> bool:
    """Whether the system's own setting asks for it; Qt is told of that on Windows only."""
    return sys.platform == "win32" and not QApplication.isEffectEnabled(Qt.UIEffect.UI_AnimateMenu)
