"""The sound of the turn in the making, for a model that listens to its end."""

from collections import deque

from voice.audio.smart_turn import RATE_HZ, WINDOW_S
from voice.audio.vad import FRAME_SAMPLES

BEFORE_S = 0.3
"""Kept from before the voice was noticed: its first sound is soft."""
APART_S = 2.0
"""A silence that no turn survives: what comes after it is another turn."""


def _frames(seconds: float) -> int:
    return round(seconds * RATE_HZ / FRAME_SAMPLES)


class TurnSound:
    """Holds WINDOW_S at most; what is older is forgotten."""

    def __init__(self) -> None:
        self._frames: deque[bytes] = deque(maxlen=_frames(WINDOW_S))
        self._silent = _frames(APART_S)
        """Frames since somebody spoke."""

    def feed(self, frame: bytes, *, is_speech: bool) -> None:
        """Take 32 ms."""
        if is_speech and self._silent >= _frames(APART_S):
            before = list(self._frames)[-_frames(BEFORE_S) :]
            self._frames.clear()
            self._frames.extend(before)
        self._silent = 0 if is_speech else self._silent + 1
        self._frames.append(frame)

    def pcm(self) -> bytes:
        """From the turn's beginning up to now, at 16 kHz."""
        return b"".join(self._frames)
