"""One sentence as it is being spoken: sound of any cut in, pieces with their words out. Pure."""

from collections.abc import Iterable
from unicodedata import category

from voice.audio import pcm
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.connection import Said
from voice.providers.tts.timing import Letters, Mark, Timing

PIECE_MIN_BYTES = pcm.byte_count(0.02, OUTPUT_HZ)
PIECE_MAX_BYTES = pcm.byte_count(0.2, OUTPUT_HZ)
EARLY_S = 0.05
"""What a vendor's times may lie before the sound that they belong to."""


def sayable(text: str) -> str:
    """The text in one line, without control characters and broken ones; "" if nothing in it can
    be said."""
    whole = "".join(" " if category(char) in ("Cc", "Cs") else char for char in text)
    plain = " ".join(whole.split())
    return plain if any(char.isalnum() for char in plain) else ""


class Spoken:
    def __init__(self, text: str) -> None:
        self._timing = Timing(text)
        self._letters = Letters()
        self._pcm = b""
        """What is not given yet: less than the shortest piece, between two calls."""
        self._words: list[Mark] = []
        self._heard_s = 0.0
        self.given_s = 0.0
        """How much sound was given out."""

    @property
    def word_count(self) -> int:
        """Of the text."""
        return self._timing.word_count

    @property
    def word_count_said(self) -> int:
        """Of the text, as far as the vendor says."""
        return self._timing.word_count_said

    def grow(self, text: str) -> None:
        """The text goes on."""
        self._timing.grow(text)

    def feed(self, said: Said) -> list[SpeechChunk]:
        """The pieces that are complete by this."""
        self._mark(said.words)
        self._mark(self._letters.feed(said.letters, self._offset_s(said)))
        self._pcm += said.pcm
        self._heard_s += len(said.pcm) / pcm.SAMPLE_BYTES / OUTPUT_HZ
        pieces, start = [], 0
        while (left := _whole(len(self._pcm) - start)) >= PIECE_MIN_BYTES:
            end = start + min(left, PIECE_MAX_BYTES)
            pieces.append(self._piece(self._pcm[start:end]))
            start = end
        self._pcm = self._pcm[start:]
        return pieces

    def rest(self) -> list[SpeechChunk]:
        """The last piece, filled up with silence; half a sample is no sound."""
        self._mark(self._letters.rest())
        self._words += self._timing.rest()
        whole = self._pcm[: _whole(len(self._pcm))]
        if not (whole or self._words):
            return []
        last = whole.ljust(PIECE_MIN_BYTES, b"\0")
        self.given_s += pcm.duration_s(last, OUTPUT_HZ)
        return [_chunk(last, self._words)]

    def _mark(self, words: Iterable[Mark]) -> None:
        for word in words:
            self._words += self._timing.heard(word)

    def _offset_s(self, said: Said) -> float:
        """Where the letters' times begin. They are documented as relative to the sound beside
        them, and by some accounts are counted from the start of the sentence."""
        if not said.letters:
            return 0.0
        here_s = len(said.pcm) / pcm.SAMPLE_BYTES / OUTPUT_HZ
        first, last = said.letters[0], said.letters[-1]
        is_absolute = last.start_s > here_s and first.start_s > self._heard_s - EARLY_S
        return 0.0 if is_absolute else self._heard_s

    def _piece(self, sound: bytes) -> SpeechChunk:
        self.given_s += pcm.duration_s(sound, OUTPUT_HZ)
        begun = [word for word in self._words if word.start_s < self.given_s]
        del self._words[: len(begun)]
        return _chunk(sound, begun)


def _whole(size: int) -> int:
    """Bytes of whole samples among so many."""
    return size - size % pcm.SAMPLE_BYTES


def _chunk(sound: bytes, words: list[Mark]) -> SpeechChunk:
    return SpeechChunk(
        sound,
        tuple((word.text, word.start_s) for word in words),
        tuple(word.end_s for word in words),
    )
