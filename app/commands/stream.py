"""`plimsoll stream token`: the secret that clients of the stream must know."""

from __future__ import annotations

import argparse

from app.commands import DONE, FAILED, say, told, written
from app.commands.remote import folder
from app.stream.token import Token, TokenError, system_vault
from bridge.clock import SystemClock


def token(args: argparse.Namespace) -> int:
    """Print it, made where there is none yet."""
    own = Token(folder(args), system_vault(), SystemClock())
    try:
        shown = own.renew() if args.renew else own.current()
    except TokenError as error:
        return told(str(error), FAILED)
    written(shown)
    if args.renew:
        say("the token before opens nothing any more; clients that used it are dropped")
    return DONE
