"""Voices behind OpenAI's /audio/speech: its own, and those of local servers that speak the same."""

import asyncio
import json
from base64 import b64decode
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress

from voice.providers.account import Account
from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.providers.openai_client import FAILURES, client
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.connection import Said
from voice.providers.tts.spoken import Spoken, sayable
from voice.providers.tts.wav import Unwrapped, WrongFormat

TEXT_CHARS_MAX = 4_096
"""https://platform.openai.com/docs/api-reference/audio/createSpeech"""
NO_PCM = (
    "text/",
    "application/json",
    "audio/mp",
    "audio/ogg",
    "audio/opus",
    "audio/aac",
    "audio/flac",
)
"""How the content type of what would only be noise begins."""


EVENTS = "text/event-stream"
DRAIN_S = 0.1
"""After its last event a stream is read to its end, so that the connection can be used again."""


class Speech:
    """Where the sound comes as it is, nothing marks its end: a body that ends early, but in good
    order, can't be told from a whole one. Only one without any sound is a failure. Events say when
    they are done."""

    def __init__(self, account: Account, *, as_events: bool = False) -> None:
        """as_events: ask for events. A server that knows none sends the sound as it is."""
        self.name = account.provider
        self._account = account
        self._format = {"stream_format": "sse"} if as_events else None
        self._client = client(account)
        self._speech = self._client.audio.speech.with_streaming_response  # imported now

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        """language: goes unsaid; these voices hear it from the text."""
        plain = sayable(text)
        if len(plain) > TEXT_CHARS_MAX:
            raise self._account.rejected(
                f"speaks {TEXT_CHARS_MAX} characters at once at most", is_ours=True
            )
        if not plain:
            return
        spoken, is_silent = Spoken(text), True
        try:
            async with aclosing(self._sound(plain, voice or self._account.voice)) as sound:
                async for pcm in sound:
                    is_silent = is_silent and not pcm
                    for piece in spoken.feed(Said(pcm=pcm)):
                        yield piece
        except FAILURES.every as error:
            raise self._translated(error) from error
        if is_silent:
            raise ProviderUnavailable(self.name, "made no sound")
        for piece in spoken.rest():
            yield piece

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def _sound(self, text: str, voice: str) -> AsyncGenerator[bytes, None]:
        """In pieces of any length, odd ones among them."""
        wav = Unwrapped()
        asked = self._speech.create(
            model=self._account.model,
            voice=voice,
            input=text,
            response_format="pcm",
            extra_body=self._format,
        )
        async with asked as response:
            kind = response.headers.get("content-type", "").lower()
            if kind.startswith(NO_PCM) and not kind.startswith(EVENTS):
                raise WrongFormat(kind)
            has_events = kind.startswith(EVENTS)
            body = self._of_events(response.iter_lines()) if has_events else response.iter_bytes()
            async for chunk in body:
                yield wav.feed(chunk)

    async def _of_events(self, lines: AsyncIterator[str]) -> AsyncIterator[bytes]:
        """The sound of `speech.audio.delta` events; `speech.audio.done` has to come."""
        while (line := await anext(lines, None)) is not None:
            if not line.startswith("data:"):
                continue
            event = json.loads(line.removeprefix("data:"))
            if event["type"] == "speech.audio.done":
                await _drained(lines)
                return
            if event["type"] == "error":
                raise ProviderUnavailable(self.name, "gave up in the middle")
            yield b64decode(event.get("audio", ""), validate=True)
        raise ProviderUnavailable(self.name, "broke off in the middle")

    def _translated(self, error: Exception) -> ProviderError:
        if isinstance(error, WrongFormat):
            needed = f"16 bit mono at {OUTPUT_HZ} Hz; check {self._account.model_setting}"
            return self._account.rejected(f"answers with {error} instead of {needed}")
        return FAILURES.translated(self._account, error)


async def _drained(lines: AsyncIterator[str]) -> None:
    """The sentence is whole: what goes wrong now costs the next one a new connection."""
    with suppress(TimeoutError, *FAILURES.every):
        async with asyncio.timeout(DRAIN_S):
            while await anext(lines, None) is not None:
                pass
