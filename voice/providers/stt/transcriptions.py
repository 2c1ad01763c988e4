"""An ear behind an OpenAI-compatible `audio/transcriptions`: Speaches, a faster-whisper server, or
OpenAI. It is asked once per utterance, so there are no words before somebody has finished.
"""

import asyncio
import io
import wave
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from types import TracebackType
from typing import Any, Self

from voice.providers.account import Account
from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.openai_client import FAILURES, client
from voice.providers.protocols import INPUT_HZ, Transcript
from voice.providers.stt.closing import end
from voice.providers.stt.terms import fitting
from voice.providers.stt.transcripts import Transcripts
from voice.providers.stt.wire import BYTES_PER_S

ANSWER_S = 4.0
"""Nobody who talks waits longer; the stream breaks off with ProviderTimeout."""
UTTERANCE_BYTES_MAX = 30 * BYTES_PER_S
"""What Whisper hears at once. Who speaks longer without a pause is transcribed in pieces of this
length, and a word that falls between two of them may suffer."""
UTTERANCE_BYTES_MIN = BYTES_PER_S // 10
"""Less is refused (OpenAI) and holds no word: the answer is empty, without a request."""
WAITING_MAX = 4
"""Utterances that wait for the one before them. Full: the stream breaks off with ProviderBusy."""
TERMS_MAX, TERMS_CHARACTERS_MAX = 100, 600
"""Whisper reads 224 tokens of a prompt."""


class Transcriptions:
    speech_only = True
    tells_as_it_goes = False

    def __init__(self, account: Account) -> None:
        self.name = account.provider
        self._account = account
        self._client = client(account)
        self._create = self._client.audio.transcriptions.create  # imported now

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator["TranscriptionsStream"]:
        """Connects to nothing yet: what is wrong with the server shows with the first utterance."""
        request: dict[str, Any] = {
            "model": self._account.model,
            "language": language.split("-")[0].lower(),
            "response_format": "json",
        }
        prompt = ", ".join(fitting(terms, count_max=TERMS_MAX, characters_max=TERMS_CHARACTERS_MAX))
        if prompt:
            request["prompt"] = prompt
        async with TranscriptionsStream(self, request) as stream:
            yield stream

    async def aclose(self) -> None:
        """Close its connections."""
        await self._client.close()

    async def transcribe(self, pcm: bytes, request: dict[str, Any]) -> str:
        """Raises ProviderError."""
        try:
            async with asyncio.timeout(ANSWER_S):
                answer = await self._create(file=("speech.wav", wav(pcm), "audio/wav"), **request)
            text: str = answer.text.strip()  # the SDK passes on whatever came
        except TimeoutError as error:
            raise ProviderTimeout(self.name, f"no text within {ANSWER_S:g} s") from error
        except FAILURES.every as error:
            raise FAILURES.translated(self._account, error) from error
        return text


class TranscriptionsStream:
    """Open inside its `async with`. Trouble comes out of `transcripts`; what is sent after it is
    ignored."""

    def __init__(self, provider: Transcriptions, request: dict[str, Any]) -> None:
        self._provider = provider
        self._request = request
        self._transcripts = Transcripts(provider.name)
        self._sound = bytearray()
        self._utterances: asyncio.Queue[tuple[bytes, bool]] = asyncio.Queue(WAITING_MAX)
        """(sound, whether a finalise asked for it)"""
        self._working: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self._working = asyncio.create_task(self._work())
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._transcripts.close()
        await end(self._working)

    async def send(self, pcm: bytes) -> None:
        self._sound += pcm
        if len(self._sound) >= UTTERANCE_BYTES_MAX:
            self._queue(answers=False)

    async def finalise(self) -> None:
        self._queue(answers=True)

    def transcripts(self) -> AsyncIterator[Transcript]:
        return self._transcripts.read()

    def _queue(self, *, answers: bool) -> None:
        pcm = bytes(self._sound)
        self._sound.clear()
        if self._transcripts.ended:
            return
        try:
            self._utterances.put_nowait((pcm, answers))
        except asyncio.QueueFull:
            self._transcripts.fail(
                ProviderBusy(self._provider.name, "transcribes more slowly than people speak")
            )

    async def _work(self) -> None:
        """Transcribe one utterance after the other, which keeps the answers in order."""
        try:
            while True:
                pcm, answers = await self._utterances.get()
                long_enough = len(pcm) >= UTTERANCE_BYTES_MIN
                text = await self._provider.transcribe(pcm, self._request) if long_enough else ""
                self._transcripts.tell(Transcript(text, is_final=True, answers_finalise=answers))
        except ProviderError as error:
            self._transcripts.fail(error)
        except Exception as error:  # whatever it is, it must not leave us deaf for good
            name = self._provider.name
            self._transcripts.fail(
                ProviderUnavailable(name, f"not understood: {type(error).__name__}")
            )


def wav(pcm: bytes) -> bytes:
    """A WAV file of mono PCM at 16 kHz."""
    file = io.BytesIO()
    with wave.open(file, "wb") as writer:
        writer.setnchannels(1)
        writer.setsampwidth(2)
        writer.setframerate(INPUT_HZ)
        writer.writeframes(pcm)
    return file.getvalue()
