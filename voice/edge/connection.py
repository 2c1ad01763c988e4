"""One socket as a session sees it: typed messages and frames of sound out, and a close.

What came in and went out is counted. A session outlives its connections.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Literal

import structlog

from voice.edge.notices import GONE, HUNG_UP
from voice.edge.plain import PlainForms
from voice.wire import Error, Outbound, audio_frame, audio_message

log = structlog.get_logger()

SEND_S = 5.0
"""The server takes a message in a millisecond; after this long it has stopped taking any."""

SendText = Callable[[str], Awaitable[None]]
SendBytes = Callable[[bytes], Awaitable[None]]
Close = Callable[[int], Awaitable[None]]


@dataclass(slots=True)
class Connection:
    rate_hz: int
    """Of the microphone sound that this client sends."""
    audio: Literal["binary", "base64"]
    client: str
    send_text: SendText
    send_bytes: SendBytes
    close_socket: Close
    plain: PlainForms | None = None
    """For `/ws`: says everything twice."""
    token: str | None = None
    login: str | None = None
    """What it came in with: a token, or the key of a browser's login."""
    send_s: float = SEND_S
    bytes_in: int = 0
    bytes_out: int = 0
    is_closed: bool = False

    async def send(self, message: Outbound) -> None:
        if self.plain is None:
            await self._send_json(message.as_dict())
            return
        await self._send_json(self.plain.full(message))
        for form in self.plain.of(message):
            await self._send_json(form)

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        if self.audio == "base64":
            await self._send_json(audio_message(reply, sample, pcm))
            return
        self.bytes_out += len(pcm)
        # No deadline, which would be a tenth of the cost of a reply: the server takes a frame at
        # once, and a client that does not read is noticed by what it has played.
        if not self.is_closed:
            await self.send_bytes(audio_frame(reply, sample, pcm))

    async def close(self, code: int, error: Error | None = None) -> None:
        """Close once, saying why first: the reason of a close frame may not arrive. GONE, which is
        no code that can be sent, closes with 1000."""
        if self.is_closed:
            return
        if error is not None:
            await self.send(error)
        if not self.is_closed:
            self.is_closed = True
            await self._bounded(self.close_socket(HUNG_UP if code == GONE else code))

    async def _send_json(self, form: dict[str, Any]) -> None:
        text = json.dumps(form, ensure_ascii=False, separators=(",", ":"))
        self.bytes_out += len(text)
        if not self.is_closed:
            await self._bounded(self.send_text(text))

    async def _bounded(self, sending: Awaitable[None]) -> None:
        """A server that takes nothing any more has lost this socket; the session lives on."""
        try:
            async with asyncio.timeout(self.send_s):
                await sending
        except TimeoutError:
            self.is_closed = True
            log.warning("socket.stuck")
