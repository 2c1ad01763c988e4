import asyncio
import random
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass, field
from functools import partial
from itertools import groupby

import pytest

from tests.voice.providers.failover.players import GONE, PATIENCE_S, for_ever, member, until
from tests.voice.providers.failover.speakers import (
    VOCABULARY,
    VOICED_SAMPLES,
    WORD_SAMPLES,
    Speaker,
    Times,
    fragments_of,
    sound,
    words_of,
)
from voice.providers.errors import ProviderError, ProviderUnavailable
from voice.providers.failover.speaking import BETWEEN_VOICES_S, SpeakingChain
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk, TextToSpeech
from voice.stages.frames import Frame, Frames
from voice.stages.speak import speak

WORDS = VOCABULARY[:8]
TEXT = " ".join(WORDS)
WORD_S = WORD_SAMPLES / OUTPUT_HZ
VOICED_S = VOICED_SAMPLES / OUTPUT_HZ
CHUNK_S = 0.05


@dataclass
class Script:
    sentences: list[str]

    async def get(self) -> str | None:
        return self.sentences.pop(0) if self.sentences else None


@dataclass
class Heard:
    frames: list[Frame] = field(default_factory=list)
    served: list[str] = field(default_factory=list)

    @property
    def pcm(self) -> bytes:
        return b"".join(frame.pcm for frame in self.frames)

    @property
    def words(self) -> list[str]:
        return words_of(self.pcm)


async def heard(
    *voices: TextToSpeech,
    sentences: list[str] | None = None,
    chain: SpeakingChain | None = None,
    from_frame: int = 0,
) -> Heard:
    """What has gone out when the voices have said it all. from_frame: the player takes nothing
    before so many frames wait for it, or all of them."""
    got, frames = Heard(), Frames()
    chain = chain or SpeakingChain([member(voice) for voice in voices])
    speaking = asyncio.create_task(
        speak(
            Script(sentences or [TEXT]),
            frames,
            voice=partial(chain.speak, voice="", language="en", on_served=got.served.append),
            said=str,
            on_sentence=lambda *_: None,
        )
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            await until(lambda: frames.qsize() >= from_frame or speaking.done())
            await _play(frames, got, speaking)
    finally:
        speaking.cancel()
        await asyncio.wait([speaking])
    return got


async def _play(frames: Frames, got: Heard, speaking: "asyncio.Task[None]") -> None:
    """To the end, or until the voices have failed."""
    playing = asyncio.create_task(_take(frames, got))
    await asyncio.wait([playing, speaking], return_when=asyncio.FIRST_COMPLETED)
    if speaking.done() and speaking.exception():
        playing.cancel()
        speaking.result()
    await playing


async def _take(frames: Frames, got: Heard) -> None:
    while (frame := await frames.get()) is not None:
        got.frames.append(frame)


async def test_the_first_voice_says_it_all_while_it_can():
    second = Speaker("bb")
    got = await heard(Speaker("a"), second)

    assert got.words == WORDS
    assert got.served == ["a"]
    assert second.said == []


@pytest.mark.parametrize("times", list(Times))
@pytest.mark.parametrize("fault", [GONE, KeyError("audio"), "hangs"])
async def test_the_next_voice_goes_on_with_the_first_word_that_was_not_whole(times, fault):
    """Two words and a half had gone out."""
    broken = for_ever() if fault == "hangs" else fault
    first, second = Speaker("a", times, [(int(2.5 * WORD_S / CHUNK_S), broken)]), Speaker("bb")
    got = await heard(first, second)

    assert got.words == WORDS
    assert second.said == [" ".join(WORDS[2:])]
    assert got.served == ["a"]
    assert first.speaking == 0


@pytest.mark.parametrize("times", [Times.STARTS, Times.ENDS])
async def test_what_waits_for_the_player_is_cut_at_the_word(times):
    """Some has gone out already, the half word has not."""
    hang = for_ever()
    first = Speaker("a", times, [(int(1.5 * WORD_S / CHUNK_S), hang)])
    frames, got = Frames(), Heard()
    chain = SpeakingChain([member(first), member(Speaker("bb"))])
    voice = partial(chain.speak, voice="", language="en", on_served=got.served.append)
    speaking = asyncio.create_task(
        speak(Script([TEXT]), frames, voice=voice, said=str, on_sentence=lambda *_: None)
    )
    async with asyncio.timeout(PATIENCE_S):
        got.frames += [frame for _ in range(2) if (frame := await frames.get())]
        await until(lambda: frames.rest(0) is not None)  # the other has said the rest
        await _take(frames, got)
        await speaking

    assert got.words == WORDS
    assert fragments_of(got.pcm) == []  # not a sample of the half word


async def test_where_nothing_has_gone_out_the_next_voice_begins_anew():
    first = Speaker("a", Times.ENDS, [(8, GONE)])  # one word is whole
    second = Speaker("bb")
    got = await heard(first, second, sentences=[" ".join(WORDS[:2])], from_frame=12)

    assert second.said == [" ".join(WORDS[:2])]
    assert got.pcm == sound(WORDS[:2], "bb")


async def test_a_voice_that_fails_before_its_first_sound_leaves_no_trace():
    got = await heard(Speaker("a", faults=[(0, GONE)]), Speaker("bb"))

    assert got.pcm == sound(WORDS, "bb")
    assert got.served == ["bb"]


async def test_three_voices_say_one_sentence():
    first = Speaker("a", Times.ENDS, [(int(2.5 * WORD_S / CHUNK_S), GONE)])
    second = Speaker("bb", Times.STARTS, [(int(3.5 * WORD_S / CHUNK_S), GONE)])
    third = Speaker("ccc")
    got = await heard(first, second, third)

    assert third.said == [" ".join(WORDS[5:])]
    assert got.words == WORDS


async def test_a_voice_that_fails_behind_its_last_word_is_not_followed_by_a_repeat():
    got = await heard(Speaker("a", Times.ENDS, [(-1, GONE)]), second := Speaker("bb"))

    assert got.words == WORDS
    assert second.said == []


async def test_a_voice_without_sound_has_failed():
    class Silent(Speaker):
        async def speak(
            self, text: str, *, voice: str, language: str
        ) -> AsyncGenerator[SpeechChunk, None]:
            yield SpeechChunk(b"")

    assert (await heard(Silent("a"), Speaker("bb"))).words == WORDS


async def test_when_no_voice_can_go_on_the_last_says_why():
    last = ProviderUnavailable("bb", "gone too")

    with pytest.raises(ProviderError) as raised:
        await heard(Speaker("a", faults=[(9, GONE)]), Speaker("bb", faults=[(3, last)]))

    assert raised.value is last


@pytest.mark.parametrize("cut", [False, True])
async def test_word_times_count_from_the_start_of_the_sentence_whoever_speaks(cut):
    class Nowhere:
        def sent_s(self) -> float:
            return 99.0

        def take_back(self, from_s: float) -> float:
            return from_s

    faults = [(int(2.5 * WORD_S / CHUNK_S), GONE)] if cut else []
    chain = SpeakingChain(
        [member(Speaker("a", Times.ENDS, faults)), member(Speaker("bb", Times.ENDS))]
    )
    speaking = chain.speak(TEXT, Nowhere(), voice="", language="en", on_served=lambda _: None)
    async with aclosing(speaking):
        chunks = [chunk async for chunk in speaking]

    last = {time.word: time for chunk in chunks for time in chunk.words}
    times = list(last.values())  # of the word that both voices said, the one that was whole
    assert list(last) == [*range(len(WORDS))]
    begins_s = [n * WORD_S for n in range(len(WORDS))]
    if cut:  # the second word had ended
        later_s = WORD_S + VOICED_S + BETWEEN_VOICES_S
        begins_s[2:] = [later_s + n * WORD_S for n in range(len(WORDS) - 2)]
    assert [time.start / OUTPUT_HZ for time in times] == pytest.approx(begins_s, abs=1e-4)
    assert times[-1].end == pytest.approx((begins_s[-1] + VOICED_S) * OUTPUT_HZ, abs=1)


async def test_each_voice_is_asked_in_the_name_that_the_agent_gives_it():
    first, second = Speaker("a", faults=[(0, GONE)]), Speaker("bb")
    chain = SpeakingChain([member(first), member(second)])
    frames = Frames()
    await asyncio.gather(
        speak(
            Script([WORDS[0]]),
            frames,
            voice=partial(
                chain.speak, voice="a:anna, bb:bob", language="en", on_served=lambda _: None
            ),
            said=str,
            on_sentence=lambda *_: None,
        ),
        _take(frames, Heard()),
    )

    assert (first.voices, second.voices) == (["anna"], ["bob"])


async def test_the_rate_of_a_voice_is_learned_sentence_by_sentence():
    """Half as fast as an unknown one: by guess alone its second half would be cut off."""

    class Drawling(Speaker):
        def chunks(self, words: list[str]) -> list[SpeechChunk]:
            return [chunk for chunk in super().chunks(words) for _ in range(2)]

    first, second = Drawling("a", faults=[None, (int(5 * WORD_S / CHUNK_S), GONE)]), Speaker("bb")
    chain = SpeakingChain([member(first), member(second)])
    await heard(chain=chain, sentences=[TEXT, TEXT])

    assert second.said == [" ".join(WORDS[2:])]


async def test_a_short_sentence_teaches_no_rate():
    """“No, not yet.” is mostly pauses: by its rate the next one would be far too short."""

    class Pausing(Speaker):
        def chunks(self, words: list[str]) -> list[SpeechChunk]:
            pause = [SpeechChunk(bytes(2 * OUTPUT_HZ))] if len(words) == 2 else []
            return [*super().chunks(words), *pause]

    second = Speaker("bb")
    await heard(Pausing("a"), second, sentences=[" ".join(WORDS[:2]), TEXT])

    assert second.said == []


async def test_leaving_stops_the_voice():
    first = Speaker("a", faults=[(3, for_ever())])
    frames = Frames()
    chain = SpeakingChain([member(first)])
    voice = partial(chain.speak, voice="", language="en", on_served=lambda _: None)
    speaking = asyncio.create_task(
        speak(Script([TEXT]), frames, voice=voice, said=str, on_sentence=lambda *_: None)
    )
    await frames.get()
    speaking.cancel()
    await asyncio.wait([speaking])

    assert first.speaking == 0


# --- seeded faults --------------------------------------------------------------------------------
@pytest.mark.parametrize("times", list(Times))
@pytest.mark.parametrize("seed", range(14))
async def test_whatever_fails_every_word_is_said_once_and_in_order(seed, times):
    """Four sentences; the last of three voices is well, the others break off or hang at a random
    chunk of each, and the player lags behind by a random number of frames."""
    chance = random.Random(f"{seed} {times}")
    sentences = [" ".join(VOCABULARY[at : at + 4]) for at in range(0, 16, 4)]
    length = int(4 * WORD_S / CHUNK_S)
    first, second = (
        Speaker(
            name,
            times,
            [(chance.randrange(length), chance.choice([GONE, for_ever()])) for _ in range(4)],
        )
        for name in ("a", "bb")
    )

    got = await heard(
        first,
        second,
        Speaker("ccc", times),
        sentences=sentences,
        from_frame=chance.randrange(15),
    )

    if times is not Times.ENDS:  # one that is whole but for its pause may be said again
        assert [word for word, _ in groupby(words_of(got.pcm))] == VOCABULARY[:16]
    else:
        assert got.words == VOCABULARY[:16]
    assert first.speaking == second.speaking == 0
    assert [frame.sentence for frame in got.frames if frame.ends_sentence] == [0, 1, 2, 3]
