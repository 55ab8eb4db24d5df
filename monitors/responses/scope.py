"""Whom an action reaches: the account that tripped, or all of them."""

from __future__ import annotations

SCOPES = ("account", "all")


def scope_faults(scope: str) -> list[tuple[str, str]]:
    """The config's fault, if `scope` is none of ours."""
    return [] if scope in SCOPES else [("scope", f'found "{scope}", expected "account" or "all"')]
