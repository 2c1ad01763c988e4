from dataclasses import replace
from uuid import UUID

import pytest

from tests.scenarios.rows import agent
from voice.history import SHORT_LINE_CHARS, SHORT_LINES, WHOLE_TURNS, History
from voice.providers.protocols import Found, Message, ToolCall
from voice.providers.quoting import NOTE, quoted
from voice.store import Opened

CALL = ToolCall("1", "web_search", {"query": "tea"})


def history(kept: int = 100) -> History:
    """A turn that was looked up and answered."""
    made = History(kept)
    made.assistant(1, "Hello.", turn=0)
    made.user(1, "Search for tea.")
    made.tool(1, CALL, "Tea is a drink.")
    made.assistant(2, "It is a drink.", turn=1)
    return made


def texts(made: History, **how: int) -> list[str]:
    return [message.text for message in made.messages(**how)]


def test_a_result_stands_between_its_question_and_the_answer():
    made = history()
    made.user(2, "And coffee?")

    assert made.messages() == (
        Message("assistant", "Hello."),
        Message("user", "Search for tea."),
        Message("tool", "Tea is a drink.", CALL),
        Message("assistant", "It is a drink."),
        Message("user", "And coffee?"),
    )


def test_a_result_that_comes_after_the_next_question_stands_in_its_own_turn():
    made = History(100)
    made.user(1, "Search for tea.")
    made.assistant(1, "", turn=1)
    made.user(2, "What was the second result?")
    made.tool(1, CALL, "Tea is a drink.")

    assert texts(made) == ["Search for tea.", "Tea is a drink.", "What was the second result?"]


def test_what_a_dropped_attempt_found_is_not_told_to_the_next_attempt_at_the_same_turn():
    made = History(100)
    made.user(1, "Search for tea.")
    made.tool(1, CALL, "Tea is a drink.")
    made.user(1, "Search for tea in Rome.")

    assert texts(made) == ["Search for tea in Rome."]


@pytest.mark.parametrize(
    ("since", "first"), [(0, "Hello."), (1, "And coffee?"), (2, None), (99, None)]
)
def test_what_a_summary_holds_is_left_out(since, first):
    made = history()
    made.user(2, "And coffee?")

    assert next(iter(texts(made, since=since)), None) == first


def test_what_may_have_been_said_takes_the_place_of_what_was():
    made = history()
    made.user(2, "And coff")

    assert [m.text for m in made.messages((2, "And coffee?"))][-1] == "And coffee?"
    assert texts(made)[-1] == "And coff"


def test_a_result_shortens_with_time_line_by_line():
    found = [Found(f"Tea {n}", f"https://example.org/{n}", "word " * 90) for n in range(1, 6)]
    result = quoted(found)
    made = History(100)
    made.user(1, "Search.")
    made.tool(1, CALL, result)
    made.assistant(1, "Well.", turn=1)
    for turn in range(2, 2 + WHOLE_TURNS):
        made.user(turn, "Go on.")
        assert made.messages()[1].text == result

    made.user(2 + WHOLE_TURNS, "Go on.")
    note, *lines = made.messages()[1].text.split("\n")
    assert note == NOTE
    for n, line in enumerate(lines, 1):
        assert f'"Tea {n}", "url": "https://example.org/{n}"' in line
    assert len(lines) == 5
    assert all(len(line) == SHORT_LINE_CHARS + 1 and line.endswith("…") for line in lines)


def test_a_result_of_many_lines_loses_the_last_of_them():
    made = History(100)
    made.user(1, "What do you know of me?")
    made.tool(1, CALL, "\n".join(f"fact {n}" for n in range(99)))
    made.user(99, "Go on.")

    assert made.messages()[1].text.splitlines()[-1] == f"fact {SHORT_LINES - 1}"


def test_the_oldest_goes_when_it_is_full_and_no_result_without_its_call():
    made = history(kept=2)

    assert made.messages() == (
        Message("tool", "Tea is a drink.", CALL),
        Message("assistant", "It is a drink."),
    )


def test_what_the_summary_has_not_taken_in_yet_is_still_told():
    brief = replace(agent(""), turns_kept=2)
    made = History.of(Opened(UUID(int=1), UUID(int=2), brief, 0, 0, ()))

    for turn in range(1, 100):
        made.user(turn, f"turn {turn}")
        made.assistant(turn, "Yes.", turn=turn)

    told = [message.text for message in made.messages() if message.role == "user"]
    assert told == [f"turn {turn}" for turn in range(90, 100)]
    told = [message.text for message in made.messages(since=97) if message.role == "user"]
    assert told == ["turn 98", "turn 99"]
