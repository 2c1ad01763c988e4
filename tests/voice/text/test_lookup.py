import pytest

from voice.text.lookup import searched


@pytest.mark.parametrize(
    ("said", "query"),
    [
        ("Search for green tea.", "green tea"),
        ("search the web for flights to Rome", "flights to Rome"),
        ("Could you please search online for a dentist?", "a dentist"),
        ("do a web search about bees", "bees"),
        ("Google the height of Mont Blanc", "the height of Mont Blanc"),
        ("look up the population of Kenya", "the population of Kenya"),
        ("okay, look Ada Lovelace up for me", "Ada Lovelace"),
        ("can you find out who won the cup?", "who won the cup"),
        ("find out about sourdough", "sourdough"),
        ("What does the web say about whales?", "whales"),
        ("what's the internet saying about the storm", "the storm"),
        ("Hey, I want you to look up trains to Bonn on the web please", "trains to Bonn"),
    ],
)
def test_what_is_asked_for_is_searched_for(said, query):
    assert searched(said) == query


@pytest.mark.parametrize(
    "said",
    [
        "",
        "I was searching for my keys.",
        "Google is a company.",
        "My search for meaning goes on.",
        "Did you find out who won?",
        "I look up to my sister.",
        "Look it up.",
        "search for it",
        "Can you search the web?",
        "What is the time?",
        "Things are looking up.",
    ],
)
def test_nothing_else_is(said):
    assert searched(said) is None
