import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from voice.text.continuation import OVERLAP_WORDS_MIN, Continuation


def new(said: str, *tokens: str) -> str:
    continuation = Continuation(said)
    return "".join(map(continuation.feed, tokens)) + continuation.flush()


SAID = "The sky is blue. It is wide. "


@pytest.mark.parametrize(
    ("goes_on", "text"),
    [
        ("And so on.", "And so on."),
        ("It is wide. And so on.", "And so on."),
        ("it is wide, and so on.", "and so on."),
        ("… it is wide. And so on.", "And so on."),
        (SAID + "And so on.", "And so on."),
        (SAID.strip(), ""),
        # Two words may well begin the next sentence too …
        ("is wide and deep.", "is wide and deep."),
        # … and so may words that go on differently.
        ("It is wider still.", "It is wider still."),
        ("It is not wide.", "It is not wide."),
        ("The sky is falling.", "The sky is falling."),
        ("It is", "It is"),
        ("", ""),
    ],
)
def test_only_what_had_not_been_said_is_given_back(goes_on, text):
    assert new(SAID, goes_on) == text
    assert new(SAID, *goes_on) == text  # letter by letter


def test_of_two_repeats_that_fit_the_longer_one_is_left_out():
    assert new("one two three one two three", "one two three one two three four") == "four"


def test_what_cannot_be_a_repeat_is_given_back_at_once():
    continuation = Continuation(SAID)

    assert continuation.feed("Now ") == ""  # the word may still grow
    assert continuation.feed("then") == "Now then"
    assert continuation.feed(" it is") == " it is"


@pytest.mark.parametrize("said", ["", "Well.", "Well, yes."])
def test_where_little_was_said_nothing_is_held_back(said):
    continuation = Continuation(said)

    assert continuation.feed("Well") == "Well"


def test_words_with_an_apostrophe_are_one():
    assert new("I don't know it’s here. ", "I don’t", " know it's here. No.") == (
        "I don’t know it's here. No."
    )
    assert new("Oh, I don't know. ", "I don't", " know. No.") == "No."


# --- any text, cut anywhere -----------------------------------------------------------------------
words = st.text("abcé", min_size=1, max_size=3)
sizes = st.integers(1, 9)


@st.composite
def cut(draw: st.DrawFn, said_min: int = 0) -> tuple[str, list[str], str]:
    """(what was said, its words, the rest)"""
    every = draw(st.lists(words, min_size=said_min, max_size=30))
    marks = [draw(st.sampled_from(["", "", ",", ".", "!"])) for _ in every]
    written = [word + mark for word, mark in zip(every, marks, strict=True)]
    at = draw(st.integers(said_min, len(every)))
    return "".join(f"{word} " for word in written[:at]), written[:at], " ".join(written[at:])


def in_tokens(text: str, size: int) -> list[str]:
    return [text[at : at + size] for at in range(0, len(text), size)]


@given(cut(), sizes)
def test_the_rest_alone_is_given_back_whole(text, size):
    said, before, rest = text
    assume(not _overlaps(before, rest.split()))

    assert new(said, *in_tokens(rest, size)) == rest


@given(st.data(), sizes)
def test_the_rest_behind_the_last_words_again_is_given_back_alone(data, size):
    said, before, rest = data.draw(cut(said_min=OVERLAP_WORDS_MIN))
    again = data.draw(st.integers(OVERLAP_WORDS_MIN, len(before)))
    repeated = f"{' '.join(before[-again:])} {rest}".strip()
    assume(not _overlaps(before, repeated.split(), more_than=again))

    assert new(said, *in_tokens(repeated, size)) == rest


@given(cut(), sizes)
def test_what_is_given_back_ends_as_what_came(text, size):
    said, _, rest = text

    assert rest.endswith(new(said, *in_tokens(rest, size)))


@given(st.text(max_size=60), st.text(max_size=60), sizes)
def test_no_text_makes_it_stumble(said, goes_on, size):
    assert goes_on.endswith(new(said, *in_tokens(goes_on, size)))


def _plain(written: list[str]) -> list[str]:
    return [word.strip(",.!").lower() for word in written]


def _overlaps(before: list[str], rest: list[str], more_than: int = OVERLAP_WORDS_MIN - 1) -> bool:
    """Whether the rest begins with so many of the last words: then nobody can tell."""
    said, new_words = _plain(before), _plain(rest)
    return any(said[-count:] == new_words[:count] for count in range(more_than + 1, len(said) + 1))
