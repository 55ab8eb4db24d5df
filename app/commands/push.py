"""`plimsoll push set`, `list` and `test`: where messages go, and whether they arrive."""

from __future__ import annotations

import argparse
import getpass
import json
import os
import sys

from app.commands import BAD_INPUT, DONE, FAILED, told, written
from app.commands.where import config_path
from app.config import load
from app.push.targets import KEYRING, MISSING, NAME, Unresolved, installed, label
from app.push.targets import store as keep
from app.push.trying import tried

NONE = 'no targets: [notify] urls of the config is empty; plimsoll push set NAME, then urls = ["keyring:NAME"]'


def store(args: argparse.Namespace) -> int:
    """Ask for a URL, show nothing of it, and put it into the keyring."""
    name = args.name
    if not NAME.fullmatch(name):
        return told(
            "NAME: expected up to 64 letters, digits, dots, dashes and underscores; the URL is asked for", BAD_INPUT
        )
    if not installed():
        return told(MISSING, FAILED)
    url = _typed(f"The Apprise URL of {name} (not shown): ")
    if "://" not in url:
        return told('nothing stored: expected an Apprise URL such as "tgram://…"', BAD_INPUT)
    try:
        keep(name, url)
    except Unresolved as error:
        return told(str(error), FAILED)
    written(f'{name} is in the keyring; [notify] urls = ["{KEYRING}{name}"] sends there, plimsoll push test tries it')
    return DONE


def listed(args: argparse.Namespace) -> int:
    """The targets, and whether each is one; nothing is sent."""
    return _asked(args, looking=True)


def test(args: argparse.Namespace) -> int:
    """A message to each; exit 1 where one did not take it."""
    return _asked(args, looking=False)


def _asked(args: argparse.Namespace, *, looking: bool) -> int:
    urls = load(config_path(args.config), os.environ).notify.urls
    if not urls:
        return told(NONE, DONE if looking else FAILED)
    if not installed():
        return told(MISSING, FAILED)
    found: dict[int, tuple[bool, str]] = {}

    def heard(place: int, ok: bool, said: str) -> None:  # noqa: FBT001 -- as it is called
        found[place] = ok, said
        if not args.json:
            written(f"{label(urls[place])}: {'' if ok else 'NOT taken: '}{said}")

    for thread in tried(urls, heard, looking=looking):
        thread.join()
    if args.json:
        rows = [{"target": label(url), "ok": found[n][0], "said": found[n][1]} for n, url in enumerate(urls)]
        written(json.dumps(rows, ensure_ascii=False, indent=1))
    return DONE if all(ok for ok, _ in found.values()) else FAILED


def _typed(prompt: str) -> str:
    """From the terminal without an echo; a line of stdin where a program gives it."""
    return (getpass.getpass(prompt) if sys.stdin.isatty() else sys.stdin.readline()).strip()
