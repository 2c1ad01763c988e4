"""What a reply is made of: gathered early, waited for briefly, left out when late."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from channels.db import database_sync_to_async
from django.db import connection, transaction

from conversations import services
from conversations.models import Conversation, Memory
from tests.scenarios.rows import agent
from tests.voice.calls import Caller, house
from tests.voice.scripted import ScriptedModel
from voice import store
from voice.replying.recollecting import Asked, Recollections

FACT = "My sister is called Frieda."
QUESTION = "What is the name of my sister Frieda?"


@database_sync_to_async
def remember(person: store.Person) -> None:
    services.remember(person.id, FACT)


@contextmanager
def locked_facts() -> Iterator[None]:
    """Nobody can read them."""
    held, done = threading.Event(), threading.Event()

    def hold() -> None:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(f"LOCK TABLE {Memory._meta.db_table} IN ACCESS EXCLUSIVE MODE")
                held.set()
                done.wait(10)
        finally:
            connection.close()

    thread = threading.Thread(target=hold)
    thread.start()
    held.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


async def asked(here, person: store.Person, text: str = QUESTION) -> Caller:
    caller = await Caller().join(here.switchboard, person)
    await caller.say("text", text=text)
    await caller.play(1)
    return caller


async def test_what_is_known_of_them_stands_in_the_prompt(alice):
    await remember(alice)
    async with house() as here:
        caller = await asked(here, alice)

        assert f'"{FACT}"' in here.model.prompts[0].instructions
        assert caller.of("turn_metrics")[0]["recall_ms"] >= 0


async def test_another_user_s_facts_do_not(alice, bob):
    await remember(alice)
    async with house() as here:
        await asked(here, bob)

        assert "Frieda" not in here.model.prompts[0].instructions


async def test_what_is_late_is_left_out_and_nobody_waits_for_it(alice):
    await remember(alice)
    async with house(recall_s=0.05) as here:
        with locked_facts():
            caller = await asked(here, alice)

        assert "Frieda" not in here.model.prompts[0].instructions
        assert caller.of("turn_metrics")[0]["recall_ms"] < 1000
        assert caller.of("reply_ended")[0]["heard_text"] == "Yes."


async def test_late_ones_do_not_pile_up(alice):
    opened = await store.open_conversation(alice, None, agent_slug=None, providers={}, client="")

    def recollect() -> store.Recollection:
        return store.recollect(
            alice,
            opened.conversation,
            opened.agent,
            QUESTION,
            known_from=1,
            family="m",
            voices=[],
        )

    with locked_facts():
        begun = [recollect() for _ in range(20)]
        under_way = [found for found in begun if found.done is not None]
        # Who writes what was said still finds a thread.
        await asyncio.wait_for(store.keep_pause(alice, 0.7), timeout=5)
    await asyncio.wait([found.done for found in under_way], timeout=10)

    assert 0 < len(under_way) <= 4
    again = recollect()
    assert again.done is not None
    await again.done
    assert again.missing == []


async def test_a_database_that_fails_costs_the_memory_and_not_the_answer(alice):
    @database_sync_to_async
    def take_away() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE conversations_memory RENAME TO elsewhere")

    @database_sync_to_async
    def give_back() -> None:
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE elsewhere RENAME TO conversations_memory")

    async with house() as here:
        await take_away()
        try:
            caller = await asked(here, alice)
        finally:
            await give_back()

        assert caller.of("reply_ended")[0]["heard_text"] == "Yes."


async def test_a_summary_stands_for_the_turns_it_holds(alice):
    @database_sync_to_async
    def sum_up(caller: Caller) -> None:
        rows = Conversation.objects.filter(pk=caller.conversation)
        rows.update(summary="They spoke of tea.", summarised_to=1)

    async with house(model=ScriptedModel([["Fine."]])) as here:
        caller = await asked(here, alice, "I like green tea a lot.")
        await sum_up(caller)
        await caller.say("text", text="And black tea as well.")
        await caller.play(2)

        prompt = here.model.prompts[1]
        assert '"They spoke of tea."' in prompt.instructions
        assert [message.text for message in prompt.messages] == ["And black tea as well."]


# --- while they speak -----------------------------------------------------------------------------
PART = "What is the name of my sister"
WHOLE = f"{PART} Frieda"


@asynccontextmanager
async def expecting(person: store.Person, part: str) -> AsyncIterator[Recollections]:
    """They have said so much of their first turn, and what bears on that is gathered."""
    async with house() as here:
        await Caller().join(here.switchboard, person)
        [session] = here.switchboard.sessions()
        recollections = Recollections(session.plan)
        recollections.expect(Asked(1, part, ()))
        gathered = recollections.begin(Asked(1, part, ()))
        assert gathered.done is not None
        await gathered.done
        yield recollections


async def test_what_was_gathered_while_they_spoke_does_for_the_last_words_too(alice):
    await remember(alice)
    async with expecting(alice, PART) as recollections:
        with locked_facts():
            found = recollections.begin(Asked(1, WHOLE, ()))
            await recollections.settle(found)

            assert found.done is None
            assert (found.text, found.recalled.facts) == (WHOLE, (FACT,))
            assert found.missing == []


@pytest.mark.parametrize(
    "asked",
    [
        Asked(2, WHOLE, ()),
        Asked(1, f"{PART} who lives in Lisbon with her dog", ()),
        Asked(1, "Where does she live now, do you know", ()),
    ],
    ids=["another turn", "much more was said", "other words"],
)
async def test_it_does_not_for_what_it_says_too_little_of(alice, asked):
    async with expecting(alice, PART) as recollections:
        assert recollections.begin(asked).done is not None


async def test_an_answer_given_before_is_looked_for_with_all_the_words(alice):
    async with expecting(alice, "What is the capital of") as recollections:
        found = recollections.begin(Asked(1, "What is the capital of France", ()))

        assert found.is_cacheable
        assert found.done is not None


async def test_it_is_gathered_anew_only_when_much_more_was_said(alice):
    async with expecting(alice, PART) as recollections:
        before = recollections.begin(Asked(1, PART, ()))
        recollections.expect(Asked(1, WHOLE, ()))
        assert recollections.begin(Asked(1, PART, ())) is before
        longer = Asked(1, f"{PART} who lives in Lisbon with her dog", ())
        recollections.expect(longer)

        assert recollections.begin(longer).text == longer.text


async def test_the_time_is_told_to_whoever_asks_for_it(alice):
    async with house() as here:
        await asked(here, alice, "What day is it today?")
        await asked(here, alice, "Why do magnets attract iron?")

        day = f"{datetime.now(UTC):%A}"
        assert [day in prompt.instructions for prompt in here.model.prompts] == [True, False]


@pytest.mark.parametrize(
    ("change", "is_same"),
    [
        ({}, True),
        ({"instructions": "Be kind."}, True),
        ({"voice": "cartesia:someone"}, True),
        ({"voice": "openai:nova"}, False),
        ({"language": "de"}, False),
        ({"pronunciations": {"Nguyen": "win"}}, False),
    ],
)
def test_a_voice_is_the_same_where_it_sounds_the_same(change, is_same):
    mine = agent(greeting="")

    other = store.voice_key(replace(mine, **change), "openai")

    assert (other == store.voice_key(mine, "openai")) is is_same
