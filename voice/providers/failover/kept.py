"""The sound that another ear would need: all since the last transcript that is certain."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass

PREROLL_FRAMES = 16
"""Half a second before VAD fires is kept: it fires late, and the first sound of a word is soft."""
KEPT_MAX = 960
"""30 s in frames of 32 ms. Full: the oldest is forgotten, and lost if the ear fails just then."""


@dataclass(frozen=True, slots=True)
class Sound:
    pcm: bytes
    is_speech: bool


@dataclass(frozen=True, slots=True)
class Finalise:
    """The end of an utterance. Numbers rise by one."""

    number: int
    at: float
    """On the event loop's clock."""


Said = Sound | Finalise


class Kept:
    def __init__(self) -> None:
        self._said: deque[Said] = deque(maxlen=KEPT_MAX)
        self._finalised = 0
        self._has_speech = False
        self._answered = 0

    def __iter__(self) -> Iterator[Said]:
        return iter(self._said)

    @property
    def is_idle(self) -> bool:
        """Nobody is speaking, and every answer is there."""
        return not self._has_speech and self._answered == self._finalised

    def sound(self, sound: Sound) -> None:
        """Silence before any speech is kept for half a second only."""
        self._said.append(sound)
        self._has_speech = self._has_speech or sound.is_speech
        while self.is_idle and len(self._said) > PREROLL_FRAMES:
            self._said.popleft()

    def finalise(self, at: float) -> Finalise:
        self._finalised += 1
        self._has_speech = False
        finalise = Finalise(self._finalised, at)
        self._said.append(finalise)
        return finalise

    def is_answered(self, finalise: Finalise) -> bool:
        return finalise.number <= self._answered

    def answer(self, finalise: Finalise) -> None:
        """What was said up to there need not be kept."""
        self._answered = finalise.number
        if finalise in self._said:
            while self._said.popleft() is not finalise:
                continue

    def unanswered(self) -> list[Finalise]:
        return [s for s in self._said if isinstance(s, Finalise)]
