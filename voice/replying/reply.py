"""One reply on its way from a script to the user's ear: voiced, held, released, paced, cut.

It is made at once and held silent until `release`; what the ear has reached is known at any moment.
It decides nothing about turns: it emits what happens to it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf
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
from voice.text.echo import SaidWord
from voice.text.pronunciation import Pronunciation
from voice.turns.events import Event, ReplyFailed, ReplyOver, ReplyReady
from voice.turns.heard import SpeakingRate, Spoken, heard_text, progress, unheard_texts
from voice.turns.playhead import Playhead
from voice.wire import TurnMetrics

log = structlog.get_logger()

WAIT_MIN_S, WAIT_MAX_S = 0.005, 0.25
SHOWN_EVERY_S = 0.25
"""Captions follow the voice word by word, but no faster than that: some three words a second."""


class Listener(Protocol):
    """Who hears the reply: the session, on behalf of its socket."""

    def emit(self, event: Event) -> None: ...
    def now(self) -> float: ...
    async def attached(self) -> None:
        """Return once there is a socket."""

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None: ...
    async def caption(self, reply: "Reply") -> None:
        """More of its `text` has been heard."""

    async def stalled(self) -> None:
        """The socket's client has stopped playing."""


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and how."""

    chain: SpeakingChain
    name: str
    language: str
    pronunciation: Pronunciation
    rate: SpeakingRate = field(default_factory=SpeakingRate)
    """Of this session's voice."""


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
        self.over_at: float | None = None
        """When the last of it was heard."""
        self.timings: TurnTimings | None = None
        """Of a reply to a turn."""
        self.metrics: TurnMetrics | None = None
        """The last that was sent."""
        self.spoken: list[Spoken] = []
        """The sentences whose sound has begun to go out."""
        self.text = ""
        """What has been voiced so far, to the word, as it is shown; it only ever grows."""
        self.reported = asyncio.Event()
        """The client said how much it has played."""
        self.on_sentence: Callable[[], None] = lambda: None
        self.on_audio: Callable[[], None] = lambda: None
        self.on_voice: Callable[[str], None] = lambda name: None
        """Told at each sentence which provider speaks it."""
        self.on_sound: Callable[[], None] = lambda: None
        """Told when the sound of another sentence begins to go out."""
        self._voice = voice
        self._listener = listener
        self._given: list[tuple[str, str]] = []
        """The sentences that the voice has taken, spoken or not: as written, and as said."""
        self._shown_at = -inf
        self._next_at = 0.0
        """Where the next word to be shown will have been heard."""
        self._frames = Frames()
        self._released = asyncio.Event()
        self._error: ProviderError | None = None

    @property
    def error(self) -> Exception | None:
        """Why it breaks off before its end."""
        return self._error or self.script.error

    def heard(self) -> str:
        """What the ear has reached."""
        return heard_text(self.spoken, self.playhead.position(self._listener.now()))

    def unheard(self) -> list[str]:
        """What the voice has taken from the script and the ear has not reached."""
        played = self.playhead.position(self._listener.now())
        return [*unheard_texts(self.spoken, played), *self._unvoiced()]

    def words(self, now: float) -> list[SaidWord]:
        """What the voice said, and when each word began to be heard, on the clock of `now`."""
        behind = self.playhead.position(now)
        at = now if self.over_at is None else self.over_at
        return [
            SaidWord(word, at + (sentence.first_sample + begin - behind) / OUTPUT_HZ)
            for sentence in self.spoken
            for word, begin in zip(sentence.words, sentence.begins(), strict=True)
        ]

    def as_live(self, state: LiveState) -> LiveState:
        """`state` with how far this reply has come, for another process to carry it on."""
        return replace(
            state,
            reply=self.number,
            source=self.source,
            spoken=tuple(self.spoken),
            sent_samples=self.playhead.sent,
            heard_samples=self.playhead.position(self._listener.now()),
            unvoiced=(*self._unvoiced(), *self.script.unread()),
        )

    def restore(self, state: LiveState) -> None:
        """Stand where another process left this reply."""
        self.number, self.source = state.reply, state.source
        self.spoken = list(state.spoken)
        self._given = [(sentence.text, sentence.said) for sentence in state.spoken]
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
                on_more=self._give_more,
                language=self._voice.language,
            )
        except ProviderError as error:
            self._error = error
            await self._frames.put(None)
        if self.error:
            log.warning("reply.failed", turn=self.turn, error=str(self.error))

    def _give(self, text: str, said: str) -> None:
        self._given.append((text, said))
        self.on_sentence()

    def _give_more(self, text: str, said: str) -> None:
        self._given[-1] = text, said
        if len(self.spoken) == len(self._given):
            self.spoken[-1] = replace(self.spoken[-1], text=text, said=said)
            self._next_at = 0.0

    def _unvoiced(self) -> list[str]:
        """What the voice has taken and no sound has gone out of."""
        return [text for text, _ in self._given[len(self.spoken) :]]

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
        await self._show(is_last=True)
        emit(ReplyOver(now(), self.attempt))

    async def _send(self, frame: Frame) -> None:
        samples = len(frame.pcm) // 2
        await self._until(lambda: self.playhead.room(self._listener.now()) - samples)
        first_sample = self.playhead.sent
        self.playhead.send(samples, now=self._listener.now())
        if samples:
            await self._listener.send_audio(self.number, first_sample, frame.pcm)
        self._note(frame, first_sample, samples)
        await self._show()

    def _note(self, frame: Frame, first_sample: int, samples: int) -> None:
        """Keep which words lie where in the sound."""
        if frame.sentence == len(self.spoken):
            self._next_at = min(self._next_at, first_sample)
            self.spoken.append(self._begun(frame.sentence, first_sample))
            self.on_sound()
        spoken = self.spoken[-1]
        if spoken.is_whole:
            spoken = spoken.lengthened(0, is_whole=True, times=frame.words)
        else:
            spoken = spoken.lengthened(samples, is_whole=False, times=frame.words, loud=frame.loud)
            if rest := self._frames.rest(frame.sentence):
                spoken = spoken.completed(rest[0], loud=rest[1])
                self._voice.rate.learn(spoken)
        self.spoken[-1] = spoken

    def _begun(self, sentence: int, first_sample: int) -> Spoken:
        text, said = self._given[sentence]
        rate = self._voice.rate.samples_per_letter
        return Spoken(text, first_sample, said=said, samples_per_letter=rate)

    async def _show(self, *, is_last: bool = False) -> None:
        """Caption what the ear has reached, if that is more than what stands there."""
        now = self._listener.now()
        played = self.playhead.position(now)
        if not is_last and (now - self._shown_at < SHOWN_EVERY_S or played < self._next_at):
            return
        heard, self._next_at = progress(self.spoken, played)
        if len(heard) > len(self.text):
            self.text, self._shown_at = heard, now
            await self._listener.caption(self)

    def _unheard_samples(self) -> int:
        return self.playhead.sent - self.playhead.position(self._listener.now())

    async def _until(self, room: Callable[[], float]) -> None:
        """Wait until the ear has come along far enough: until `room` is not negative."""
        while (missing := -room()) > 0:
            if self.playhead.is_stalled(self._listener.now()):
                await self._listener.stalled()
            await asyncio.sleep(min(WAIT_MAX_S, max(WAIT_MIN_S, missing / OUTPUT_HZ)))
            await self._show()
