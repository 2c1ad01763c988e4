"""One provider's ear while it listens: given all that was kept, then what is said, and timed."""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable, Sequence

import structlog

from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.providers.failover.kept import KEPT_MAX, PREROLL_FRAMES, Finalise, Kept, Said
from voice.providers.failover.member import Member
from voice.providers.protocols import INPUT_HZ, SpeechToText, SpeechToTextStream, Transcript

log = structlog.get_logger()

TELLS_AS_IT_GOES_S = 2.5
"""An ear that tells what it hears says something within so much speech."""


class OpenEar:
    def __init__(
        self,
        member: Member[SpeechToText],
        kept: Kept,
        on_transcript: Callable[["OpenEar", Transcript], None],
        on_change: Callable[[], None],
    ) -> None:
        """kept: what it has to hear first. on_change: it is open, or has failed."""
        self.member = member
        self.asked_at = time.time()
        """When it was asked to listen, in Unix seconds."""
        self.is_new = True
        """It has told nothing that was passed on."""
        self.error: ProviderError | None = None
        """Why it hears nothing any more."""
        self.asked: deque[Finalise] = deque()
        """What it has not answered."""
        self.told: list[Transcript] = []
        """While it listens beside another: what it understood, not passed on."""
        self._kept = kept
        self._now = asyncio.get_running_loop().time
        self._began_at = self._now()
        self._open_at = math.inf
        """When it had heard all that was said before."""
        self._unheard_s = 0.0
        """Speech that it was given, as it was spoken, since it said anything."""
        self._given_s = 0.0
        """Sound that its provider was given and nobody was told of."""
        self._on_transcript = on_transcript
        self._on_change = on_change
        self._stream: SpeechToTextStream | None = None
        self._preroll: deque[bytes] = deque(maxlen=PREROLL_FRAMES)
        self._waiting: deque[bytes | None] = deque(maxlen=KEPT_MAX)
        """Until the stream is open; None stands for a finalise. Full: the oldest is forgotten."""
        for said in kept:
            self._waiting.extend(self._due(said))
        self._unheard_s = 0.0

    @property
    def is_open(self) -> bool:
        return self._open_at < math.inf

    @property
    def seems_deaf(self) -> bool:
        tells = self.member.provider.tells_as_it_goes
        return tells and self._unheard_s > TELLS_AS_IT_GOES_S

    def waited_s(self, now: float, asked: Finalise | None = None) -> float:
        """For this answer, or else the oldest that it owes; connecting included."""
        asked = asked or (self.asked[0] if self.asked else None)
        return now - max(asked.at, self._began_at) if asked else 0.0

    def is_late(self, now: float) -> bool:
        return self.seems_deaf or self.late_in_s(now) <= 0

    def late_in_s(self, now: float) -> float:
        """For an answer that no other has given meanwhile."""
        waited_for = next((one for one in self.asked if not self._kept.is_answered(one)), None)
        if waited_for is None:
            return math.inf
        return self.member.vitals.first.late_s - self.waited_s(now, waited_for)

    def take_given_s(self) -> float:
        """How much sound its provider was given since this was last asked."""
        given_s, self._given_s = self._given_s, 0.0
        return given_s

    def took_s(self, answered: Finalise) -> float | None:
        """How long its answer took; None where it had to connect and to catch up first."""
        return self._now() - answered.at if answered.at >= self._open_at else None

    async def run(self, language: str, terms: Sequence[str]) -> None:
        """Listen until it fails or is cancelled."""
        try:
            async with self.member.provider.open(language=language, terms=terms) as stream:
                await self._listen(stream)
        except Exception as error:
            self._fail(error)
        finally:  # cancelled, perhaps by nothing but a mistake of the adapter
            self._fail(ProviderUnavailable(self.member.name, "closed"))

    async def give(self, said: Said) -> None:
        for due in self._due(said):
            if self._stream is None:
                self._waiting.append(due)
                continue
            try:
                await self._pass_on(self._stream, due)
            except Exception as error:
                self._fail(error)

    def _due(self, said: Said) -> list[bytes | None]:
        """What the provider gets for it: one that wants speech only gets no silence but the half
        second before somebody speaks."""
        if isinstance(said, Finalise):
            self.asked.append(said)
            return [None]
        if not said.is_speech:
            if not self.member.provider.speech_only:
                return [said.pcm]
            self._preroll.append(said.pcm)
            return []
        self._unheard_s += len(said.pcm) / 2 / INPUT_HZ
        due: list[bytes | None] = [*self._preroll, said.pcm]
        self._preroll.clear()
        return due

    async def _listen(self, stream: SpeechToTextStream) -> None:
        while self._waiting:
            await self._pass_on(stream, self._waiting.popleft())
        self._stream, self._open_at = stream, self._now()
        self._on_change()
        async for transcript in stream.transcripts():
            if transcript.text:
                self._unheard_s = 0.0
            self._on_transcript(self, transcript)

    async def _pass_on(self, stream: SpeechToTextStream, pcm: bytes | None) -> None:
        if pcm is None:
            await stream.finalise()
            return
        self._given_s += len(pcm) / 2 / INPUT_HZ
        await stream.send(pcm)

    def _fail(self, error: Exception) -> None:
        """Only the first trouble counts."""
        self._stream = None
        if self.error is not None:
            return
        self.error = error if isinstance(error, ProviderError) else self.member.broke(error)
        self._on_change()
