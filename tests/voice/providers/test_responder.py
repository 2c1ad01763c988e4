from dataclasses import replace
from datetime import UTC, datetime

import pytest

from conversations.facts import MEMORY_OFF
from voice.providers.llm.offline import (
    ASK_AGAIN,
    HOW_TO_GET_A_MODEL,
    LOST,
    STANDING_IN,
    WHAT_FOR,
    Responder,
    respond,
)
from voice.providers.protocols import Found, Message, Prompt, Tool, ToolCall
from voice.providers.quoting import quoted

NOW = datetime(2026, 3, 1, 23, 5, tzinfo=UTC)
WEB = (Tool("web_search", "", {}),)
MEMORY = tuple(Tool(name, "", {}) for name in ("remember", "recall", "forget"))


def prompt(*said: str, tools: tuple[Tool, ...] = MEMORY, time_zone: str = "UTC") -> Prompt:
    """said: the user's and the assistant's words in turn, the user's last."""
    roles = ["user", "assistant"] * len(said)
    messages = tuple(
        Message(role, text)  # type: ignore[arg-type]
        for role, text in zip(roles, said, strict=False)
    )
    return Prompt("", messages, tools=tools, time_zone=time_zone)


def reply(*said: str, **settings: object) -> str | ToolCall:
    return respond(prompt(*said, **settings), NOW)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "asked", ["what time is it", "What's the time?", "tell me the time please"]
)
def test_it_tells_the_time_where_the_user_is(asked):
    assert reply(asked) == "It is 23:05."
    assert reply(asked, time_zone="Asia/Tokyo") == "It is 08:05."


@pytest.mark.parametrize(
    "asked", ["what's the date", "what day is it today", "What is today's date"]
)
def test_today_is_the_day_where_the_user_is(asked):
    assert reply(asked) == "Today is Sunday, March 1, 2026."
    assert reply(asked, time_zone="Asia/Tokyo") == "Today is Monday, March 2, 2026."


def test_it_does_not_give_its_own_time_for_another_place():
    assert "23:05" not in reply("what time is it in Lima")


def test_it_does_sums():
    assert reply("what is twelve times seven") == "That is 84."


def test_it_repeats_what_either_side_said():
    talk = ("I like tea.", "You are welcome.")

    assert reply(*talk, "what did I say?") == "You said: I like tea."
    assert reply(*talk, "what did you say?") == "I said: You are welcome."
    assert reply("what did you say") == "I have said nothing yet."


@pytest.mark.parametrize(
    ("said", "tool", "arguments"),
    [
        ("Remember that my dog is called Rex.", "remember", {"fact": "my dog is called Rex"}),
        ("please remember I like tea", "remember", {"fact": "I like tea"}),
        ("don't forget the milk", "remember", {"fact": "the milk"}),
        ("what do you know about me?", "recall", {"query": "me"}),
        ("what do you remember about my dog", "recall", {"query": "my dog"}),
        ("do you remember my name?", "recall", {"query": "my name"}),
        ("what do you remember", "recall", {"query": ""}),
        ("forget that I like tea", "forget", {"fact": "I like tea"}),
    ],
)
def test_memory_is_asked_by_way_of_its_tools(said, tool, arguments):
    call = reply(said)

    assert isinstance(call, ToolCall)
    assert (call.name, dict(call.arguments)) == (tool, arguments)


ABOUT_ME = ["Where does my sister live?", "what's my dog called", "hey, where do I work?"]


@pytest.mark.parametrize("said", ABOUT_ME)
def test_what_they_may_have_told_it_is_looked_for_without_being_asked_to(said):
    call = reply(said)

    assert isinstance(call, ToolCall)
    assert (call.name, dict(call.arguments)) == ("recall", {"query": said})
    assert answered(said, call, "My sister lives in Lisbon") == (
        "This is what I remember: My sister lives in Lisbon."
    )


@pytest.mark.parametrize("said", ABOUT_ME)
@pytest.mark.parametrize("result", ["Nothing is remembered about that.", MEMORY_OFF])
def test_where_it_was_never_told_it_says_what_it_is(said, result):
    call = reply(said)
    assert isinstance(call, ToolCall)

    assert answered(said, call, result).startswith(f"I heard “{said}”, but")
    assert "recall" not in str(reply(said, tools=()))


@pytest.mark.parametrize("said", ["What is love?", "How do I cook rice?", "tell me a story"])
def test_what_is_not_about_them_is_not_looked_for(said):
    assert isinstance(reply(said), str)


def answered(said: str, call: ToolCall, result: str) -> str:
    messages = (Message("user", said), Message("tool", result, call))
    return str(respond(Prompt("", messages, tools=MEMORY), NOW))


def test_without_the_tools_it_says_that_it_has_no_memory():
    assert reply("remember that I like tea", tools=()) == "I have no memory to do that with here."


@pytest.mark.parametrize(
    "said", ["I can't remember his name", "I always forget my keys", "forget it"]
)
def test_speaking_of_memory_is_no_command(said):
    assert not isinstance(reply(said), ToolCall)


@pytest.mark.parametrize(
    ("tool", "result", "said"),
    [
        ("remember", "Remembered: I like tea", "I will remember that."),
        ("remember", MEMORY_OFF, MEMORY_OFF),
        ("recall", MEMORY_OFF, MEMORY_OFF),
        ("recall", "Nothing is remembered about that.", "Nothing is remembered about that."),
        ("recall", "You like tea.", "This is what I remember: You like tea."),
        ("recall", "I like tea\nRex bites!", "This is what I remember: I like tea. Rex bites!"),
        ("recall", " ", "I remember nothing about that."),
        ("forget", "", "I have forgotten it."),
    ],
)
def test_a_tools_result_is_put_into_words(tool, result, said):
    call = ToolCall("1", tool)
    answered = Prompt("", (Message("user", "…"), Message("tool", result, call)), tools=MEMORY)

    assert respond(answered, NOW) == said


def test_told_that_it_answered_something_else_it_asks_to_be_asked_again():
    assert reply("what is two plus two?", "That is 4.", "that's not what I asked") == ASK_AGAIN
    assert str(reply("no, I meant what day is it?")).startswith("Today is")


def test_what_it_cannot_do_it_says_and_names_the_setting_but_once_a_conversation():
    first = reply("tell me a story")

    assert isinstance(first, str)
    assert "without a language model" in first
    assert HOW_TO_GET_A_MODEL in first
    assert reply("a story", first, "a poem") == "I cannot answer that without a language model."


def test_it_greets_and_says_what_it_is():
    assert reply("hello there!") == (
        "Good evening! I am the offline assistant. Ask me for the time or a sum."
    )


async def test_a_reply_comes_word_by_word_and_is_whole():
    tokens = [
        token async for token in Responder(clock=lambda: NOW).stream(prompt("what day is it"))
    ]

    assert tokens == ["Today", " is", " Sunday,", " March", " 1,", " 2026."]


async def test_a_tool_call_is_the_whole_reply():
    answers = [answer async for answer in Responder().stream(prompt("remember that I like tea"))]

    assert [type(answer) for answer in answers] == [ToolCall]


def test_where_it_stands_in_it_says_that_the_model_is_away_and_does_what_it_can():
    assert respond(prompt("tell me a story"), NOW, stands_in=True) == STANDING_IN
    assert respond(prompt("what time is it"), NOW, stands_in=True) == "It is 23:05."


def test_what_another_model_began_it_cannot_go_on_with():
    assert reply("tell me a story", "Once upon a time") == LOST


@pytest.mark.parametrize(
    "asked", ["search for trains to Rome", "can you look that up", "google it"]
)
def test_it_says_that_it_cannot_look_things_up(asked):
    assert reply(asked) == "I cannot look things up on the web here."


# --- the web --------------------------------------------------------------------------------------
def test_it_looks_things_up_where_it_can():
    call = reply("Please look up the price of tea.", tools=WEB)

    assert isinstance(call, ToolCall)
    assert (call.name, dict(call.arguments)) == ("web_search", {"query": "the price of tea"})


@pytest.mark.parametrize("asked", ["can you search the web?", "look that up", "google it"])
def test_it_asks_what_for_where_that_was_not_said(asked):
    assert reply(asked, tools=WEB) == WHAT_FOR


PAGE = Found("Tea", "https://www.example.org/tea", "It is hot. It is green! It costs 3.50 euros.")


@pytest.mark.parametrize(
    ("found", "said"),
    [
        ([PAGE, PAGE], "example.org says: It is hot. It is green!"),
        ([replace(PAGE, text="no end to it")], "example.org says: no end to it"),
        ([replace(PAGE, text="3.5 euros. Or")], "example.org says: 3.5 euros. Or"),
        ([replace(PAGE, text="")], "example.org says: Tea"),
        ([replace(PAGE, url="")], "Tea says: It is hot. It is green!"),
    ],
)
def test_it_reads_the_best_page_in_two_sentences_and_says_whose_they_are(found, said):
    call = ToolCall("1", "web_search", {"query": "tea"})
    messages = Message("user", "Look up tea."), Message("tool", quoted(found), call)

    assert respond(Prompt("", messages, tools=WEB), NOW) == said


def test_a_search_that_failed_is_told_as_it_is():
    call = ToolCall("1", "web_search", {"query": "tea"})
    messages = Message("user", "Look up tea."), Message("tool", "It did not answer.", call)

    assert respond(Prompt("", messages, tools=WEB), NOW) == "It did not answer."
