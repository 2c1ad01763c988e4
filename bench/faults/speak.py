"""For `bench.faults`: one reply, thought and voiced by the real chains, played as a
browser would."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

from bench.faults.house import House, Outcome
from tests.simulators import tones
from voice.providers.failover.deadlines import SPEAK
from voice.providers.failover.member import Member
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.thinking import ThinkingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import OUTPUT_HZ, Message, Prompt, SpeechChunk, ToolCall
from voice.replying.playing import Playing
from voice.replying.reply import Reply
from voice.replying.script import Script
from voice.replying.voicing import Voice
from voice.stages.think import think
from voice.text.pronunciation import Pronunciation
from voice.turns.events import Event, ReplyOver, ReplyReady
from voice.turns.playhead import Playhead

WORDS = tones.VOCABULARY[:20]
SENTENCES = [f"{' '.join(WORDS[at : at + 5])}." for at in range(0, len(WORDS), 5)]
REPLY = " ".join(SENTENCES)
"""Four sentences, no word of which comes twice: 4.4 s."""
PATIENCE_S = 30.0


class Ear:
    """A client that plays what comes, and notes when it had nothing to play."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._began_at = self._loop.time()
        self._plays_until = 0.0
        self.first_ms = 0.0
        self.gaps_ms = 0.0
        self.pcm = b""
        self.over = asyncio.Event()
        self.reply: Reply | None = None
        self.failed = False

    def emit(self, event: Event) -> None:
        if isinstance(event, ReplyReady) and self.reply is not None:
            self.reply.release(1)
        elif isinstance(event, ReplyOver):
            self.over.set()
        else:
            self.failed = True

    def now(self) -> float:
        return self._loop.time()

    async def attached(self) -> None:
        return None

    async def send_audio(self, reply: int, sample: int, pcm: bytes) -> None:
        now = self._loop.time()
        if not self.pcm:
            self.first_ms = (now - self._began_at) * 1000
        else:
            self.gaps_ms += max(0.0, now - self._plays_until) * 1000
        self._plays_until = max(now, self._plays_until) + len(pcm) / 2 / OUTPUT_HZ
        self.pcm += pcm

    async def caption(self, reply: Reply) -> None:
        return None

    async def stalled(self) -> None:
        return None


class ToneVoice:
    name = "tones"

    async def speak(
        self, text: str, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        yield SpeechChunk(tones.sound(text, OUTPUT_HZ)[0])


async def speak_once(here: House) -> Outcome:
    """The text is there; the voices say it."""
    return await _reply(here, Script.of(SENTENCES), SpeakingChain(here.members, here.rates), [])


async def think_once(here: House) -> Outcome:
    """The models say what the words are; a voice without a fault says them."""
    served: list[str] = []
    chain = ThinkingChain(here.members)
    script = Script()
    prompt = Prompt("", (Message("user", "Say the words."),))
    work = partial(
        think,
        prompt,
        script.written,
        mind=lambda asked: chain.think(asked, on_served=served.append),
        call_tool=_no_tool,
        on_token=lambda: None,
    )
    script.start(work, asyncio.create_task)
    voice = SpeakingChain([Member("tones", ToneVoice(), Vitals("tts/tones", SPEAK))])
    try:
        return await _reply(here, script, voice, served)
    finally:
        script.stop()


async def _no_tool(call: ToolCall) -> str:
    raise AssertionError(call.name)


async def _reply(here: House, script: Script, chain: SpeakingChain, served: list[str]) -> Outcome:
    ear = Ear()
    voice = Voice(chain, "", "en", Pronunciation({}))
    reply = Reply(1, 1, script, voice=voice, playhead=Playhead(600), now=ear.now)
    if not served:
        reply.voicing.on_voice = lambda name: served.append(name) if name not in served else None
    ear.reply = reply
    async with _running(Playing(reply, ear)):
        async with asyncio.timeout(PATIENCE_S):
            await ear.over.wait()
    return Outcome(
        silence_ms=ear.first_ms + ear.gaps_ms,
        expected=WORDS,
        heard=tones.words(ear.pcm, OUTPUT_HZ),
        served=served,
        is_finished=not ear.failed,
    )


@asynccontextmanager
async def _running(playing: Playing) -> AsyncIterator[None]:
    task = asyncio.create_task(playing.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait([task])
