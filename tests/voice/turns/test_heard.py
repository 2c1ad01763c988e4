from dataclasses import replace
from math import ceil, inf

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.turns.heard import (
    SAMPLES_PER_LETTER,
    SpeakingRate,
    Spoken,
    heard_text,
    progress,
    unheard_texts,
)
from voice.turns.timeline import WordTime

HZ = 24_000


def spoken(text: str, first_s: float, length_s: float, *, is_whole: bool = True) -> Spoken:
    return Spoken(text, int(first_s * HZ), int(length_s * HZ), is_whole)


REPLY = [spoken("The cat sat down.", 0, 2), spoken("Then it slept.", 2, 2)]


def test_nothing_is_heard_before_the_first_sample():
    assert heard_text(REPLY, 0) == ""
    assert unheard_texts(REPLY, 0) == ["The cat sat down.", "Then it slept."]


def test_everything_is_heard_at_the_end():
    assert heard_text(REPLY, 4 * HZ) == "The cat sat down. Then it slept."
    assert unheard_texts(REPLY, 4 * HZ) == []


def test_a_cut_falls_between_words_in_proportion():
    assert heard_text(REPLY, int(2.7 * HZ)) == "The cat sat down. Then"
    assert unheard_texts(REPLY, int(2.7 * HZ)) == ["it slept."]


def test_a_sentence_whose_sound_is_still_being_made_is_as_long_as_its_text():
    begun = [spoken("One two three four five six seven eight nine ten", 0, 0.4, is_whole=False)]

    assert heard_text(begun, int(0.4 * HZ)) == "One two"


@given(st.integers(0, 5 * HZ))
def test_heard_and_unheard_are_the_whole_text_at_any_moment(played):
    both = [heard_text(REPLY, played), *unheard_texts(REPLY, played)]

    assert " ".join(part for part in both if part) == "The cat sat down. Then it slept."


@given(st.integers(0, 4 * HZ), st.integers(0, HZ))
def test_what_was_heard_never_becomes_unheard(played, more):
    assert heard_text(REPLY, played + more).startswith(heard_text(REPLY, played))


def test_a_word_is_heard_when_its_middle_has_been_by_the_voices_own_times():
    times = (WordTime(0, 0, HZ), WordTime(1, HZ, 2 * HZ))
    begun = [Spoken("Long short", 0, 2 * HZ, is_whole=True, times=times)]

    assert heard_text(begun, HZ // 2 - 1) == ""
    assert heard_text(begun, HZ // 2) == "Long"
    assert heard_text(begun, HZ + HZ // 2 - 1) == "Long"
    assert heard_text(begun, HZ + HZ // 2) == "Long short"


def test_what_is_kept_is_what_was_written_not_what_was_said():
    price = [Spoken("It is $5 now.", 0, 5 * HZ, is_whole=True, said="It is 5 dollars now.")]
    times = tuple(WordTime(at, at * HZ, (at + 1) * HZ) for at in range(5))
    price = [replace(price[0], times=times)]

    assert heard_text(price, int(2.9 * HZ)) == "It is"
    assert heard_text(price, int(3.1 * HZ)) == "It is $5"
    assert unheard_texts(price, int(3.1 * HZ)) == ["now."]


def test_what_has_no_sound_is_heard_with_the_next_word():
    said = [Spoken("One – two 🎉", 0, 2 * HZ, is_whole=True, said="One – two")]

    assert heard_text(said, int(0.9 * HZ)) == "One"
    assert heard_text(said, int(1.6 * HZ)) == "One – two 🎉"


def test_silence_around_a_sentence_is_not_shared_among_its_words():
    padded = Spoken("four four", 0).lengthened(HZ, is_whole=False)
    padded = padded.lengthened(2 * HZ, is_whole=False, loud=(0, 2 * HZ))
    padded = padded.lengthened(HZ, is_whole=True)

    assert heard_text([padded], int(1.4 * HZ)) == ""
    assert heard_text([padded], int(1.6 * HZ)) == "four"
    assert heard_text([padded], int(2.6 * HZ)) == "four four"


def test_the_voice_that_goes_on_says_where_the_word_is_that_was_cut():
    first = Spoken("one two", 0).lengthened(
        HZ, is_whole=False, times=[WordTime(0, 0, 10), WordTime(1, 20, 30)]
    )

    assert first.lengthened(HZ, is_whole=True, times=[WordTime(1, 500, 600)]).times == (
        WordTime(0, 0, 10),
        WordTime(1, 500, 600),
    )


def test_the_rate_of_a_voice_is_learned():
    rate, slow = SpeakingRate(), SAMPLES_PER_LETTER * 2
    sentence = Spoken("four " * 20, 0, samples=int(80 * slow), loud=(0, int(80 * slow)))
    for _ in range(20):
        rate.learn(sentence)

    assert rate.samples_per_letter == pytest.approx(slow, rel=0.01)


def test_silence_teaches_nothing():
    rate = SpeakingRate()
    rate.learn(Spoken("Only to be read.", 0, samples=9 * HZ, is_whole=True))

    assert rate == SpeakingRate()


@given(st.integers(0, 4 * HZ))
def test_the_next_word_is_heard_at_its_sample_and_not_before(played):
    heard, at = progress(REPLY, played)

    assert heard == heard_text(REPLY, played)

    if at == inf:
        assert heard_text(REPLY, played) == heard_text(REPLY, 4 * HZ)
    else:
        assert heard_text(REPLY, ceil(at) - 1) == heard_text(REPLY, played)
        assert len(heard_text(REPLY, ceil(at))) > len(heard_text(REPLY, played))
