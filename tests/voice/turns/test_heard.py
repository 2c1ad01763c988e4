from hypothesis import given
from hypothesis import strategies as st

from voice.turns.heard import Spoken, heard_text, unheard_texts

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
