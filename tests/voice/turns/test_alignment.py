import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.turns.alignment import spans


@pytest.mark.parametrize(
    ("written", "spoken", "expected"),
    [
        ("The cat sat.", "The cat sat.", [(0, 1), (1, 2), (2, 3)]),
        ("It costs $5.50 today.", "It costs 5 dollars and 50 cents today.",
         [(0, 1), (1, 2), (2, 7), (7, 8)]),
        ("**Bold** words", "Bold words", [(0, 1), (1, 2)]),
        ("- first – second 🎉", "first – second", [None, (0, 1), None, (2, 3), None]),
        ("15 % more", "15 percent more", [(0, 1), (1, 2), (2, 3)]),
        ("Call Nguyen now", "Call win now", [(0, 1), (1, 2), (2, 3)]),
        ("See https://www.example.org/a?b=1 first", "See example dot org first",
         [(0, 1), (1, 4), (4, 5)]),
        ("Wait", "(code left out) Wait", [(3, 4)]),
    ],
)  # fmt: skip
def test_a_written_word_lies_where_it_is_said(written, spoken, expected):
    assert spans(written, spoken) == tuple(expected)


def test_within_what_was_replaced_words_share_in_proportion():
    """“at 5 PM” becomes “at 5 P M”; two words were replaced by three."""
    (first, second) = spans("12:30 PM", "12 30 P M")[:2]

    assert first == (0.0, pytest.approx(2.0, abs=0.7))
    assert second == (first[1], 4.0)


words = st.lists(
    st.sampled_from(["one", "two,", "**two**", "3", "$4", "–", "🎉", "a.b"]), max_size=9
)


@given(words, words)
def test_words_keep_their_order_and_stay_within_what_was_said(written, spoken):
    found = spans(" ".join(written), " ".join(spoken))
    edges = [edge for span in found if span for edge in span]

    assert len(found) == len(written)
    assert edges == sorted(edges)
    assert all(0 <= edge <= len(spoken) for edge in edges)
    assert all(span is None or span[0] < span[1] for span in found)
