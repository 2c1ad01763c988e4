"""Somebody who talks over a reply: one of the recordings, from a moment on."""

from dataclasses import dataclass

import numpy as np

from bench.echo.room import RATE_HZ, levelled
from tests.voice.audio.recordings import Recording
from voice.audio.pcm import Samples, to_float

FRAME_S = 0.02
FRAME = round(FRAME_S * RATE_HZ)
"""What the microphone sends at a time."""
USERS_BEFORE_S, USERS_AFTER_S = 0.1, 0.5
"""What is decided so close to the user's talk is the user's doing."""


@dataclass
class Talk:
    """Somebody talks over a reply."""

    begins_s: float
    samples: Samples
    words: list[tuple[float, str]]
    """Still to be said: the middle of each."""
    is_noticed: bool = False
    has_stopped: bool = False
    is_heard: bool = False

    @property
    def ends_s(self) -> float:
        return self.begins_s + len(self.samples) / RATE_HZ

    def is_at(self, at_s: float, after_s: float = USERS_AFTER_S) -> bool:
        return self.begins_s - USERS_BEFORE_S <= at_s <= self.ends_s + after_s

    def take(self, from_s: float) -> Samples:
        at = round((from_s - self.begins_s) * RATE_HZ)
        here = np.arange(at, at + FRAME)
        inside = (here >= 0) & (here < len(self.samples))
        return np.where(inside, self.samples[np.clip(here, 0, len(self.samples) - 1)], 0)


def talk_of(recording: Recording, begins_s: float, level_dbfs: float) -> Talk:
    samples = levelled(_voice_of(recording), level_dbfs)
    return Talk(begins_s, samples, _words_of(recording, begins_s))


def _voice_of(recording: Recording) -> Samples:
    begin, end = round(recording.start_s * RATE_HZ), round(recording.end_s * RATE_HZ)
    return to_float(recording.pcm)[begin:end]


def _words_of(recording: Recording, begins_s: float) -> list[tuple[float, str]]:
    """And the middle of each, in proportion to its letters."""
    words = recording.text.split()
    letters = sum(len(word) + 1 for word in words)
    letter_s = (recording.end_s - recording.start_s) / letters
    before = 0
    middles = []
    for word in words:
        middles.append((begins_s + letter_s * (before + (len(word) + 1) / 2), word))
        before += len(word) + 1
    return middles
