import asyncio

import pytest

from voice.audio import pcm
from voice.providers.errors import ProviderRejected
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.providers.tts.offline import TEXT_CHARS_MAX, Espeak, voices

SENTENCE = "Hello there, it is twelve minutes past three."


async def spoken(text: str, *, voice: str = "", language: str = "en") -> list[SpeechChunk]:
    return [chunk async for chunk in Espeak().speak(text, voice=voice, language=language)]


def gist(chunks: list[SpeechChunk]) -> tuple[list[str], float]:
    """The words and about how long they take; espeak's noise differs from time to time."""
    words = [word for chunk in chunks for word, _ in chunk.words]
    return words, round(sum(pcm.duration_s(chunk.pcm, OUTPUT_HZ) for chunk in chunks), 1)


async def test_a_sentence_is_spoken_in_pieces_at_a_sensible_loudness():
    chunks = await spoken(SENTENCE)
    sound = b"".join(chunk.pcm for chunk in chunks)

    assert 2 < pcm.duration_s(sound, OUTPUT_HZ) < 4
    assert all(pcm.duration_s(chunk.pcm, OUTPUT_HZ) <= 0.2 for chunk in chunks)
    assert all(pcm.duration_s(chunk.pcm, OUTPUT_HZ) >= 0.02 for chunk in chunks[:-1])
    assert -26 < pcm.rms_dbfs(sound) < -16
    assert pcm.peak_dbfs(sound) < -1


async def test_speech_begins_with_sound_and_ends_with_a_pause():
    sound = b"".join(chunk.pcm for chunk in await spoken(SENTENCE))

    assert pcm.rms_dbfs(sound[: pcm.byte_count(0.03, OUTPUT_HZ)]) > -50
    assert pcm.rms_dbfs(sound[-pcm.byte_count(0.1, OUTPUT_HZ) :]) < -60


async def test_every_word_comes_with_the_piece_in_which_it_begins():
    chunks = await spoken(SENTENCE)
    begun_s = 0.0

    for chunk in chunks:
        end_s = begun_s + pcm.duration_s(chunk.pcm, OUTPUT_HZ)
        assert all(begun_s - 0.001 <= at_s < end_s for _, at_s in chunk.words)
        begun_s = end_s
    assert gist(chunks)[0] == SENTENCE.split()


@pytest.mark.parametrize(
    "text",
    [
        "In 2026 — a well-known year — prices rose by 3.5% for all of the 12,000 people.",
        "Fünf Öfen, übrigens 🎉 auch größere!",
        "“Yes,” she said … no.",
        "One two 🎉",
    ],
)
async def test_each_word_of_the_text_is_told_once_in_order(text):
    chunks = await spoken(text)
    starts_s = [at_s for chunk in chunks for _, at_s in chunk.words]

    assert gist(chunks)[0] == text.split()
    assert starts_s == sorted(starts_s)


async def test_many_speak_at_once_and_each_hears_its_own():
    alone = [await spoken(f"This is number {n}.") for n in range(5)]

    together = await asyncio.gather(*(spoken(f"This is number {n}.") for n in range(5)))

    for (words, seconds), (words_alone, seconds_alone) in zip(
        map(gist, together), map(gist, alone), strict=True
    ):
        assert words == words_alone
        assert seconds == pytest.approx(seconds_alone, abs=0.2)


async def test_a_voice_that_is_closed_early_leaves_the_next_one_undisturbed():
    speech = Espeak().speak(SENTENCE * 10, voice="", language="en")
    first = await anext(speech)

    await speech.aclose()

    assert first.words[0][0] == "Hello"
    words, seconds = gist(await spoken(SENTENCE))
    assert words[0] == "Hello"
    assert seconds < 4


@pytest.mark.parametrize(
    ("voice", "language", "tried"),
    [
        ("", "en", ["en-us"]),
        ("", "en-GB", ["en-gb", "en", "en-us"]),
        ("", "de-DE", ["de-de", "de", "en-us"]),
        ("alloy", "en", ["alloy", "en-us"]),
    ],
)
def test_a_voice_that_there_is_not_falls_back_to_the_language(voice, language, tried):
    assert voices(voice, language) == tried


async def test_languages_sound_different_and_unknown_names_do_no_harm():
    english, german = await spoken("1987"), await spoken("1987", language="de-DE")

    assert gist(german)[1] > gist(english)[1] + 0.5  # neunzehnhundertsiebenundachtzig
    fallen_back = await spoken("1987", voice="nobody", language="xx")
    assert gist(fallen_back)[1] == pytest.approx(gist(english)[1], abs=0.11)


@pytest.mark.parametrize("nothing", ["", "  \n"])
async def test_nothing_to_say_is_silence(nothing):
    assert await spoken(nothing) == []


async def test_a_text_that_is_no_sentence_is_refused():
    with pytest.raises(ProviderRejected, match="1000 characters"):
        await spoken("a" * (TEXT_CHARS_MAX + 1))


async def test_strange_characters_do_no_harm():
    assert await spoken("One \0 two \U0001f389 — 三.")
