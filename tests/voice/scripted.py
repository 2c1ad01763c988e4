"""Providers that do what a test wrote down: values behind the same Protocols as the real ones."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import numpy as np

from voice.providers.errors import ProviderError
from voice.providers.protocols import OUTPUT_HZ, Prompt, SpeechChunk, ToolCall, Transcript


class LoudnessVad:
    """Loud is speech. Tests feed tones and silence."""

    failure: Exception | None = None
    """What to raise instead."""

    async def probability(self, frame: bytes) -> float:
        if self.failure is not None:
            raise self.failure
        return 1.0 if np.abs(np.frombuffer(frame, "<i2")).max() > 1000 else 0.0

    def close(self) -> None:
        return None


class ScriptedEarStream:
    def __init__(self, sentences: "list[str]", *, remembers: bool = True) -> None:
        self._sentences = sentences
        self._remembers = remembers
        self._out: asyncio.Queue[Transcript | Exception] = asyncio.Queue()
        self.received = b""

    async def send(self, pcm: bytes) -> None:
        self.received += pcm

    async def finalise(self) -> None:
        if not self._remembers:
            return
        text = self._sentences.pop(0) if self._sentences else ""
        self._out.put_nowait(Transcript(text, is_final=True, answers_finalise=True))

    def hear(self, text: str) -> None:
        """An interim transcript."""
        self._out.put_nowait(Transcript(text))

    def settle(self, text: str) -> None:
        """A piece that is certain."""
        self._out.put_nowait(Transcript(text, is_final=True))

    def fail(self, error: Exception) -> None:
        self._out.put_nowait(error)

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while True:
            item = await self._out.get()
            if isinstance(item, Exception):
                raise item
            yield item


@dataclass
class ScriptedEar:
    """Understands these sentences, one per utterance, whatever it hears; then nothing."""

    sentences: list[str] = field(default_factory=list)
    name: str = "scripted"
    speech_only: bool = True
    tells_as_it_goes: bool = False
    remembers: bool = True
    """Otherwise it forgets to answer."""
    opened: list[ScriptedEarStream] = field(default_factory=list)
    language: str = ""
    terms: tuple[str, ...] = ()

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator[ScriptedEarStream]:
        self.language, self.terms = language, tuple(terms)
        self.opened.append(ScriptedEarStream(self.sentences, remembers=self.remembers))
        yield self.opened[-1]


@dataclass
class ScriptedModel:
    """Gives these answers in turn: tokens, a ToolCall, an error to raise, or an event to wait for.
    The last repeats."""

    answers: Sequence[Sequence[str | ToolCall | Exception | asyncio.Event]] = (("Yes.",),)
    name: str = "scripted"
    token_s: float = 0.0
    prompts: list[Prompt] = field(default_factory=list)
    streaming: int = 0
    """Answers that are being given."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        answer = self.answers[min(len(self.prompts), len(self.answers) - 1)]
        self.prompts.append(prompt)
        self.streaming += 1
        try:
            for token in answer:
                await asyncio.sleep(self.token_s)
                if isinstance(token, Exception):
                    raise token
                if isinstance(token, asyncio.Event):
                    await token.wait()
                else:
                    yield token
        finally:
            self.streaming -= 1


@dataclass
class ScriptedVoice:
    """A tone for each character, `character_s` long."""

    name: str = "scripted"
    character_s: float = 0.02
    said: list[str] = field(default_factory=list)
    failure: ProviderError | None = None
    fails_after: int = 0
    """So many sentences."""

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        if self.failure is not None and len(self.said) >= self.fails_after:
            raise self.failure
        self.said.append(text)
        tone = b"\x00\x20" * int(OUTPUT_HZ * self.character_s)
        for _ in text:
            yield SpeechChunk(tone)
            await asyncio.sleep(0)
