import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.text.sentences import PIECE_CHARS_MAX, SentenceSplitter, Unfinished


def pieces(text: str, *, token_chars: int = 4) -> list[str]:
    splitter = SentenceSplitter()
    tokens = [text[i : i + token_chars] for i in range(0, len(text), token_chars)]
    return [piece for token in tokens for piece in splitter.feed(token)] + splitter.flush()


@pytest.mark.parametrize(
    "expected",
    [
        ["Hello there. ", "How are you?"],
        ["I met Dr. Smith and J. R. Tolkien. ", "They were nice."],
        ["The U.S. Army has it e.g. in No. 5 St. James. ", "Yes."],
        ["It is 3 p.m. ", "We should go."],
        ["It costs 3.5 dollars. ", "That is 1,000.25 in all!"],
        ["No. ", "That is wrong."],
        ["So do I. ", "And you?"],
        ["Wait... what? ", "Well… perhaps. ", "Really?! ", "Yes."],
        ["“What?” he asked. ", "“I don't know.” ", "She left."],
        ["See https://example.com/a.b?c=d. ", "Then go to example.com or v2.0.1 of it."],
        ["1. First\n", "2. Second\n", "- a third\n\n", "b. the last"],
        ["Title\n\n", "Text that follows."],
        ["你好。", "今天天气很好！", "你呢？"],
        ["**Bold.** ", "(In brackets.) ", "Plain."],
        ["Version 3. ", "It works."],
    ],
)
@pytest.mark.parametrize("token_chars", [1, 4, 1000])
def test_text_is_cut_where_a_sentence_ends_however_it_arrives(expected, token_chars):
    assert pieces("".join(expected), token_chars=token_chars) == expected


def test_the_first_piece_may_be_a_clause_and_the_later_ones_are_not():
    clause = "Well, that is a question, "

    assert pieces(clause + "and a hard one, too. It takes long, very long, to say.") == [
        clause,
        "and a hard one, too. ",
        "It takes long, very long, to say.",
    ]


def test_a_first_clause_of_a_word_or_two_is_not_worth_a_piece():
    assert pieces("Yes, sure. I can.") == ["Yes, sure. ", "I can."]


def test_a_piece_comes_as_soon_as_the_next_sentence_begins():
    splitter = SentenceSplitter()

    assert splitter.feed("One two. ") == []
    assert splitter.feed("T") == ["One two. "]
    assert splitter.flush() == ["T"]


def test_text_without_an_end_is_cut_before_it_is_too_long():
    found = pieces("word " * 200)

    assert max(map(len, found)) <= PIECE_CHARS_MAX
    assert "".join(found) == "word " * 200


@pytest.mark.parametrize("nothing", ["", " ", "\n\n", "...", "— * —", "😀"])
def test_what_cannot_be_spoken_is_no_piece(nothing):
    assert pieces(nothing) == []


texts = st.text(st.sampled_from("ab Z.!?…,;:\n\"'()-–—*1 2.5。，「」é😀"), max_size=120) | st.text(
    max_size=60
)


@given(texts, st.integers(1, 9))
def test_the_pieces_laid_end_to_end_are_the_text(text, token_chars):
    joined = "".join(pieces(text, token_chars=token_chars))

    assert text.startswith(joined)
    assert not any(character.isalnum() for character in text[len(joined) :])


@given(texts, st.integers(1, 9))
def test_every_piece_has_something_to_say(text, token_chars):
    found = pieces(text, token_chars=token_chars)

    assert all(any(character.isalnum() for character in piece) for piece in found)


@given(st.decimals(0, 10**6, places=2), st.integers(1, 5))
def test_a_number_is_never_cut(number, token_chars):
    assert pieces(f"It is {number}, and more.", token_chars=token_chars)[0].startswith(
        f"It is {number}"
    )


# --- for voices that begin before they have the whole sentence ------------------------------------


def in_words(text: str, *, token_chars: int = 4) -> list[str]:
    splitter = SentenceSplitter(in_words=True)
    tokens = [text[i : i + token_chars] for i in range(0, len(text), token_chars)]
    return [piece for token in tokens for piece in splitter.feed(token)] + splitter.flush()


def finished(pieces: list[str]) -> list[bool]:
    return [not isinstance(piece, Unfinished) for piece in pieces]


def test_the_first_sentence_comes_a_few_words_at_a_time_and_the_others_whole():
    pieces = in_words(
        "I think that it will stay as warm as it is now, more or less. Yes, so I do think."
    )

    assert pieces == [
        "I think that ",
        "it will stay as warm as ",
        "it is now, more or less. ",
        "Yes, so I do think.",
    ]
    assert finished(pieces) == [False, False, True, True]


@pytest.mark.parametrize(
    "text",
    [
        "It costs $5 for each of you today. ",
        "On 3 May it was the best of all. ",
        "You **really should not do that** again. ",
        "Ask Dr. Smith about what it is. ",
        "See example.com for what it is. ",
        "Yes, sure. ",
        "你好今天天气很好。",
    ],
)
def test_what_may_be_said_otherwise_with_what_follows_is_not_torn(text):
    assert in_words(text + "And more.")[0] == text


def test_an_unfinished_sentence_always_has_an_end():
    splitter = SentenceSplitter(in_words=True)
    given = [*splitter.feed("Let me look it"), *splitter.flush()]

    assert given == ["Let me look ", "it"]
    assert finished(given) == [False, True]
    assert in_words("Let me look ") == ["Let me look "]


def test_a_number_that_ends_a_sentence_begun_in_words_ends_it():
    assert in_words("Take the second number 3. Then go.", token_chars=1) == [
        "Take the second ",
        "number 3. ",
        "Then go.",
    ]


@given(st.text(alphabet="ab ,.!\n1*é", max_size=120), st.integers(1, 9))
def test_pieces_in_words_are_the_text_too(text, token_chars):
    pieces = in_words(text, token_chars=token_chars)

    assert text.startswith("".join(pieces))
    assert not any(c.isalnum() for c in text[len("".join(pieces)) :])
    assert not pieces or not isinstance(pieces[-1], Unfinished)
