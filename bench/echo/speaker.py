"""The client's speaker: plays what it was sent, on a clock of its own that drifts and jumps."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.echo.replies import Sentence
from bench.echo.room import RATE_HZ
from voice.audio.pcm import Samples, to_float
from voice.audio.reference import DUCKED_GAIN
from voice.audio.resample import Resampler
from voice.providers.protocols import OUTPUT_HZ

DRIFT = 100e-6
KEY_BYTES = OUTPUT_HZ // 4 * 2
"""By so much of its beginning a sentence is known."""


@dataclass
class Playing:
    """One reply. At `jump_at_s` of it, playing loses (`jump_s` > 0) or skips so much."""

    number: int
    jump_at_s: float = float("inf")
    jump_s: float = 0.0
    begins_s: float | None = None
    """When its first sample was audible."""
    position_s: float = 0.0
    is_stopped: bool = False
    _pcm: bytearray = field(default_factory=bytearray)
    """As it was sent."""
    _known: int = 0
    """Bytes of it that are whole sentences, or the beginning of one that is known."""
    _words: list[tuple[float, str]] = field(default_factory=list)
    """Still to be heard: where the middle of each is."""
    _samples: Samples = field(default_factory=lambda: np.zeros(0, np.float32))
    _resampler: Resampler = field(default_factory=lambda: Resampler(OUTPUT_HZ, RATE_HZ))
    _waits_s: float = 0.0

    @property
    def rest_s(self) -> float:
        return 0.0 if self.is_stopped else len(self._samples) / RATE_HZ - self.position_s

    def add(self, pcm: bytes, sentences: Sequence[Sentence]) -> None:
        """sentences: what the voice has said; it is sent as it is."""
        self._pcm += pcm
        more = to_float(self._resampler.feed(pcm))
        self._samples = np.concatenate([self._samples, more])
        begun = bytes(self._pcm[self._known : self._known + KEY_BYTES])
        if len(begun) == KEY_BYTES:
            sentence = next(s for s in reversed(sentences) if s.pcm.startswith(begun))
            at_s = self._known / 2 / OUTPUT_HZ
            self._words += [(at_s + middle_s, word) for middle_s, word in sentence.middles()]
            self._known += len(sentence.pcm)

    def said(self) -> list[str]:
        """The words whose middle was played since this was asked last."""
        count = sum(middle_s <= self.position_s for middle_s, _ in self._words)
        words, self._words = self._words[:count], self._words[count:]
        return [word for _, word in words]

    def play(self, now_s: float, count: int) -> Samples:
        """What leaves the speaker from now on; silence where nothing has come."""
        duration_s = count / RATE_HZ
        if self._waits_s > 0 or self.rest_s <= 0:
            self._waits_s -= duration_s
            return np.zeros(count, np.float32)
        self.begins_s = now_s if self.begins_s is None else self.begins_s
        first = int(self.position_s * RATE_HZ)
        at = self.position_s * RATE_HZ - first + np.arange(count) * (1 + DRIFT)
        here = self._samples[first : first + count + 2]
        self.position_s += min(self.rest_s, duration_s * (1 + DRIFT))
        self._jump()
        return np.interp(at, np.arange(len(here)), here, right=0).astype(np.float32)

    def _jump(self) -> None:
        if self.position_s < self.jump_at_s:
            return
        self.jump_at_s = float("inf")
        self._waits_s = max(0.0, self.jump_s)
        self.position_s += max(0.0, -self.jump_s)


def gain(is_ducked: bool) -> np.float32:
    return np.float32(DUCKED_GAIN if is_ducked else 1.0)
