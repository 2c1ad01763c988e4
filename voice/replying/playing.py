"""One reply on its way from a script to the user's ear: voiced, held until it is released, paced
and captioned.

It decides nothing about turns: it emits what happens to the reply.
"""

import asyncio
from collections.abc import Callable
from math import inf
from typing import Protocol

import structlog

from voice.providers.protocols import OUTPUT_HZ
from voice.replying.reply import Reply
from voice.stages.frames import Frame, Frames
from voice.telemetry import journal
from voice.turns.events import Event, ReplyFailed, ReplyOver, ReplyReady

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
    async def caption(self, reply: Reply) -> None:
        """More of its `text` has been heard."""

    async def stalled(self) -> None:
        """The socket's client has stopped playing."""


class Playing:
    def __init__(self, reply: Reply, listener: Listener) -> None:
        self._reply = reply
        self._listener = listener
        self._frames = Frames()
        self._shown_at = -inf

    async def run(self) -> None:
        """Voice and play the script until it has been heard. Cancelling leaves the script alone."""
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._speak())
            # Not in a task of its own: cancelling must silence it before anything else runs.
            await self._play()

    async def _speak(self) -> None:
        reply = self._reply
        await reply.voicing.run(reply.script, self._frames, reply.said)
        if reply.error:
            log.warning("reply.failed", reply=reply.number, error=str(reply.error))

    async def _play(self) -> None:
        reply, emit, now = self._reply, self._listener.emit, self._listener.now
        frame = await self._frames.get()
        if frame is None:
            event = ReplyFailed if reply.error else ReplyOver
            emit(event(now(), reply.attempt))
            return
        reply.on_audio()
        await self._listener.attached()
        emit(ReplyReady(now(), reply.attempt))
        await reply.released.wait()
        journal.bind_reply(reply.number)
        while frame is not None:
            await self._send(frame)
            frame = await self._frames.get()
        if reply.error:
            emit(ReplyFailed(now(), reply.attempt))
        await self._until(lambda: OUTPUT_HZ * WAIT_MIN_S - reply.unheard_samples())
        await self._show(is_last=True)
        emit(ReplyOver(now(), reply.attempt))

    async def _send(self, frame: Frame) -> None:
        reply, samples = self._reply, len(frame.pcm) // 2
        await self._until(lambda: reply.playhead.room(self._listener.now()) - samples)
        first_sample = reply.playhead.sent
        reply.playhead.send(samples, now=self._listener.now())
        if samples:
            await self._listener.send_audio(reply.number, first_sample, frame.pcm)
        is_new = reply.said.begins(frame)
        reply.said.send(frame, first_sample, self._frames.rest)
        if is_new:
            reply.on_sound()
        await self._show()

    async def _show(self, *, is_last: bool = False) -> None:
        """Caption what the ear has reached, if that is more than what stands there."""
        reply, now = self._reply, self._listener.now()
        played = reply.playhead.position(now)
        is_soon = now - self._shown_at < SHOWN_EVERY_S or played < reply.said.next_at
        if is_soon and not is_last:
            return
        heard = reply.said.show(played)
        if len(heard) > len(reply.text):
            reply.text, self._shown_at = heard, now
            await self._listener.caption(reply)

    async def _until(self, room: Callable[[], float]) -> None:
        """Wait until the ear has come along far enough: until `room` is not negative."""
        while (missing := -room()) > 0:
            if self._reply.playhead.is_stalled(self._listener.now()):
                await self._listener.stalled()
            await asyncio.sleep(min(WAIT_MAX_S, max(WAIT_MIN_S, missing / OUTPUT_HZ)))
            await self._show()
