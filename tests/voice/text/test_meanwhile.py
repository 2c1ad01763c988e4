import pytest

from voice.text.meanwhile import SENTENCES, meanwhile


@pytest.mark.parametrize(
    ("tools", "language", "has_spoken", "is_due"),
    [
        (["web_search"], "en", False, True),
        (["web_search"], "en-GB", False, True),
        (["remember", "web_search"], "DE", False, True),
        (["web_search"], "en", True, False),
        (["remember", "recall"], "en", False, False),
        ([], "en", False, False),
        (["web_search"], "fi", False, False),
    ],
)
def test_it_is_said_of_a_search_to_those_who_have_heard_nothing(
    tools, language, has_spoken, is_due
):
    sentence = meanwhile(tools, language=language, has_spoken=has_spoken)

    assert (sentence is not None) == is_due


def test_it_varies_a_little():
    said = [
        meanwhile(["web_search"], language="en", has_spoken=False, number=number)
        for number in range(6)
    ]

    assert said[:3] == said[3:]
    assert set(said) == set(SENTENCES["en"])
