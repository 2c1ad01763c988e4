"""The open ear of one session: speech goes to the provider, transcripts come back as events.

What belongs to which utterance is kept here: providers answer `finalise` in order, so a piece of
text belongs to the oldest utterance that has not been answered, else to the one being spoken.
"""

import asyncio
import random
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from voice.providers.errors import ProviderError
from voice.providers.protocols import SpeechToText, SpeechToTextStream, Transcript
from voice.turns.events import Event, TranscriptGrew

log = structlog.get_logger()

ANSWER_S = 2.0
"""A finalise that has not been answered by then never will be."""
WAITING_MAX = 480
"""15 s in frames of 32 ms. Full: the oldest is forgotten."""
REOPEN_FIRST_S, REOPEN_MAX_S = 0.25, 8.0


@dataclass(slots=True)
class _Asked:
    utterance: int
    at: float


class Ear:
    """`run` keeps the stream open; `send` and `finalise` are called by others meanwhile."""

    def __init__(
        self,
        provider: SpeechToText,
        *,
        language: str,
        emit: Callable[[Event], None],
        now: Callable[[], float],
        on_failure: Callable[[ProviderError], None],
    ) -> None:
        self._provider = provider
        self._language = language
        self._emit = emit
        self._now = now
        self._on_failure = on_failure
        self._stream: SpeechToTextStream | None = None
        self._waiting: deque[bytes | None] = deque(maxlen=WAITING_MAX)
        """What was said before the stream is open; None stands for a finalise."""
        self._asked: deque[_Asked] = deque()
        self._utterance = 1
        self._settled = ""
        self._interim = ""

    @property
    def speech_only(self) -> bool:
        return self._provider.speech_only

    async def run(self) -> None:
        """Listen until cancelled, opening the stream again, ever more slowly, when it breaks."""
        delay_s = REOPEN_FIRST_S
        while True:
            opened_at = self._now()
            try:
                await self._listen()
            except ProviderError as error:
                log.warning("stt.failed", provider=self._provider.name, error=str(error))
                if self._now() - opened_at > REOPEN_MAX_S:
                    delay_s = REOPEN_FIRST_S
                if delay_s == REOPEN_FIRST_S:  # users are told once per outage
                    self._on_failure(error)
            await asyncio.sleep(delay_s * random.uniform(0.5, 1.0))
            delay_s = min(REOPEN_MAX_S, delay_s * 2)

    async def send(self, pcm: bytes) -> None:
        """Take speech. While the stream is being opened it is kept, the last 15 s of it."""
        if self._stream is None:
            self._waiting.append(pcm)
            return
        await self._stream.send(pcm)

    async def finalise(self, utterance: int) -> None:
        """Ask for the rest of this utterance. Always answered by a final TranscriptGrew, unless the
        provider forgets; then the turn machine's timer goes on without."""
        self._asked.append(_Asked(utterance, self._now()))
        self._utterance = utterance + 1
        if self._stream is None:
            self._waiting.append(None)
            return
        await self._stream.finalise()

    async def _listen(self) -> None:
        try:
            async with self._provider.open(language=self._language) as stream:
                while self._waiting:
                    pcm = self._waiting.popleft()
                    await (stream.finalise() if pcm is None else stream.send(pcm))
                self._stream = stream
                async for transcript in stream.transcripts():
                    self._take(transcript)
        finally:
            self._stream = None
            self._waiting.clear()
            self._answer_all()

    def _take(self, transcript: Transcript) -> None:
        self._forget_unanswered()
        if transcript.is_final or transcript.answers_finalise:
            self._settled, self._interim = f"{self._settled} {transcript.text}".strip(), ""
        else:
            self._interim = transcript.text
        if not transcript.answers_finalise:
            self._tell(self._current(), is_final=False)
        elif self._asked:
            self._tell(self._asked.popleft().utterance, is_final=True)

    def _current(self) -> int:
        return self._asked[0].utterance if self._asked else self._utterance

    def _tell(self, utterance: int, *, is_final: bool) -> None:
        text = f"{self._settled} {self._interim}".strip()
        self._emit(TranscriptGrew(self._now(), utterance, text, is_final))
        if is_final:
            self._settled = self._interim = ""

    def _answer_all(self) -> None:
        """The stream is gone: what was understood of each utterance is all there will be."""
        while self._asked:
            self._tell(self._asked.popleft().utterance, is_final=True)

    def _forget_unanswered(self) -> None:
        while self._asked and self._now() - self._asked[0].at > ANSWER_S:
            log.warning("stt.finalise_unanswered", provider=self._provider.name)
            self._asked.popleft()
            self._settled = self._interim = ""
