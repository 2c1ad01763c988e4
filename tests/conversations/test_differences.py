import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from conversations.differences import Kind, Piece, difference

texts = st.text(alphabet="ab .\n", max_size=60)


def told(before: str, after: str) -> str:
    marks = {Kind.SAME: "{}", Kind.REMOVED: "[-{}]", Kind.ADDED: "[+{}]", Kind.LEFT_OUT: "…"}
    return "".join(marks[piece.kind].format(piece.text) for piece in difference(before, after))


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("Be brief.", "Be kind.", "Be [-brief][+kind]."),
        ("Be brief.", "Be very brief.", "Be[+ very] brief."),
        ("", "Hello.", "[+Hello.]"),
        ("Hello.", "", "[-Hello.]"),
        ("Be brief", "Be brief.", "Be brief[+.]"),
        ("same", "same", "same"),
        ("", "", ""),
    ],
)
def test_a_change_is_told_word_by_word(before: str, after: str, expected: str) -> None:
    assert told(before, after) == expected


def test_long_stretches_that_stay_are_left_out() -> None:
    words = " ".join(f"w{n}" for n in range(400))

    pieces = difference(f"{words} old {words}", f"{words} new {words}")

    assert [piece.kind for piece in pieces] == [
        Kind.LEFT_OUT,
        Kind.SAME,
        Kind.REMOVED,
        Kind.ADDED,
        Kind.SAME,
        Kind.LEFT_OUT,
    ]
    assert pieces[1].text.endswith("w399 ")
    assert pieces[4].text.startswith(" w0")


def test_very_long_texts_are_compared_line_by_line() -> None:
    lines = [f"This is line {n} of a long text.\n" for n in range(500)]

    pieces = difference("".join(lines), "".join([*lines, "One more line.\n"]))

    assert pieces[-1] == Piece(Kind.ADDED, "One more line.\n")


@given(before=texts, after=texts)
def test_the_pieces_tell_both_texts(before: str, after: str) -> None:
    pieces = difference(before, after)
    assume(not any(piece.kind is Kind.LEFT_OUT for piece in pieces))

    old = "".join(piece.text for piece in pieces if piece.kind is not Kind.ADDED)
    new = "".join(piece.text for piece in pieces if piece.kind is not Kind.REMOVED)
    assert (old, new) == (before, after)
