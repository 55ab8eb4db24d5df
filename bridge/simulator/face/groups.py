"""The `group=` filter that the package applies by itself to positions, orders and history."""

import re
from collections.abc import Callable
from functools import lru_cache


@lru_cache(maxsize=64)
def group_filter(group: str) -> Callable[[str], bool]:
    """Whether a symbol belongs to a group such as `"EUR*, *JPY, !USD*"`.

    Masks are separated by commas, blanks around them dropped; `*` is any run of characters, everything else is itself,
    case included. A mask after `!` excludes and always wins, a bare `!` excludes everything, and a group of nothing but
    exclusions is empty.
    """
    masks = [part.strip() for part in group.split(",")]
    wanted = [_pattern(mask) for mask in masks if mask and not mask.startswith("!")]
    unwanted = [_pattern(mask[1:] or "*") for mask in masks if mask.startswith("!")]

    def belongs(symbol: str) -> bool:
        return any(mask.fullmatch(symbol) for mask in wanted) and not any(mask.fullmatch(symbol) for mask in unwanted)

    return belongs


def _pattern(mask: str) -> re.Pattern[str]:
    return re.compile(".*".join(re.escape(piece) for piece in mask.split("*")), re.DOTALL)
