"""Which facts can have one value at a time."""

import pytest

from conversations.facts.slots import slot


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("my favourite colour is blue", "My favourite colour is green."),
        ("my favourite colour is blue", "my favorite color is now green"),
        ("The user's favourite colour is blue", "my favourite colour is green"),
        ("my favourite film of all is Alien", "my favourite movie of all is Up"),
        ("my name is Ann", "My name is Anna"),
        ("I am called Ann", "I'm called Anna"),
        ("I live in Berlin", "I now live in Paris"),
        ("I live in Berlin", "The user live in Paris"),
        ("I am 30 years old", "I’m 31 years old"),
        ("my wife's name is Eve", "my wife's name is Ada"),
        ("my husband is called Bob", "my husband is called Tom"),
        ("my e-mail address is a@b.com", "my e-mail address is c@d.com"),
    ],
)
def test_two_values_of_what_has_one(one: str, other: str) -> None:
    assert slot(one) is not None
    assert slot(one) == slot(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("my favourite colour is blue", "my favourite food is pizza"),
        ("my name is Ann", "my wife's name is Eve"),
        ("my mother lives in Rome", "my father lives in Rome"),
        ("I live in Berlin", "I am called Berlin"),
    ],
)
def test_values_of_different_things(one: str, other: str) -> None:
    assert None is not slot(one) != slot(other)


@pytest.mark.parametrize(
    "fact",
    [
        "I like tea",
        "I am allergic to nuts",
        "I speak French",
        "my sister is a nurse",
        "my sister is called Eve",
        "my dog's name is Rex",
        "my friend's name is Tom",
        "my car is red",
        "I am a nurse",
        "I lived in Berlin",
        "I am 30 minutes away",
        "my name is",
        "",
    ],
)
def test_what_may_stand_beside_others_like_it(fact: str) -> None:
    assert slot(fact) is None
