import asyncio
import io
import json
import re
from collections.abc import AsyncIterator

import psutil
import pytest

from tests.voice.audio.recordings import RATE_HZ, Recording, noise, recordings
from voice.audio.pcm import from_float, silence
from voice.providers.errors import ProviderBusy, ProviderRejected, ProviderUnavailable
from voice.providers.protocols import Transcript
from voice.providers.stt import recogniser
from voice.providers.stt.offline import PocketSphinx, PocketSphinxStream

PIECE_BYTES = 3200
"""100 ms."""


@pytest.fixture
async def stream() -> AsyncIterator[PocketSphinxStream]:
    async with PocketSphinx(linger_s=0).open(language="en") as stream:
        yield stream


def speech(recording: Recording) -> bytes:
    """As the pipeline sends it: from half a second before."""
    start, end = max(0.0, recording.start_s - 0.5), recording.end_s + 0.3
    return recording.pcm[round(start * RATE_HZ) * 2 : round(end * RATE_HZ) * 2]


async def say(stream: PocketSphinxStream, pcm: bytes) -> list[Transcript]:
    for start in range(0, len(pcm), PIECE_BYTES):
        await stream.send(pcm[start : start + PIECE_BYTES])
    await stream.finalise()
    return await answer(stream)


async def answer(stream: PocketSphinxStream) -> list[Transcript]:
    heard = []
    async for transcript in stream.transcripts():
        heard.append(transcript)
        if transcript.answers_finalise:
            break
    return heard


def final_words(transcripts: list[Transcript]) -> set[str]:
    return set(" ".join(t.text for t in transcripts if t.is_final).split())


def recognisers() -> list[psutil.Process]:
    children = psutil.Process().children()
    return [child for child in children if recogniser.__file__ in child.cmdline()]


async def test_most_words_of_a_clear_sentence_are_understood(stream):
    recording = recordings()[10]
    expected = set(re.findall(r"[a-z']+", recording.text.lower()))

    words = final_words(await say(stream, speech(recording)))

    assert len(words & expected) >= 0.6 * len(expected)


async def test_words_appear_while_they_are_being_spoken(stream):
    pcm = speech(recordings()[5])
    for start in range(0, len(pcm), PIECE_BYTES):
        await stream.send(pcm[start : start + PIECE_BYTES])

    first = await anext(stream.transcripts())

    assert first.text
    assert not first.is_final


async def test_one_utterance_after_the_other_is_understood_on_its_own(stream):
    first = await say(stream, speech(recordings()[10]))
    nothing = await say(stream, b"")
    again = await say(stream, speech(recordings()[10]))

    assert [t.text for t in nothing if t.is_final] == [""]
    assert final_words(first) & final_words(again) >= {"my", "name"}


@pytest.mark.parametrize("colour", ["white", "pink", "brown", "hum", "clicks"])
@pytest.mark.parametrize("level_dbfs", [-60, -35])
async def test_noise_and_silence_are_no_words(stream, colour, level_dbfs):
    heard = await say(stream, from_float(noise(colour, level_dbfs, 1.5)))

    assert [t.text for t in heard if t.is_final] == [""]


async def test_silence_is_no_words(stream):
    assert [t.text for t in await say(stream, silence(2, RATE_HZ)) if t.is_final] == [""]


async def test_streams_share_the_process_and_keep_apart():
    ear = PocketSphinx(linger_s=0)
    async with ear.open(language="en") as one, ear.open(language="en-GB") as other:
        heard = await asyncio.gather(
            say(one, speech(recordings()[10])), say(other, silence(1, RATE_HZ))
        )

    assert "name" in final_words(heard[0])
    assert final_words(heard[1]) == set()


async def test_more_who_speak_at_once_than_there_are_decoders_are_told_so():
    ear, open_ears = PocketSphinx(linger_s=0), []
    for _ in range(recogniser.UTTERANCES_MAX + 1):
        open_ears.append(ear.open(language="en"))
    streams = [await open_ear.__aenter__() for open_ear in open_ears]
    try:
        for stream in streams:
            await stream.send(silence(0.1, RATE_HZ))

        with pytest.raises(ProviderBusy, match="4 people speak already"):
            await anext(streams[-1].transcripts())
    finally:
        for open_ear in open_ears:
            await open_ear.__aexit__(None, None, None)


async def test_a_recogniser_that_dies_is_reported_and_the_next_ear_has_a_new_one():
    ear = PocketSphinx(linger_s=0)
    async with ear.open(language="en") as stream:
        await say(stream, b"")
        [child] = recognisers()
        child.kill()

        with pytest.raises(ProviderUnavailable, match="process ended"):
            await anext(stream.transcripts())
        async with ear.open(language="en") as new:
            assert (await say(new, b""))[-1].answers_finalise


async def test_closing_ends_the_transcripts_and_the_process():
    async with asyncio.timeout(5):
        async with PocketSphinx(linger_s=0).open(language="en") as stream:
            reading = asyncio.create_task(answer(stream))
            await stream.send(silence(0.1, RATE_HZ))
            assert len(recognisers()) == 1

        assert await reading == []
        assert recognisers() == []


async def test_a_cancelled_session_leaves_no_process_behind():
    opened = asyncio.Event()

    async def session() -> None:
        async with PocketSphinx(linger_s=0).open(language="en"):
            opened.set()
            await asyncio.Event().wait()

    running = asyncio.create_task(session())
    await opened.wait()
    assert len(recognisers()) == 1
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running
    assert recognisers() == []


def test_the_recogniser_ends_when_nobody_speaks_to_it_any_more():
    out = io.BytesIO()
    frame = recogniser.HEADER.pack(1, recogniser.FINALISE, 0)

    recogniser.serve(io.BytesIO(frame + b"cut"), out)

    assert json.loads(out.getvalue()) == {
        "stream": 1,
        "text": "",
        "is_final": True,
        "answers_finalise": True,
    }


async def test_another_language_is_refused():
    with pytest.raises(ProviderRejected, match="English only, not “de”"):
        async with PocketSphinx(linger_s=0).open(language="de"):
            pass


def test_a_word_counts_only_if_it_is_probable_and_of_a_words_length():
    class Segment:
        def __init__(self, word: str, prob: float, frames: int) -> None:
            self.word, self.prob, self.start_frame, self.end_frame = word, prob, 0, frames

    assert recogniser.is_speech([Segment("<s>", 1.0, 40), Segment("yes", 0.6, 40)])
    assert not recogniser.is_speech([Segment("<sil>", 1.0, 40), Segment("five", 0.01, 40)])
    assert not recogniser.is_speech([Segment("thigh", 1.0, 138)])
