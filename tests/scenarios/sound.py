"""Microphone sound that says what it is: each frame names the `Says` that it belongs to, and how
far that has come, so that the ear understands what reached it and nothing else.
"""

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from tests.scenarios.timeline import Says
from voice.audio.vad import FRAME_SAMPLES
from voice.providers.protocols import INPUT_HZ

FRAME_S = FRAME_SAMPLES / INPUT_HZ
"""32 ms: what the VAD takes at a time."""
LEVEL = 10_000
SILENCE = bytes(2 * FRAME_SAMPLES)
_MARK = -32_768
_LABEL = struct.Struct("<hhhhh")


@dataclass(frozen=True, slots=True)
class Label:
    probability: float
    line: int
    """Which `Says` it is, counting from 0,"""
    number: int
    """which frame of it,"""
    count: int
    """and of how many."""


@lru_cache(4096)
def _frame(label: Label) -> bytes:
    """Labels throughout: frames are cut anew after a gap."""
    level = round(label.probability * LEVEL)
    once = _LABEL.pack(_MARK, level, label.line, label.number, label.count)
    return (once * (FRAME_SAMPLES // 5 + 1))[: 2 * FRAME_SAMPLES]


def label_of(frame: bytes) -> Label | None:
    """The first in it; None for silence."""
    at = frame.find(_MARK_BYTES)
    while at % 2 and at >= 0:
        at = frame.find(_MARK_BYTES, at + 1)
    if at < 0 or at + _LABEL.size > len(frame):
        return None
    _, level, line, number, count = _LABEL.unpack_from(frame, at)
    return Label(level / LEVEL, line, number, count)


_MARK_BYTES = struct.pack("<h", _MARK)


class Microphone:
    """What it hears, frame by frame."""

    def __init__(self, lines: Sequence[Says]) -> None:
        self._frames: dict[int, bytes] = {}
        for line, says in enumerate(lines):
            first, end = round(says.from_s / FRAME_S), round(says.to_s / FRAME_S)
            for index in range(first, end):
                label = Label(says.probability, line, index - first, end - first)
                self._frames[index] = _frame(label)

    def frame(self, index: int) -> bytes:
        """Frame 0 begins with the timeline."""
        return self._frames.get(index, SILENCE)
