"""The offline voice: espeak-ng. Plain, clear, in a hundred languages, there within milliseconds.

A sentence is made on espeak's thread far faster than it is played, so it is made in one go; what is
given out in pieces is stopped between two of them.
"""

import asyncio
import re
import threading
from collections import deque
from collections.abc import AsyncGenerator, Callable
from importlib.util import find_spec

import numpy as np

from voice.audio import pcm
from voice.audio.framing import Reframer
from voice.audio.resample import Resampler
from voice.providers.errors import ProviderRejected, ProviderTimeout, ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts import espeak

NAME = "offline"
TEXT_CHARS_MAX = 1_000
"""A minute of speech and 3 MB of sound: what one call may put into memory."""
PIECE_S = 0.1
PAUSE_S = 0.15
"""After a sentence, since espeak ends with its last sound."""
AUDIBLE = 10 ** (-50 / 20)
"""Before the first sample above -50 dBFS there are 0 to 50 ms of nothing, which are left out."""
PIECE_TIMEOUT_S = 5.0
DEFAULT_VOICE = "en-us"

Piece = SpeechChunk | Exception | None
Give = Callable[[Piece], None]


class Espeak:
    name = NAME

    def __init__(self) -> None:
        """Raises ProviderUnavailable where the wheel is missing."""
        if find_spec("espeakng_loader") is None:
            raise ProviderUnavailable(NAME, "espeakng-loader has no wheel for this system")

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        """voice: a language code of espeak's (“en-us”, “de”) or a name (“English (America)”). One
        that there is not is replaced by the language's, and that by American English."""
        if len(text) > TEXT_CHARS_MAX:
            raise ProviderRejected(
                NAME, f"speaks {TEXT_CHARS_MAX} characters at once at most", is_ours=True
            )
        loop = asyncio.get_running_loop()
        pieces: asyncio.Queue[Piece] = asyncio.Queue()  # bounded by TEXT_CHARS_MAX
        stopped = threading.Event()

        def give(piece: Piece) -> None:
            if not stopped.is_set():
                loop.call_soon_threadsafe(pieces.put_nowait, piece)

        espeak.THREAD.submit(_make, text, voices(voice, language), give, stopped)
        try:
            while (piece := await _next(pieces)) is not None:
                yield piece
        finally:
            stopped.set()


def voices(voice: str, language: str) -> list[str]:
    """What to try, in order. “en” alone is American here; espeak would take it for British."""
    language = language.lower()
    by_language = [] if language == "en" else [language, language.split("-")[0]]
    return [name for name in (voice, *by_language, DEFAULT_VOICE) if name]


async def _next(pieces: asyncio.Queue[Piece]) -> SpeechChunk | None:
    try:
        async with asyncio.timeout(PIECE_TIMEOUT_S):
            piece = await pieces.get()
    except TimeoutError as error:
        raise ProviderTimeout(NAME, f"no sound within {PIECE_TIMEOUT_S:g} s") from error
    if isinstance(piece, Exception):
        raise ProviderUnavailable(NAME, str(piece)) from piece
    return piece


def _make(text: str, voices: list[str], give: Give, stopped: threading.Event) -> None:
    """On espeak's thread. Ends by giving None, or what went wrong."""
    try:
        speech = _Speech(text, espeak.rate_hz())

        def heard(sound: bytes, words: list[tuple[int, int, float]]) -> bool:
            for piece in speech.feed(sound, words):
                give(piece)
            return not stopped.is_set()

        if text.strip() and not stopped.is_set():
            espeak.synthesise(text, voices, heard)
            for piece in speech.rest():
                give(piece)
    except Exception as error:  # given to the one who waits; there is nobody above this thread
        give(error)
    else:
        give(None)


class _Speech:
    """espeak's sound at 24 kHz, in pieces, without the silence that it begins with."""

    def __init__(self, text: str, rate_hz: int) -> None:
        self._text = text
        self._rate_hz = rate_hz
        self._resampler = Resampler(rate_hz, OUTPUT_HZ)
        self._frames = Reframer(round(PIECE_S * OUTPUT_HZ))
        self._untold = deque((word.start(), word.group()) for word in re.finditer(r"\S+", text))
        self._words: list[tuple[str, float]] = []
        self._given_s = 0.0
        self._trimmed_s = 0.0
        self._audible = False

    def feed(self, sound: bytes, words: list[tuple[int, int, float]]) -> list[SpeechChunk]:
        for at, _, start_s in words:
            self._tell(at, start_s)
        frames = self._frames.feed(self._resampler.feed(self._trim(sound)))
        return [self._piece(frame) for frame in frames]

    def rest(self) -> list[SpeechChunk]:
        """The last pieces, with the pause after a sentence."""
        ends = self._text.rstrip().endswith((".", "!", "?", "…", ":"))
        tail = self._resampler.flush() + pcm.silence(PAUSE_S if ends else 0, OUTPUT_HZ)
        pieces = [self._piece(frame) for frame in self._frames.feed(tail)]
        self._tell(len(self._text), self._given_s + self._trimmed_s)
        last = self._piece(self._frames.flush(), last=True)
        return [*pieces, last] if last.pcm or last.words else pieces

    def _tell(self, until: int, start_s: float) -> None:
        """The words that begin up to this character; espeak says some in several parts, and marks
        on their own not at all."""
        while self._untold and self._untold[0][0] <= until:
            self._words.append((self._untold.popleft()[1], start_s))

    def _trim(self, sound: bytes) -> bytes:
        if self._audible:
            return sound
        loud = np.flatnonzero(np.abs(pcm.to_float(sound)) > AUDIBLE)
        silent = int(loud[0]) if loud.size else pcm.sample_count(sound)
        self._audible = bool(loud.size)
        self._trimmed_s += silent / self._rate_hz
        return sound[silent * pcm.SAMPLE_BYTES :]

    def _piece(self, sound: bytes, *, last: bool = False) -> SpeechChunk:
        self._given_s += pcm.duration_s(sound, OUTPUT_HZ)
        until_s = float("inf") if last else self._given_s + self._trimmed_s
        begun = [(word, at_s) for word, at_s in self._words if at_s < until_s]
        del self._words[: len(begun)]
        return SpeechChunk(
            sound, tuple((word, max(0.0, at_s - self._trimmed_s)) for word, at_s in begun)
        )
