"""OpenAI's /audio/speech on loopback: the sound of a text as raw PCM, in pieces of about 100 ms
that cut samples in two."""

import json
import struct
from base64 import b64encode
from collections.abc import AsyncIterator, Iterator

from tests.simulators import tones
from tests.simulators.conduct import Conduct, conducted
from tests.simulators.http import Answer, Asked, HttpSimulator
from tests.simulators.speaking import Sound

RATE_HZ = 24_000
PIECES = (4_801, 4_799, 4_700, 4_901)
"""Lengths in bytes, in turn."""


class SpeechSimulator(HttpSimulator):
    def __init__(
        self,
        conduct: Conduct = Conduct(),  # noqa: B008 (a frozen value)
        *,
        sound: Sound = tones.sound,
    ) -> None:
        super().__init__(conduct)
        self._sound = sound
        self.content_type = "audio/pcm"
        self.before = b""
        """What comes before the sound, as a header."""
        self.after = b""
        self.pieces = PIECES
        self.knows_events = True
        """Otherwise what is asked for as events comes as it is."""

    async def answer(self, asked: Asked) -> Answer:
        assert asked.path.endswith("/audio/speech")
        assert asked.json["response_format"] == "pcm"
        pcm, _ = self._sound(asked.json["input"], RATE_HZ)
        if asked.json.get("stream_format") == "sse" and self.knows_events:
            return Answer(self._events(pcm))
        return Answer(self._parts(self.before + pcm + self.after), self.content_type)

    async def _parts(self, body: bytes) -> AsyncIterator[bytes]:
        async for part in conducted(_cut(body, self.pieces), lambda: self.conduct):
            yield part

    async def _events(self, pcm: bytes) -> AsyncIterator[bytes]:
        """The last event stands for the end, and is not an item of the answer."""
        async for part in conducted(_cut(pcm, self.pieces), lambda: self.conduct):
            yield _event({"type": "speech.audio.delta", "audio": b64encode(part).decode()})
        yield _event({"type": "speech.audio.done", "usage": {"total_tokens": 1}})


def _event(event: dict[str, object]) -> bytes:
    return f"event: {event['type']}\ndata: {json.dumps(event)}\n\n".encode()


def wav_header(
    size: int = 0xFFFFFFFF, *, rate_hz: int = RATE_HZ, channels: int = 1, extra: bytes = b""
) -> bytes:
    """size: of the sound, the default being what those write who don't know. extra: chunks between
    the format and the sound."""
    form = struct.pack("<HHIIHH", 1, channels, rate_hz, rate_hz * 2 * channels, 2 * channels, 16)
    return (
        b"RIFF" + struct.pack("<I", 0xFFFFFFFF) + b"WAVEfmt " + struct.pack("<I", 16) + form
        + extra + b"data" + struct.pack("<I", size)
    )  # fmt: skip


def _cut(body: bytes, pieces: tuple[int, ...]) -> Iterator[bytes]:
    at, turn = 0, 0
    while at < len(body):
        size = pieces[turn % len(pieces)]
        yield body[at : at + size]
        at, turn = at + size, turn + 1
