"""One reply on its way from a script to the user's ear: voiced, held, released, paced, cut.

It is made at once and held silent until `release`; what the ear has reached is known at any moment.
It decides nothing about turns: it emits what happens to it.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from math import inf
from typing import Protocol
from uuid import UUID

import structlog

from voice.live import LiveState
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.making import Making
from voice.replying.said import Said
from voice.replying.script import Script
from voice.replying.voicing import Voice, Voicing
from voice.stages.frames import Frame, Frames
from voice.telemetry import TurnTimings, journal
from voice.text.echo import SaidWord
from voice.turns.events import Event, ReplyFailed, ReplyOver, ReplyReady
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
        self.voicing = Voicing(voice)
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
        self.making: Making | None = None
        """Likewise."""
        self.metrics: TurnMetrics | None = None
        """The last that was sent."""
        self.session: UUID | None = None
        """The connection that it was released to."""
        self.is_reported = False
        """Its metrics are final, whatever the client still says."""
        self.text = ""
        """What has been voiced so far, to the word, as it is shown; it only ever grows."""
        self.reported = asyncio.Event()
        """The client said how much it has played."""
        self.lag_s = inf
        """From sending its sound to hearing that it was played, at best: no less than a message
        takes there and back."""
        self.on_audio: Callable[[], None] = lambda: None
        self.on_sound: Callable[[], None] = lambda: None
        """Told when the sound of another sentence begins to go out."""
        self._rate = voice.rate
        self._listener = listener
        self._said = Said(voice.rate)
        self._shown_at = -inf
        self._frames = Frames()
        self._released = asyncio.Event()

    @property
    def error(self) -> Exception | None:
        """Why it breaks off before its end."""
        return self.voicing.error or self.script.error

    @property
    def sentences(self) -> list[str]:
        """What the voice has taken from the script."""
        return self._said.texts

    def heard(self) -> str:
        """What the ear has reached."""
        return self._said.heard(self._position())

    def unheard(self) -> list[str]:
        """What the voice has taken from the script and the ear has not reached."""
        return self._said.unheard(self._position())

    def words(self, now: float) -> list[SaidWord]:
        """What the voice said, and when each word began to be heard, on the clock of `now`."""
        at = now if self.over_at is None else self.over_at
        return self._said.words(self.playhead.position(now), at)

    def as_live(self, state: LiveState) -> LiveState:
        """`state` with how far this reply has come, for another process to carry it on."""
        return replace(
            state,
            reply=self.number,
            source=self.source,
            spoken=self._said.spoken,
            sent_samples=self.playhead.sent,
            heard_samples=self._position(),
            unvoiced=(*self._said.unvoiced(), *self.script.unread()),
        )

    def restore(self, state: LiveState) -> None:
        """Stand where another process left this reply."""
        self.number, self.source = state.reply, state.source
        self._said = Said(self._rate, state.spoken)
        self.playhead.sent = state.sent_samples
        self.playhead.heard = state.heard_samples
        self.playhead.stopped_at = self.started_at = self._listener.now()

    def release(self, number: int) -> None:
        self.number = number
        self.started_at = self._listener.now()
        self._released.set()

    def report(self, played: int, *, underruns: int) -> None:
        """The client has played so many samples of it."""
        now = self._listener.now()
        self.playhead.report(played, underruns=underruns, now=now)
        self.lag_s = min(self.lag_s, now - self.started_at - played / OUTPUT_HZ)
        self.reported.set()

    def interrupt(self) -> None:
        """The ear moves no further, and what it has reached is to be reported."""
        self.script.stop()
        self.is_interrupted = True
        self.playhead.stopped_at = self.over_at = self._listener.now()
        self.reported.clear()

    def conclude(self) -> str:
        """It is over. Returns what was heard."""
        self.is_concluded = True
        self.over_at = self.over_at or self._listener.now()
        return self.heard()

    async def run(self) -> None:
        """Voice and play the script until it has been heard. Cancelling leaves the script alone."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._speak())
            # Not in a task of its own: cancelling must silence it before anything else runs.
            await self._play()

    async def _speak(self) -> None:
        await self.voicing.run(self.script, self._frames, self._said)
        if self.error:
            log.warning("reply.failed", reply=self.number, error=str(self.error))

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
        journal.bind_reply(self.number)
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
        is_new = self._said.begins(frame)
        self._said.send(frame, first_sample, self._frames.rest)
        if is_new:
            self.on_sound()
        await self._show()

    async def _show(self, *, is_last: bool = False) -> None:
        """Caption what the ear has reached, if that is more than what stands there."""
        now = self._listener.now()
        played = self.playhead.position(now)
        is_soon = now - self._shown_at < SHOWN_EVERY_S or played < self._said.next_at
        if is_soon and not is_last:
            return
        heard = self._said.show(played)
        if len(heard) > len(self.text):
            self.text, self._shown_at = heard, now
            await self._listener.caption(self)

    def _unheard_samples(self) -> int:
        return self.playhead.sent - self._position()

    def _position(self) -> int:
        return self.playhead.position(self._listener.now())

    async def _until(self, room: Callable[[], float]) -> None:
        """Wait until the ear has come along far enough: until `room` is not negative."""
        while (missing := -room()) > 0:
            if self.playhead.is_stalled(self._listener.now()):
                await self._listener.stalled()
            await asyncio.sleep(min(WAIT_MAX_S, max(WAIT_MIN_S, missing / OUTPUT_HZ)))
            await self._show()
