import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.voice.providers.failover.speakers import (
    CHUNK_BYTES,
    VOCABULARY,
    VOICED_SAMPLES,
    WORD_SAMPLES,
    Speaker,
    Times,
    sound,
    words_of,
)
from voice.providers.failover.utterance import SECONDS_PER_LETTER, Utterance, Voiced
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk
from voice.turns.timeline import WordTime

WORDS = tuple(VOCABULARY[:6])
WORD_S = WORD_SAMPLES / OUTPUT_HZ
VOICED_S = VOICED_SAMPLES / OUTPUT_HZ


def spoken(times: Times, chunks: int, words: tuple[str, ...] = WORDS) -> Utterance:
    """So many chunks of 50 ms were given."""
    utterance = Utterance(words)
    for chunk in Speaker("a", times).chunks(words)[:chunks]:
        utterance.take(chunk)
    return utterance


def joined(first: Utterance, rest: Utterance, from_s: float) -> list[str]:
    """The words in what was heard when another voice says the rest."""
    pcm = b"".join(chunk.pcm for chunk in Speaker("a").chunks(first.words))
    kept = pcm[: 2 * round(from_s * OUTPUT_HZ)]
    return words_of(kept + sound(rest.words, "bb"))


@pytest.mark.parametrize("times", list(Times))
@pytest.mark.parametrize("chunks", range(len(WORDS) * WORD_SAMPLES * 2 // CHUNK_BYTES + 2))
def test_wherever_a_voice_breaks_off_each_word_is_said_once(times, chunks):
    utterance = spoken(times, chunks)
    rest = utterance.rest()

    assert joined(utterance, rest, rest.from_s) == list(WORDS)
    assert rest.from_s <= utterance.given_s


@pytest.mark.parametrize("times", [Times.STARTS, Times.ENDS])
@given(
    lengths_s=st.lists(st.floats(0.01, 1.0), min_size=1, max_size=8),
    cut=st.floats(0.0, 1.0),
    ahead=st.integers(0, 8),
)
def test_with_word_times_no_word_is_lost_or_doubled_whatever_the_cut(times, lengths_s, cut, ahead):
    """ahead: so many words are told of before their sound is there."""
    words = tuple(VOCABULARY[: len(lengths_s)])
    ends_s = np.cumsum(lengths_s).tolist()
    starts_s = [0.0, *ends_s[:-1]]
    given_s = cut * ends_s[-1]
    known = min(len(words), sum(start_s <= given_s for start_s in starts_s) + ahead)
    utterance = Utterance(words)
    utterance.take(
        SpeechChunk(
            bytes(2 * int(given_s * OUTPUT_HZ)),
            tuple(zip(words, starts_s, strict=True))[:known],
            tuple(ends_s[:known]) if times is Times.ENDS else (),
        )
    )
    rest = utterance.rest()
    said = words[: len(words) - len(rest.words)]

    assert said + rest.words == words
    assert rest.from_s == (ends_s[len(said) - 1] if said else 0.0)
    assert rest.from_s <= utterance.given_s
    if times is Times.ENDS:  # all that is whole, and not a word more
        assert len(said) == sum(end_s <= utterance.given_s for end_s in ends_s)


def test_the_last_word_that_a_voice_told_of_may_not_be_whole():
    """Without its end, who knows?"""
    utterance = Utterance(("one", "two"))
    utterance.take(SpeechChunk(bytes(2 * OUTPUT_HZ), (("one", 0.0), ("two", 0.4))))

    assert utterance.rest() == Utterance(("two",), 0.4, first_word=1)


def test_where_nothing_has_gone_out_all_can_be_said_anew():
    utterance = spoken(Times.ENDS, 12)
    utterance.from_s = 3.0

    assert utterance.rest(anew=True) == Utterance(WORDS, 3.0)
    assert utterance.rest().from_s == 3.0 + WORD_S + VOICED_S
    assert utterance.rest().words == WORDS[2:]


def test_a_voice_is_cut_in_the_quietest_moment_near_the_end_of_a_word():
    loud, quiet = np.full(OUTPUT_HZ, 9000, "<i2"), round(0.33 * OUTPUT_HZ)
    loud[quiet : quiet + OUTPUT_HZ // 20] = 0
    utterance = Utterance(("abcd", "efgh"), rate=0.1)
    utterance.take(SpeechChunk(loud[: int(0.6 * OUTPUT_HZ)].tobytes()))

    rest = utterance.rest()

    assert rest.words == ("efgh",)
    assert 0.33 < rest.from_s < 0.38


def test_without_times_the_rate_of_the_voice_says_how_far_it_is():
    slow = Utterance(WORDS, rate=2 * SECONDS_PER_LETTER)
    slow.take(SpeechChunk(sound(WORDS[:4])))

    assert slow.rest().words == WORDS[2:]


@pytest.mark.parametrize("silent_s", [0.1, 0.3])
def test_the_silence_before_the_first_word_is_no_part_of_it(silent_s):
    utterance = Utterance(WORDS)
    utterance.take(SpeechChunk(bytes(2 * int(silent_s * OUTPUT_HZ)) + sound(WORDS[:2])))

    assert utterance.rest().words == WORDS[2:]
    assert utterance.measured_rate() == pytest.approx(SECONDS_PER_LETTER / 3, rel=0.01)


def test_the_rate_is_measured_on_what_was_said():
    assert spoken(Times.NONE, 99).measured_rate() == pytest.approx(SECONDS_PER_LETTER, rel=0.01)


@pytest.mark.parametrize("words", [(), ("one",)])
def test_of_a_voice_that_gave_nothing_all_is_left(words):
    assert Utterance(words, 1.5).rest() == Utterance(words, 1.5)


def test_times_are_told_from_the_start_of_the_sentence():
    said = Utterance(("one", "two"), from_s=2.0, first_word=4)

    first = said.take(SpeechChunk(b"", (("one", 0.25),), (0.5,)))
    second = said.take(SpeechChunk(b"", (("two", 0.75),)))

    assert first == Voiced(b"", (WordTime(4, 54_000, 60_000),))
    assert second == Voiced(b"", (WordTime(5, 66_000, None),))


@given(st.lists(st.integers(1, 9), min_size=1, max_size=9), st.floats(0.0, 1.2))
def test_by_guess_too_what_was_said_and_the_rest_are_the_sentence(lengths, share):
    words = tuple("x" * length for length in lengths)
    whole_s = sum(lengths) * SECONDS_PER_LETTER
    utterance = Utterance(words)
    utterance.take(SpeechChunk(b"\x00\x20" * int(share * whole_s * OUTPUT_HZ)))
    rest = utterance.rest()

    assert words[len(words) - len(rest.words) :] == rest.words
    assert 0.0 <= rest.from_s <= utterance.given_s
