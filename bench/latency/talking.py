"""Somebody who talks to a voice system over its WebSocket, at the pace of time, and notes when what
comes back would be heard. The same for ours and for the peer, but for how they frame it.

Sound is spoken when its first sample is; a frame of 20 ms goes out when its last one is. Reply
audio is played as it comes, from the first frame on and without gaps where there are none.
"""

import asyncio
import json
import time
from collections import deque
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import numpy as np
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

FRAME_S = 0.02
FRAME_BYTES = 640
OUTPUT_HZ = 24_000
AUDIBLE = round(32768 * 10 ** (-50 / 20))
"""−50 dBFS."""
HEADER_BYTES = 8
"""Before the sound in a frame of ours: reply and sample."""


@dataclass(frozen=True, slots=True)
class Sound:
    at: float
    """When it came, by the loop's clock."""
    reply: int
    pcm: bytes


@dataclass(frozen=True, slots=True)
class Told:
    at: float
    message: dict[str, Any]


class Talker:
    """`async with` connects, and begins to send silence."""

    def __init__(self, url: str) -> None:
        self.sounds: list[Sound] = []
        self.told: list[Told] = []
        self.late_ms: list[float] = []
        """How late each frame went out."""
        self._url = url
        self._frames: deque[bytes] = deque()
        self._now = time.monotonic  # as the loop's, which need not run yet
        self._started = 0.0
        self._sent = 0

    async def __aenter__(self) -> Self:
        self._socket: ClientConnection = await connect(self._url, max_size=None)
        self._started = self._now()
        self._tasks = [asyncio.create_task(self._send()), asyncio.create_task(self._receive())]
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._socket.close()

    # --- talking --------------------------------------------------------------------------------
    def speak(self, pcm: bytes) -> float:
        """Say this from the next frame on. Returns when its first sample is spoken."""
        pcm += bytes(-len(pcm) % FRAME_BYTES)
        begins_at = self._started + (self._sent + len(self._frames) + 1) * FRAME_S
        self._frames.append(bytes(FRAME_BYTES))  # the frame that has begun already
        self._frames.extend(pcm[at : at + FRAME_BYTES] for at in range(0, len(pcm), FRAME_BYTES))
        return begins_at

    async def until(self, at: float) -> None:
        await asyncio.sleep(max(0.0, at - self._now()))

    async def _send(self) -> None:
        while True:
            due = self._started + (self._sent + 1) * FRAME_S
            await self.until(due)
            self.late_ms.append((self._now() - due) * 1000)
            await self._socket.send(self._frames.popleft() if self._frames else bytes(FRAME_BYTES))
            self._sent += 1

    # --- hearing --------------------------------------------------------------------------------
    def first_audible(self, since: float) -> float | None:
        """When the first sound that came after that is heard, silence before it left out."""
        plays_at = 0.0
        for sound in self.sounds:
            if sound.at < since:
                continue
            plays_at = max(plays_at, sound.at)
            samples = np.frombuffer(sound.pcm, "<i2").astype(np.int32)
            loud = np.flatnonzero(np.abs(samples) > AUDIBLE)
            if loud.size:
                return plays_at + float(loud[0]) / OUTPUT_HZ
            plays_at += len(samples) / OUTPUT_HZ
        return None

    @property
    def plays_until(self) -> float:
        """When all that came has been played."""
        until = 0.0
        for sound in self.sounds:
            until = max(until, sound.at) + len(sound.pcm) / 2 / OUTPUT_HZ
        return until

    def stopped(self, since: float) -> float | None:
        """When a client that obeys is silent for good, of what was playing then."""
        told_at = self.first("interrupted", since)
        return told_at

    def first(self, kind: str, since: float) -> float | None:
        """When a message of this kind came after that."""
        return next(
            (told.at for told in self.told if told.at >= since and told.message["type"] == kind),
            None,
        )

    def of(self, kind: str) -> list[dict[str, Any]]:
        return [told.message for told in self.told if told.message["type"] == kind]

    def forget(self) -> None:
        """All sound that has come."""
        self.sounds.clear()

    async def _receive(self) -> None:
        try:
            while True:
                frame = await self._socket.recv()
                if isinstance(frame, str):
                    self.told.append(Told(self._now(), json.loads(frame)))
                else:
                    self.sounds.append(self._sound(frame))
        except ConnectionClosed as closed:
            self.told.append(Told(self._now(), {"type": "closed", "why": str(closed)}))

    def _sound(self, frame: bytes) -> Sound:
        """Ours: a header and samples."""
        reply = int.from_bytes(frame[:4], "little")
        return Sound(self._now(), reply, frame[HEADER_BYTES:])


class PeerTalker(Talker):
    """What comes is samples alone, so that nothing says to which reply they belong: what still
    comes after `interrupted` is played."""

    LATE_S = 0.25
    """After `interrupted`; the next reply is not there so soon."""

    def stopped(self, since: float) -> float | None:
        told_at = super().stopped(since)
        if told_at is None:
            return None
        return max([told_at, *(s.at for s in self.sounds if s.at <= told_at + self.LATE_S)])

    def _sound(self, frame: bytes) -> Sound:
        return Sound(self._now(), 0, frame)
