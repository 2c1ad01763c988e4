"""Who hears a reply, at the pace of time and without a socket."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field

from voice.providers.failover.deadlines import SPEAK
from voice.providers.failover.member import Member
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.text import until
from voice.replying.reply import Reply
from voice.replying.script import Script
from voice.replying.voicing import Voice
from voice.text.draft import Draft
from voice.text.pronunciation import Pronunciation
from voice.turns.events import Event, ReplyReady
from voice.turns.playhead import Playhead

LEAD_MS = 600.0


class Ear:
    """Has each reply released when it is ready, and notes what it is told."""

    def __init__(self) -> None:
        self.reply: Reply
        self.events: list[Event] = []
        self.captions: list[tuple[float, str, str]] = []
        """(when, what it said, what had been heard)"""
        self.sound = b""
        self._grown = asyncio.Event()

    def now(self) -> float:
        return asyncio.get_running_loop().time()

    def emit(self, event: Event) -> None:
        self.events.append(event)
        if isinstance(event, ReplyReady):
            self.reply.release(1)

    async def attached(self) -> None:
        return None

    async def stalled(self) -> None:
        raise AssertionError("who listens does not stall")

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        assert sample == len(self.sound) // 2
        self.sound += pcm
        self._grown.set()

    async def until_sent(self, seconds: float) -> None:
        while len(self.sound) < seconds * 2 * OUTPUT_HZ:
            self._grown.clear()
            await self._grown.wait()

    async def caption(self, reply: Reply) -> None:
        self.captions.append((self.now(), reply.text, reply.heard()))


@dataclass
class Metronome:
    """A voice for whose words time is the same, and which says where they are."""

    word_s: float
    name: str = "metronome"
    said: list[str] = field(default_factory=list)

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        self.said.append(text)
        async for chunk in self._words(text.split(), 0):
            yield chunk

    async def _words(self, words: Sequence[str], first: int) -> AsyncGenerator[SpeechChunk, None]:
        for at, word in enumerate(words, first):
            tone = b"\x00\x20" * round(self.word_s * OUTPUT_HZ)
            yield SpeechChunk(tone, ((word, at * self.word_s),), ((at + 1) * self.word_s,))


@dataclass
class Quick(Metronome):
    """Begins before it has the whole sentence."""

    async def speak_draft(
        self, draft: Draft, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        spoken = 0
        while True:
            at = spoken
            await until(draft, lambda: draft.is_whole or len(draft.words) > at)  # noqa: B023
            words, spoken = draft.words[at:], len(draft.words)
            if not words:
                return
            async for chunk in self._words(words, at):
                yield chunk


def reply_of(ear: Ear, voice: Metronome, *sentences: str, language: str = "en") -> Reply:
    chain = SpeakingChain([Member(voice.name, voice, Vitals(f"test/{voice.name}", SPEAK))])
    ear.reply = Reply(
        1,
        1,
        Script.of(sentences),
        voice=Voice(chain, "", language, Pronunciation({})),
        playhead=Playhead(LEAD_MS),
        now=ear.now,
    )
    return ear.reply
