import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.text.pronunciation import Pronunciation


@pytest.mark.parametrize(
    ("said", "text", "spoken"),
    [
        ({"Nguyen": "win"}, "Ask Nguyen.", "Ask win."),
        ({"nguyen": "win"}, "NGUYEN’s", "win’s"),
        ({"SQL": "sequel"}, "MySQL or SQL?", "MySQL or sequel?"),
        ({"York": "jork", "New York": "the city"}, "New York, York", "the city, jork"),
        ({"C++": "see plus plus"}, "C++ and C", "see plus plus and C"),
        ({"a.b": "no"}, "axb", "axb"),
        ({"one": "two", "two": "one"}, "one two", "two one"),  # nothing is replaced twice
        ({"km": r"\1 kilometres"}, "5 km", r"5 \1 kilometres"),
        ({"": "nothing"}, "as it is", "as it is"),
        ({}, "as it is", "as it is"),
        ({"sss": "hiss"}, "ſss", "hiss"),  # a letter that only looks the same to a search
        ({"İstanbul": "Istanbul"}, "İstanbul", "Istanbul"),
        ({"οδος": "odos"}, "οδοσ", "odos"),
    ],
)
def test_whole_words_are_said_as_written(said, text, spoken):
    assert Pronunciation(said).of(text) == spoken


@given(st.lists(st.text(max_size=3), max_size=5), st.text(max_size=40))
def test_what_is_not_such_a_word_stays(words, text):
    spoken = Pronunciation(dict.fromkeys(words, "")).of(text)

    rest = iter(text)
    assert all(character in rest for character in spoken)  # in this order


@given(st.text(min_size=1, max_size=8), st.text(max_size=8))
def test_a_word_on_its_own_is_always_said_as_written(written, spoken):
    assert Pronunciation({written: spoken}).of(written) == spoken
