"""Something is looked up in the middle of a call: a real session, and Tavily's own SDK."""

from collections.abc import AsyncIterator

import pytest
from channels.db import database_sync_to_async

from conversations.models import Turn
from tests.simulators.conduct import Conduct, Fault
from tests.simulators.tavily import TavilySimulator
from tests.voice.calls import Caller, house
from tests.voice.scripted import ScriptedModel
from voice.providers.account import Account
from voice.providers.failover.deadlines import SEARCH
from voice.providers.failover.member import Member
from voice.providers.failover.searching import SearchChain
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import Message, Prompt, ToolCall
from voice.providers.quoting import unquoted
from voice.providers.search.tavily import Tavily
from voice.text.meanwhile import SENTENCES
from voice.tools.web import TROUBLES

LOOK_UP = ToolCall("1", "web_search", {"query": "tea"})
SENTENCE = SENTENCES["en"][1]
"""To the first thing that is said."""
PAGES = [{"title": f"tea, number {n}", "url": f"https://example.org/{n}"} for n in range(1, 6)]


@pytest.fixture
async def vendor() -> AsyncIterator[TavilySimulator]:
    async with TavilySimulator() as simulator:
        yield simulator


@pytest.fixture
async def search(vendor: TavilySimulator) -> AsyncIterator[SearchChain]:
    account = Account("tavily", "key-0123456789", vendor.url, "", "TAVILY_SEARCH_MODEL")
    provider = Tavily(account)
    yield SearchChain([Member("tavily", provider, Vitals("search/tavily", SEARCH))])
    await provider.aclose()


def told(prompt: Prompt) -> list[str]:
    """Who says what, roughly."""
    return [
        f"{message.role}: {message.text.splitlines()[0] if not message.call else 'results'}"
        for message in prompt.messages
        if message.text
    ]


@database_sync_to_async
def sources(caller: Caller) -> list[list[dict[str, str]]]:
    """What each reply rests on, as it is stored."""
    replies = Turn.objects.filter(conversation_id=caller.conversation, role="assistant")
    return [turn.sources for turn in replies.order_by("reply")]


async def test_what_is_found_is_answered_from_and_cited(alice, search):
    model = ScriptedModel([[LOOK_UP], ["Tea is hot."]])
    async with house(model=model, search=search) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="search for tea")
        ended = await caller.play(1)

        assert (ended["heard_text"], ended["sources"]) == ("Tea is hot.", PAGES)
        assert len(unquoted(model.prompts[1].messages[-1].text)) == 5
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
        assert await sources(caller) == [PAGES]


async def test_an_answer_that_rests_on_nothing_cites_nothing(alice, search):
    async with house(search=search) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="hello")

        assert "sources" not in await caller.play(1)


async def test_a_search_that_takes_long_is_announced_once(alice, search, vendor):
    await vendor.behave(Conduct(first_item_s=0.6, item_s=0.6))
    again = ToolCall("2", "web_search", {"query": "milk"})
    model = ScriptedModel([[LOOK_UP], [again], ["Both are drinks."]])
    async with house(model=model, search=search) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="search for tea and milk")
        ended = await caller.play(1)

        assert ended["heard_text"] == f"{SENTENCE} Both are drinks."
        assert here.voice.said == [SENTENCE, "Both are drinks."]


async def test_what_an_interrupted_search_finds_can_be_asked_for(alice, search, vendor):
    await vendor.behave(Conduct(first_item_s=1.0))
    model = ScriptedModel([[LOOK_UP], ["Go on."], ["The second one is milk."]])
    async with house(model=model, search=search) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="search for tea")
        await caller.until("reply_started", reply=1)
        await caller.say("text", text="wait")
        await caller.play(2)
        await vendor.until(lambda: len(vendor.asked) == 1 and vendor.answering == 0)
        await caller.say("text", text="what was the second result?")
        ended = await caller.play(3)

        assert [message.call for message in model.prompts[1].messages if message.call] == []
        questions = [line for line in told(model.prompts[2]) if not line.startswith("assistant")]
        assert questions == [
            "user: search for tea",
            "tool: results",
            "user: wait",
            "user: what was the second result?",
        ]
        [found] = [m for m in model.prompts[2].messages if m.call]
        assert unquoted(found.text)[1].title == "tea, number 2"
        assert "sources" not in ended
        assert "sources" not in await caller.until("reply_ended", reply=1, interrupted=True)


async def test_of_two_tools_at_once_one_may_fail(alice, search):
    too_much = ToolCall("2", "remember", {"fact": "tea " * 500})
    model = ScriptedModel([[too_much, LOOK_UP], ["Tea is hot."]])
    async with house(model=model, search=search) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="remember this, and search for tea")
        ended = await caller.play(1)

        asked, remembered, found = model.prompts[1].messages[-3:]
        assert asked == Message("assistant", "", calls=(too_much, LOOK_UP))
        assert (remembered.call, found.call) == (too_much, LOOK_UP)
        assert remembered.text.startswith("A fact")
        assert len(unquoted(found.text)) == 5
        assert ended["sources"] == PAGES


async def test_a_search_that_is_refused_is_owned_up_to_and_cites_nothing(alice, search, vendor):
    await vendor.behave(Conduct(Fault.UNAUTHORISED))
    model = ScriptedModel([[LOOK_UP], ["I can't look that up."]])
    async with house(model=model, search=search) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="search for tea")
        ended = await caller.play(1)

        assert model.prompts[1].messages[-1].text in TROUBLES.values()
        assert "sources" not in ended


async def test_without_a_search_none_is_offered(alice):
    model = ScriptedModel([["I can't."]])
    async with house(model=model) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="search for tea")
        await caller.play(1)

        assert "web_search" not in {tool.name for tool in model.prompts[0].tools}
        assert "cannot look things up" in model.prompts[0].instructions
