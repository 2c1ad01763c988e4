"""When the vendors were asked for something and when they first gave it, by the clock that all
processes of a machine share."""

import time
from collections import deque
from enum import StrEnum

MOST = 1000
"""Marks that are kept; older ones are forgotten."""


class Mark(StrEnum):
    FINALISE = "Finalize asked"
    TRANSCRIPT = "last words transcribed"
    ASKED = "model asked"
    TOKEN = "first token"
    VOICE = "voice asked"
    SOUND = "first sound of the voice"


LAST = (Mark.FINALISE, Mark.TRANSCRIPT, Mark.ASKED)
"""What counts is the last before the answer."""
FIRST_AFTER = {Mark.TOKEN: Mark.ASKED, Mark.VOICE: Mark.TOKEN, Mark.SOUND: Mark.VOICE}
"""What counts is the first after its cause."""


class Marks:
    def __init__(self) -> None:
        self._found: deque[tuple[Mark, float]] = deque(maxlen=MOST)

    def set(self, mark: Mark) -> None:
        self._found.append((mark, time.monotonic()))

    def take(self) -> list[tuple[Mark, float]]:
        """Those since the last time, in their order."""
        found = list(self._found)
        self._found.clear()
        return found


def critical(marks: list[tuple[Mark, float]], ended: float, heard: float) -> dict[Mark, float]:
    """Of one turn, in seconds after the end of speech: what led to the answer that was heard then.
    What is not there did not happen, or is of another answer."""
    before = [(mark, at) for mark, at in marks if at <= heard]
    found: dict[Mark, float] = {mark: at for mark, at in before if mark in LAST}
    for mark, cause in FIRST_AFTER.items():
        after = [at for name, at in before if name is mark and at >= found.get(cause, heard)]
        if after:
            found[mark] = after[0]
    return {mark: found[mark] - ended for mark in Mark if mark in found}
