"""Sentences that are spoken while they are being written, by voices that can and that cannot."""

import asyncio
import random
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import groupby

import pytest

from tests.voice.providers.failover.players import GONE, PATIENCE_S, QUICK, for_ever, member
from tests.voice.providers.failover.speakers import (
    VOCABULARY,
    WORD_SAMPLES,
    Fault,
    Speaker,
    Times,
    words_of,
)
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk, TextToSpeech
from voice.providers.text import until
from voice.stages.frames import Frames
from voice.stages.speak import speak
from voice.text.draft import Draft
from voice.text.sentences import Unfinished

WORD_S = WORD_SAMPLES / OUTPUT_HZ
CHUNKS_PER_WORD = WORD_S / 0.05
PARTS = [
    Unfinished(" ".join(VOCABULARY[:3])),
    Unfinished(" ".join(VOCABULARY[3:5])),
    " ".join(VOCABULARY[5:8]),
]
WORDS = VOCABULARY[:8]


@dataclass
class Streaming(Speaker):
    """It begins before it has the whole sentence."""

    async def speak_draft(
        self, draft: Draft, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        fault: tuple[int, Fault] | None = self.faults.pop(0) if self.faults else None
        spoken, given = 0, 0
        self.speaking += 1
        try:
            while True:
                at = spoken
                await until(draft, lambda: draft.is_whole or len(draft.words) > at)  # noqa: B023
                words, spoken = draft.words[at:], len(draft.words)
                if not words:
                    return
                for chunk in self.chunks(words):
                    if fault is not None and given == fault[0]:
                        await self._suffer(fault[1])
                    yield _later(chunk, at * WORD_S)
                    given += 1
                    await asyncio.sleep(0)
        finally:
            self.said.append(" ".join(draft.words))
            self.speaking -= 1

    async def _suffer(self, fault: Fault) -> None:
        if isinstance(fault, Exception):
            raise fault
        await fault.wait()


def _later(chunk: SpeechChunk, by_s: float) -> SpeechChunk:
    return replace(
        chunk,
        words=tuple((word, at_s + by_s) for word, at_s in chunk.words),
        ends_s=tuple(end_s + by_s for end_s in chunk.ends_s),
    )


@dataclass
class Writer:
    """Gives the next piece once the one before has been heard, or at once."""

    pieces: list[str]
    at_once: bool = False
    steps: int = 0
    """So many of the loop's it takes for each piece if at once."""
    heard: asyncio.Event = field(default_factory=asyncio.Event)
    written: list[tuple[str, str]] = field(default_factory=list)
    """Each sentence as it stood, as it is written and as it is said."""

    async def get(self) -> str | None:
        if self.written and self.pieces and not self.at_once:
            self.heard.clear()
            await self.heard.wait()
        for _ in range(self.steps):
            await asyncio.sleep(0)
        return self.pieces.pop(0) if self.pieces else None

    def note(self, text: str, words: str) -> None:
        self.written.append((text, words))


async def heard(writer: Writer, *voices: TextToSpeech, chain: SpeakingChain | None = None) -> bytes:
    frames, pcm = Frames(), b""
    chain = chain or SpeakingChain([member(voice) for voice in voices])
    speaking = asyncio.create_task(
        speak(
            writer,
            frames,
            voice=partial(chain.speak, voice="", language="en", on_served=lambda _: None),
            said=str,
            on_sentence=writer.note,
            on_more=writer.note,
        )
    )
    async with asyncio.timeout(PATIENCE_S):
        while (frame := await frames.get()) is not None:
            pcm += frame.pcm
            writer.heard.set()
        await speaking
    return pcm


async def test_the_voice_begins_with_the_first_words_and_goes_on_with_what_comes():
    voice, writer = Streaming("a"), Writer(list(PARTS))

    assert words_of(await heard(writer, voice)) == WORDS
    assert voice.said == [" ".join(WORDS)]
    assert [text for text, _ in writer.written] == [
        " ".join(WORDS[:3]),
        " ".join(WORDS[:5]),
        " ".join(WORDS),
    ]


async def test_a_voice_that_needs_the_whole_sentence_gets_it():
    voice = Speaker("a")

    assert words_of(await heard(Writer(list(PARTS), at_once=True), voice)) == WORDS
    assert voice.said == [" ".join(WORDS)]


async def test_the_next_sentence_is_one_of_its_own():
    voice = Streaming("a")
    pieces = [*PARTS, "w010 w011", Unfinished("w020 w021 w022"), ""]

    got = await heard(Writer(pieces, at_once=True), voice)

    assert words_of(got) == [*WORDS, "w010", "w011", "w020", "w021", "w022"]
    assert voice.said == [" ".join(WORDS), "w010 w011", "w020 w021 w022"]


async def test_a_sentence_whose_writer_stops_is_spoken_as_far_as_it_is_written():
    assert words_of(await heard(Writer(list(PARTS[:2])), Streaming("a"))) == WORDS[:5]


@pytest.mark.parametrize("times", list(Times))
@pytest.mark.parametrize("second", [Speaker, Streaming])
async def test_the_next_voice_gets_the_words_that_were_not_whole_and_what_comes(times, second):
    first = Streaming("a", times, [(int(2.5 * CHUNKS_PER_WORD), GONE)])
    other = second("bb", times)

    assert words_of(await heard(Writer(list(PARTS)), first, other)) == WORDS
    assert other.said == [" ".join(WORDS[2:])]


async def test_a_voice_is_not_late_while_the_sentence_is_being_written():
    """The writer takes four times as long as a voice may."""
    voice, other = Streaming("a"), Streaming("bb")
    chain = SpeakingChain([member(voice), member(other)])

    class Slow(Writer):
        async def get(self) -> str | None:
            if self.written:
                await asyncio.sleep(QUICK.gap_guess_s * 4)
            return self.pieces.pop(0) if self.pieces else None

    assert words_of(await heard(Slow(list(PARTS)), chain=chain)) == WORDS
    assert other.said == []


async def test_a_voice_that_hangs_is_late_once_the_sentence_is_written():
    first = Streaming("a", faults=[(int(2.5 * CHUNKS_PER_WORD), for_ever())])
    other = Streaming("bb")

    assert words_of(await heard(Writer(list(PARTS), at_once=True), first, other)) == WORDS
    assert first.speaking == 0


async def test_leaving_stops_the_voice_and_the_reading():
    first, writer = Streaming("a"), Writer(list(PARTS))
    frames = Frames()
    chain = SpeakingChain([member(first)])
    voice = partial(chain.speak, voice="", language="en", on_served=lambda _: None)
    speaking = asyncio.create_task(
        speak(writer, frames, voice=voice, said=str, on_sentence=writer.note)
    )
    await frames.get()
    before = asyncio.all_tasks()
    speaking.cancel()
    await asyncio.wait([speaking])

    assert first.speaking == 0
    assert all(task.done() for task in before - {asyncio.current_task()})


@pytest.mark.parametrize("times", list(Times))
@pytest.mark.parametrize("seed", range(12))
async def test_whatever_fails_every_word_is_said_once_and_in_order(seed, times):
    chance = random.Random(f"{seed} {times}")
    cuts = sorted(chance.sample(range(1, 12), 3))
    pieces = [
        Unfinished(" ".join(VOCABULARY[begin:end]))
        for begin, end in zip([0, *cuts], [*cuts, 12], strict=True)
    ]
    pieces[-1] = str(pieces[-1])
    kinds = [chance.choice([Speaker, Streaming]) for _ in range(2)]
    faults = [
        [(chance.randrange(int(12 * CHUNKS_PER_WORD)), chance.choice([GONE, for_ever()]))]
        for _ in kinds
    ]
    voices = [
        kind(name, times, fault) for kind, name, fault in zip(kinds, "ab", faults, strict=True)
    ]
    got = await heard(
        Writer(list(pieces), at_once=True, steps=chance.randrange(200)),
        *voices,
        Streaming("ccc", times),
    )

    assert [word for word, _ in groupby(words_of(got))] == VOCABULARY[:12]
