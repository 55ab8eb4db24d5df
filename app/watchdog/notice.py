"""What the watchdog says about each trouble, in words for a person who has positions open."""

from __future__ import annotations

from app.watchdog.pulse import Pulse, Trouble

HEADLINES = {
    Trouble.DIED: "PLIMSOLL HAS ENDED",
    Trouble.SILENT: "PLIMSOLL DOES NOT ANSWER",
    Trouble.WORKER: "PLIMSOLL IS NOT WATCHING",
    Trouble.WINDOW: "THE WINDOW OF PLIMSOLL IS FROZEN",
}
CAUSES = {
    Trouble.DIED: "The program ended without closing down: it crashed or was killed.",
    Trouble.SILENT: "The program gives no sign of life: it is frozen, stopped, or gets no processor time.",
    Trouble.WORKER: "The part of the program that reads the terminal and acts is stuck.",
    Trouble.WINDOW: "The window does not react, so its stop button does not either. The guard behind it still works.",
}
LOOK = "Look at your positions in MT5: close there what you do not want to hold."
STOP = "To close everything now: plimsoll stop"
STOP_HERE = "To close everything now: the stop below, or plimsoll stop"
"""In a window, which has one."""
REMEDIES = {
    Trouble.DIED: (LOOK, STOP, "Start Plimsoll again: it takes up what it had sent."),
    Trouble.SILENT: (LOOK, STOP, "End Plimsoll in the task manager and start it again."),
    Trouble.WORKER: (LOOK, STOP, "If it lasts, close Plimsoll and start it again."),
    Trouble.WINDOW: (STOP, "If it lasts, end Plimsoll in the task manager and start it again."),
}


def remedies(trouble: Trouble) -> tuple[str, ...]:
    """What to do, for a window that has a stop."""
    return tuple(STOP_HERE if line == STOP else line for line in REMEDIES[trouble])


def guarded(trouble: Trouble, pulse: Pulse) -> str:
    """What that means for the positions."""
    whose = f" on {', '.join(pulse.accounts)}" if pulse.accounts else ""
    if trouble is Trouble.WINDOW:
        return f"Rules{whose} still act." if pulse.armed else f"Rules{whose} still alert."
    return f"Positions{whose} are NOT guarded." if pulse.armed else f"Nothing{whose} is watched."


def sentence(trouble: Trouble, pulse: Pulse) -> str:
    """All of it in one line, for a log."""
    return " ".join((f"{HEADLINES[trouble]}:", guarded(trouble, pulse), CAUSES[trouble], *_ended(REMEDIES[trouble])))


def _ended(lines: tuple[str, ...]) -> list[str]:
    return [line if line.endswith(".") else f"{line}." for line in lines]
