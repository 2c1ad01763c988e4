"""One reply on its way from a script to the user's ear: voiced, held, released, paced, cut.

It is made at once and held silent until `release`; what the ear has reached is known at any moment.
It decides nothing about turns: it emits what happens to it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

import structlog

from voice.live import LiveState
from voice.providers.errors import ProviderError
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.script import Script
from voice.stages.frames import Frame, Frames
from voice.stages.speak import speak
from voice.telemetry import TurnTimings
from voice.text.pronunciation import Pronunciation
from voice.turns.events import Event, ReplyFailed, ReplyOver, ReplyReady
from voice.turns.heard import Spoken, heard_text, unheard_texts
from voice.turns.playhead import Playhead
from voice.wire import TurnMetrics

log = structlog.get_logger()

WAIT_MIN_S, WAIT_MAX_S = 0.005, 0.25


class Listener(Protocol):
    """Who hears the reply: the session, on behalf of its socket."""

    def emit(self, event: Event) -> None: ...
    def now(self) -> float: ...
    async def attached(self) -> None:
        """Return once there is a socket."""

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None: ...
    async def caption(self, reply: "Reply") -> None:
        """Another sentence of it begins to be heard."""

    async def stalled(self) -> None:
        """The socket's client has stopped playing."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and how."""

    chain: SpeakingChain
    name: str
    language: str
    pronunciation: Pronunciation


class Reply:
    def __init__(
        self,
        attempt: int,
        turn: int,
        script: Script,
        *,
        voice: Voice,
        listener: Listener,
        playhead: Playhead,
    ) -> None:
        self.attempt = attempt
        self.turn = turn
        self.script = script
        self.playhead = playhead
        self.number = 0
        """0 until it is released."""
        self.source = "model"
        self.started_at = 0.0
        """When it was released."""
        self.is_interrupted = False
        self.is_concluded = False
        """It is over and recorded."""
        self.timings: TurnTimings | None = None
        """Of a reply to a turn."""
        self.metrics: TurnMetrics | None = None
        """The last that was sent."""
        self.spoken: list[Spoken] = []
        """The sentences whose sound has begun to go out."""
        self.reported = asyncio.Event()
        """The client said how much it has played."""
        self.on_sentence: Callable[[], None] = lambda: None
        self.on_audio: Callable[[], None] = lambda: None
        self.on_voice: Callable[[str], None] = lambda name: None
        """Told at each sentence which provider speaks it."""
        self._voice = voice
        self._listener = listener
        self._given: list[str] = []
        """The sentences that the voice has taken, spoken or not."""
        self._sentence = -1
        self._frames = Frames()
        self._released = asyncio.Event()
        self._error: ProviderError | None = None

    @property
    def error(self) -> Exception | None:
        """Why it breaks off before its end."""
        return self._error or self.script.error

    @property
    def text(self) -> str:
        """All that has begun to be heard."""
        return " ".join(sentence.text for sentence in self.spoken)

    def heard(self) -> str:
        """What the ear has reached."""
        return heard_text(self.spoken, self.playhead.position(self._listener.now()))

    def unheard(self) -> list[str]:
        """What the voice has taken from the script and the ear has not reached."""
        played = self.playhead.position(self._listener.now())
        return [*unheard_texts(self.spoken, played), *self._given[len(self.spoken) :]]

    def as_live(self, state: LiveState) -> LiveState:
        """`state` with how far this reply has come, for another process to carry it on."""
        return replace(
            state,
            reply=self.number,
            source=self.source,
            spoken=tuple(self.spoken),
            sent_samples=self.playhead.sent,
            heard_samples=self.playhead.position(self._listener.now()),
            unvoiced=(*self._given[len(self.spoken) :], *self.script.unread()),
        )

    def restore(self, state: LiveState) -> None:
        """Stand where another process left this reply."""
        self.number, self.source = state.reply, state.source
        self.spoken = list(state.spoken)
        self._given = [sentence.text for sentence in state.spoken]
        self.playhead.sent = state.sent_samples
        self.playhead.heard = state.heard_samples
        self.playhead.stopped_at = self.started_at = self._listener.now()

    def release(self, number: int) -> None:
        self.number = number
        self._released.set()

    async def run(self) -> None:
        """Voice and play the script until it has been heard. Cancelling leaves the script alone."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._speak())
            # Not in a task of its own: cancelling must silence it before anything else runs.
            await self._play()

    async def _speak(self) -> None:
        try:
            await speak(
                self.script,
                self._frames,
                voice=partial(
                    self._voice.chain.speak,
                    voice=self._voice.name,
                    language=self._voice.language,
                    on_served=self.on_voice,
                ),
                said=self._voice.pronunciation.of,
                on_sentence=self._give,
            )
        except ProviderError as error:
            self._error = error
            await self._frames.put(None)
        if self.error:
            log.warning("reply.failed", turn=self.turn, error=str(self.error))

    def _give(self, text: str) -> None:
        self._given.append(text)
        self.on_sentence()

    async def _play(self) -> None:
        emit, now = self._listener.emit, self._listener.now
        frame = await self._frames.get()
        if frame is None:
            event = ReplyFailed if self.error else ReplyOver
            emit(event(now(), self.attempt))
            return
        self.on_audio()
        await self._listener.attached()
        emit(ReplyReady(now(), self.attempt))
        await self._released.wait()
        while frame is not None:
            await self._send(frame)
            frame = await self._frames.get()
        if self.error:
            emit(ReplyFailed(now(), self.attempt))
        await self._until(lambda: OUTPUT_HZ * WAIT_MIN_S - self._unheard_samples())
        emit(ReplyOver(now(), self.attempt))

    async def _send(self, frame: Frame) -> None:
        samples = len(frame.pcm) // 2
        await self._until(lambda: self.playhead.room(self._listener.now()) - samples)
        first_sample = self.playhead.sent
        self.playhead.send(samples, now=self._listener.now())
        if samples:
            await self._listener.send_audio(self.number, first_sample, frame.pcm)
        await self._note(frame, first_sample, samples)

    async def _note(self, frame: Frame, first_sample: int, samples: int) -> None:
        """Keep which words lie where in the sound."""
        begins = self._sentence != frame.sentence
        if begins:
            self._sentence = frame.sentence
            self.spoken.append(Spoken(frame.text, first_sample))
        self.spoken[-1] = self.spoken[-1].lengthened(samples, is_whole=frame.ends_sentence)
        if begins:
            await self._listener.caption(self)

    def _unheard_samples(self) -> int:
        return self.playhead.sent - self.playhead.position(self._listener.now())

    async def _until(self, room: Callable[[], float]) -> None:
        """Wait until the ear has come along far enough: until `room` is not negative."""
        while (missing := -room()) > 0:
            if self.playhead.is_stalled(self._listener.now()):
                await self._listener.stalled()
            await asyncio.sleep(min(WAIT_MAX_S, max(WAIT_MIN_S, missing / OUTPUT_HZ)))
