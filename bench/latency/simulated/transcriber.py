"""What a Deepgram with a profile's timing would say, and when. Pure: time comes from outside.

Interim transcripts are without the mark that ends a sentence, since more may follow; finals have
it.
"""

import heapq
from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from bench.latency.profiles import Profile
from bench.latency.simulated.recognition import Recognition
from bench.speech.clips import FRAME, Clip, Samples, Word
from tests.simulators.deepgram import results

Results = dict[str, object]
LONG_S = 1e9


class Kind(IntEnum):
    INTERIM = 0
    UNASKED = 1
    ANSWER = 2


@dataclass(order=True, slots=True)
class Due:
    at: float
    number: int
    kind: Kind = field(compare=False)
    until_s: float = field(compare=False)
    """The last position in the stream whose words it has."""


class Transcriber:
    def __init__(self, profile: Profile, silence_s: float | None) -> None:
        """silence_s: heard before a final transcript comes unasked; None for never."""
        self._profile = profile
        self._silence_s = silence_s
        self._recognition = Recognition()
        self._rest = np.zeros(0, np.int16)
        self._due: list[Due] = []
        self._count = 0
        self._segment_s = 0.0
        """Where what has not been said finally begins."""
        self._final_words = 0
        self._ticked_s = 0.0
        self._told_words = 0
        self._voiced_s: float | None = None
        """The end of the last sound of a voice that no final was planned for."""

    def expect(self, clip: Clip) -> None:
        """What is heard next."""
        self._recognition.expect(clip)
        self._final_words = self._told_words = 0
        self._voiced_s = None

    def hear(self, pcm: bytes, now: float) -> None:
        """The last of these samples has just come in."""
        samples = np.concatenate((self._rest, np.frombuffer(pcm, "<i2")))
        end = len(samples) // FRAME * FRAME
        self._rest = samples[end:]
        for frame in samples[:end].reshape(-1, FRAME):
            self._hear(frame, now)

    def finalise(self, now: float) -> None:
        position_s = self._recognition.position_s
        if position_s > self._segment_s:  # else there is nothing left to do
            self._plan(now + self._profile.final_s, Kind.ANSWER, position_s)

    @property
    def next_at(self) -> float | None:
        """When there is something to say."""
        return self._due[0].at if self._due else None

    def take(self, now: float) -> list[Results]:
        """What is to be said by now."""
        said = []
        while self._due and self._due[0].at <= now:
            if message := self._said(heapq.heappop(self._due)):
                said.append(message)
        return said

    def _hear(self, frame: Samples, now: float) -> None:
        began_s = self._recognition.position_s
        self._recognition.hear(frame)
        position_s = self._recognition.position_s
        if self._recognition.is_voiced(began_s):
            self._voiced_s = position_s
        self._tick(position_s, now)
        silence_s = LONG_S if self._silence_s is None else self._silence_s
        if self._voiced_s is not None and position_s - self._voiced_s >= silence_s - 1e-6:
            at = now - (position_s - self._voiced_s) + self._profile.final_s
            self._plan(max(now, at), Kind.UNASKED, position_s)
            self._voiced_s = None

    def _tick(self, position_s: float, now: float) -> None:
        every_s = self._profile.interim_every_s
        if every_s and position_s - self._ticked_s < every_s - 1e-6:
            return
        self._ticked_s = position_s
        words = len(self._recognition.words(position_s))
        if every_s or words > self._told_words:
            self._told_words = words
            self._plan(now + self._profile.transcript_s, Kind.INTERIM, position_s)

    def _plan(self, at: float, kind: Kind, until_s: float) -> None:
        self._count += 1
        heapq.heappush(self._due, Due(at, self._count, kind, until_s))

    def _said(self, due: Due) -> Results | None:
        words = self._recognition.words(due.until_s)[self._final_words :]
        if not words and due.kind is not Kind.ANSWER:
            return None
        until_s = max(due.until_s, self._segment_s)
        message = results(
            _text(words, is_final=due.kind is not Kind.INTERIM),
            start=self._segment_s,
            duration=until_s - self._segment_s,
            words=[_word(word) for word in words],
            is_final=due.kind is not Kind.INTERIM,
            speech_final=due.kind is Kind.UNASKED,
            from_finalize=due.kind is Kind.ANSWER,
        )
        if due.kind is not Kind.INTERIM:
            self._final_words += len(words)
            self._segment_s = until_s
        return message


def silence_s(profile: Profile, endpointing: str) -> float | None:
    """What the `endpointing` of a request comes to: "false", milliseconds, or "" for the usual."""
    if endpointing.lower() == "false":
        return None
    asked_s = float(endpointing) / 1000 if endpointing.isdigit() else 0.0
    return max(profile.silence_s, asked_s)


def _text(words: list[Word], *, is_final: bool) -> str:
    text = " ".join(word.text for word in words)
    return text if is_final else text.rstrip(".,;:!?…")


def _word(word: Word) -> dict[str, object]:
    return {
        "word": word.text,
        "start": round(word.start_s, 3),
        "end": round(word.end_s, 3),
        "confidence": 0.99,
    }
