"""Providers that take as long as the timeline says, behind the same Protocols as the real ones."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.scenarios.clock import sleep_until
from tests.scenarios.sound import Label, label_of
from tests.scenarios.timeline import Ear, Model, Says, Voice
from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import OUTPUT_HZ, Prompt, SpeechChunk, ToolCall, Transcript

CHUNK = b"\x00\x20"


class LabelVad:
    """As sure as the microphone says."""

    async def probability(self, frame: bytes) -> float:
        label = label_of(frame)
        return label.probability if label else 0.0

    def close(self) -> None:
        return None


# --- hearing ------------------------------------------------------------------------------------
@dataclass(slots=True)
class Word:
    text: str
    at: float
    """When its middle had been heard."""


class TimedEarStream:
    def __init__(self, ear: "TimedEar") -> None:
        self._ear = ear
        self._loop = asyncio.get_running_loop()
        self._out: asyncio.Queue[Transcript | Exception] = asyncio.Queue()
        self._words: list[Word] = []
        """Since the last finalise."""
        self._last = (-1, -1)
        self._answers_due = 0
        self._told = ""
        self._told_at = 0.0
        self._telling: asyncio.TimerHandle | None = None

    async def send(self, pcm: bytes) -> None:
        label = label_of(pcm)
        if label is None or (label.line, label.number) == self._last:
            return
        self._last = label.line, label.number
        new = self._ear.words_of(label)
        self._words += [Word(text, self._loop.time()) for text in new]
        if new and self._telling is None and self._ear.plan.interim_every_s is not None:
            due = max(self._loop.time() + self._ear.plan.lag_s, self._next_tell_at())
            self._telling = self._loop.call_at(due, self._tell)

    async def finalise(self) -> None:
        text, self._words, self._told = self._text(self._loop.time()), [], ""
        if self._ear.plan.final_s is not None:
            self._answers_due += 1
            self._loop.call_later(self._ear.plan.final_s, self._answer, text)

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while True:
            item = await self._out.get()
            if isinstance(item, Exception):
                raise item
            yield item

    def put(self, item: Transcript | Exception) -> None:
        self._out.put_nowait(item)

    def _next_tell_at(self) -> float:
        return self._told_at + (self._ear.plan.interim_every_s or 0.0)

    def _text(self, until: float) -> str:
        return " ".join(word.text for word in self._words if word.at <= until)

    def _tell(self) -> None:
        """What is asked for is told first: pieces come in order."""
        self._telling, self._told_at = None, self._loop.time()
        text = self._text(self._told_at - self._ear.plan.lag_s + 1e-6)
        if text != self._told and not self._answers_due:
            self._told = text
            self.put(Transcript(text))
        if text != self._text(self._told_at):
            self._telling = self._loop.call_at(self._next_tell_at(), self._tell)

    def _answer(self, text: str) -> None:
        self._answers_due -= 1
        self.put(Transcript(text, is_final=True, answers_finalise=True))


@dataclass
class TimedEar:
    plan: Ear
    lines: Sequence[Says]
    began_at: float = 0.0
    """When the timeline begins, on the loop's clock."""
    name: str = "ear"
    speech_only: bool = True
    tells_as_it_goes: bool = False
    opened: list[TimedEarStream] = field(default_factory=list)

    def words_of(self, label: Label) -> list[str]:
        """Those whose middle lies in this frame."""
        words = self.lines[label.line].text.split()
        frames_each = label.count / max(1, len(words))
        return [
            word
            for place, word in enumerate(words)
            if label.number <= (place + 0.5) * frames_each < label.number + 1
        ]

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator[TimedEarStream]:
        stream = TimedEarStream(self)
        self.opened.append(stream)
        yield stream

    async def run(self) -> None:
        """Do unasked what the plan says, and return when that is done."""
        due = [(tells.at_s, Transcript(tells.text, tells.is_final)) for tells in self.plan.tells]
        due += [
            (at_s, ProviderUnavailable(self.name, "broke off")) for at_s in self.plan.breaks_at_s
        ]
        for at_s, item in sorted(due, key=lambda pair: pair[0]):
            await sleep_until(self.began_at + at_s)
            if self.opened:
                self.opened[-1].put(item)


# --- answering ----------------------------------------------------------------------------------
@dataclass
class TimedModel:
    plan: Model
    name: str = "model"
    prompts: list[tuple[float, Prompt]] = field(default_factory=list)
    """When it was asked what."""
    streaming: int = 0
    """Answers that are being given."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        number = len(self.prompts)
        self.prompts.append((asyncio.get_running_loop().time(), prompt))
        self.streaming += 1
        try:
            await asyncio.sleep(self.plan.ttft_s)
            if number in self.plan.remembers:
                yield ToolCall(f"call {number}", "remember", {"fact": f"fact {number}"})
                return
            for place, token in enumerate(self._tokens(prompt)):
                if place:
                    await self._go_on(number)
                yield token
        finally:
            self.streaming -= 1

    def _tokens(self, prompt: Prompt) -> list[str]:
        turns = sum(message.role == "user" for message in prompt.messages)
        words = self.plan.answers[min(turns, len(self.plan.answers)) - 1].split(" ")
        return [words[0], *(f" {word}" for word in words[1:])]

    async def _go_on(self, number: int) -> None:
        if number in self.plan.failures:
            raise ProviderUnavailable(self.name, "broke off")
        await asyncio.sleep(3600 if number in self.plan.hangs else 1 / self.plan.tokens_per_s)


@dataclass
class TimedVoice:
    plan: Voice
    name: str = "voice"
    said: list[tuple[float, str]] = field(default_factory=list)
    """When it was given what."""
    speaking: int = 0

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        number = len(self.said)
        self.said.append((asyncio.get_running_loop().time(), text))
        self.speaking += 1
        try:
            await asyncio.sleep(self.plan.ttfb_s)
            left, chunk = self.plan.samples(text), int(self.plan.chunk_s * OUTPUT_HZ)
            while left > 0:
                yield SpeechChunk(CHUNK * min(left, chunk))
                left -= chunk
                if number in self.plan.failures:
                    raise ProviderUnavailable(self.name, "broke off")
                await asyncio.sleep(self.plan.real_time * self.plan.chunk_s)
        finally:
            self.speaking -= 1
