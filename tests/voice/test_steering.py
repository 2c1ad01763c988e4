"""Changing what an agent is told, and speaking for it, while somebody talks with it: whole
sessions, a real channel layer, the real database."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import Group

from conversations import context, embeddings, selectors
from conversations.models import User
from tests.voice.calls import Caller, House, house, said
from tests.voice.scripted import ScriptedEar, ScriptedModel
from voice import steering
from voice.dispatch import Dispatch
from voice.edge.notices import NOT_FOR_YOU, Refused
from voice.edge.watching import Watching
from voice.live import LiveSessions, live_sessions
from voice.wire import StateChange

PIRATE = "Talk like a pirate."
PATIENCE_S = 5.0


@pytest.fixture
async def shared() -> AsyncIterator[LiveSessions]:
    """The list of live sessions, as every process of a site sees it."""
    live_sessions.cache_clear()
    sessions = live_sessions()
    yield sessions
    await sessions.close()
    live_sessions.cache_clear()


@asynccontextmanager
async def steered(shared: LiveSessions, **parts: Any) -> AsyncIterator[House]:
    """A house that hears what other processes tell and ask."""
    owner = f"steered.{uuid4().hex}"
    async with house(owner=owner, live=shared, **parts) as here:
        hearing = asyncio.create_task(Dispatch(owner, here.switchboard).run())
        try:
            yield here
        finally:
            hearing.cancel()
            await asyncio.wait([hearing])


@database_sync_to_async
def change(**changes: Any) -> int:
    agent = selectors.default_agent()
    context.update(agent.pk, by=None, changes=changes)
    return agent.version + 1


@database_sync_to_async
def tell(conversation: UUID, text: str, by: int | None = None) -> None:
    context.set_own(conversation, text, by=by)


@database_sync_to_async
def note(conversation: UUID, text: str) -> None:
    context.add_note(conversation, text, by=None)


async def ask(caller: Caller, text: str, reply: int) -> None:
    await caller.say("text", text=text)
    await caller.play(reply)


async def settled(here: House) -> None:
    """Dispatch listens: a session that it was told of has heard."""
    layer = get_channel_layer()
    async with asyncio.timeout(PATIENCE_S):
        while True:
            channel = await layer.new_channel()
            receiving = asyncio.ensure_future(layer.receive(channel))
            await layer.send(
                here.owner,
                {"type": "steering.watch", "conversation": str(uuid4()), "reply_to": channel},
            )
            done, _ = await asyncio.wait([receiving], timeout=0.1)
            receiving.cancel()
            await asyncio.wait([receiving])
            if done:
                return


# --- a context that is stored -------------------------------------------------------------------
async def test_an_idle_session_takes_a_new_context_at_once_and_says_so(alice, shared):
    layer = get_channel_layer()
    channel = await layer.new_channel()
    await layer.group_add(steering.ACKS, channel)
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        version = await change(instructions=PIRATE)

        updated = await caller.until("context_updated")
        async with asyncio.timeout(PATIENCE_S):
            ack = await layer.receive(channel)
            while ack["conversation"] != str(caller.conversation):
                ack = await layer.receive(channel)

        assert updated == {
            "type": "context_updated",
            "version": version,
            "own_version": 0,
            "by": "",
        }
        assert ack["version"] == version
        assert ack["session"] == caller.of("session")[0]["session"]
        assert 0 <= ack["ms"] < 5_000
        await ask(caller, "Who are you?", 1)
        assert PIRATE in here.model.prompts[-1].instructions


async def test_a_save_in_the_middle_of_a_reply_does_not_disturb_it(alice, shared):
    goes_on = asyncio.Event()
    model = ScriptedModel([["First of all.", " And so on.", goes_on, " The end."], ["Arr."]])
    async with steered(shared, model=model) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await caller.say("text", text="Tell me a story.")
        await caller.until("reply_started", reply=1)
        await change(instructions=PIRATE)
        await caller.see_soon(lambda: here.switchboard.sessions()[0].operators.is_updating)
        goes_on.set()
        ended = await caller.play(1)

        assert ended["heard_text"] == "First of all. And so on. The end."
        assert not ended["interrupted"]
        assert PIRATE not in here.model.prompts[0].instructions
        await caller.until("context_updated")
        await ask(caller, "And now?", 2)
        assert PIRATE in here.model.prompts[1].instructions


async def test_a_lost_message_is_made_good_within_a_turn(alice, shared):
    async with house(live=shared) as here:  # nobody listens to the channel layer
        caller = await Caller().join(here.switchboard, alice)
        await change(instructions=PIRATE)
        await ask(caller, "Who are you?", 1)
        await caller.until("context_updated")
        await ask(caller, "Who are you?", 2)

        assert PIRATE in here.model.prompts[1].instructions


async def test_what_one_conversation_is_told_comes_on_top_and_is_nobody_elses(alice, bob, shared):
    async with steered(shared) as here:
        hers = await Caller().join(here.switchboard, alice)
        his = await Caller().join(here.switchboard, bob)
        await settled(here)
        await tell(hers.conversation, "She is called Al.", by=alice.id)
        updated = await hers.until("context_updated")
        await note(hers.conversation, "She likes tea.")
        await hers.until("context_updated", own_version=2)
        await ask(hers, "Who am I?", 1)
        await ask(his, "Who am I?", 1)

        told, others = (prompt.instructions for prompt in here.model.prompts)
        assert (updated["own_version"], updated["by"]) == (1, "alice")
        assert told.index("You are a friendly") < told.index("She is called Al.\nShe likes tea.")
        assert "called Al" not in others
        assert his.of("context_updated") == []


async def test_it_is_told_again_after_the_session_is_gone(alice, shared):
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await tell(caller.conversation, "She is called Al.")
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
        again = await Caller().join(here.switchboard, alice, caller.conversation)
        await ask(again, "Who am I?", 1)

        assert "She is called Al." in here.model.prompts[-1].instructions


async def test_answers_that_owe_something_to_it_are_neither_kept_nor_given_to_others(
    alice, bob, shared
):
    embeddings.warm_up()
    question = "What is the capital of France?"
    model = ScriptedModel([["It is Paris, Al."], ["Paris."], ["Paris, Al, as before."]])
    async with steered(shared, model=model) as here:
        hers = await Caller().join(here.switchboard, alice)
        await settled(here)
        await tell(hers.conversation, "Call her Al.")
        await hers.until("context_updated")
        await ask(hers, question, 1)
        await hers.say("end")
        await hers.see(lambda: hers.closed == 1000)
        his = await Caller().join(here.switchboard, bob)
        await ask(his, question, 1)
        await his.say("end")
        await his.see(lambda: his.closed == 1000)
        again = await Caller().join(here.switchboard, alice, hers.conversation)
        await ask(again, question, 2)

        sources = [c.of("reply_started")[0]["source"] for c in (hers, his, again)]
        assert sources == ["model"] * 3
    embeddings.unload()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"temperature": 0.1}, lambda prompt: prompt.temperature == 0.1),
        ({"reply_tokens_max": 40}, lambda prompt: prompt.reply_tokens_max == 40),
        ({"language": "de"}, lambda prompt: prompt.language == "de"),
        ({"tools": ["recall"]}, lambda prompt: [t.name for t in prompt.tools] == ["recall"]),
        ({"memory_on": False}, lambda prompt: prompt.tools == ()),
    ],
)
async def test_each_setting_counts_from_the_next_reply_on(alice, shared, changes, says):
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await ask(caller, "Who are you?", 1)
        await change(**changes)
        await caller.until("context_updated")
        await ask(caller, "And now?", 2)

        assert [bool(says(prompt)) for prompt in here.model.prompts] == [False, True]


async def test_the_ear_hears_of_new_terms_and_another_language(alice, shared):
    async with steered(shared, ear=ScriptedEar(["hello", "hallo"])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await caller.take_turn()
        await caller.play(1)
        await change(language="de", key_terms="Donaudampfschiff")
        await caller.until("context_updated")
        await caller.see_soon(lambda: here.ear.language == "de")
        await caller.take_turn()
        await caller.until("transcript_update", role="user", text="hallo", is_final=True)

        assert here.ear.terms == ("Donaudampfschiff",)


async def test_the_voice_reads_new_pronunciations(alice, shared):
    async with steered(shared, model=ScriptedModel([["Nguyen is here."]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await change(pronunciations="Nguyen = win")
        await caller.until("context_updated")
        await ask(caller, "Who is here?", 1)

        assert here.voice.said == ["win is here."]


async def test_fewer_turns_are_told_word_for_word_once_fewer_are_wanted(alice, shared):
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        for number in range(1, 12):
            await ask(caller, f"Number {number}.", number)
        await change(turns_kept=1)
        await caller.until("context_updated")
        await ask(caller, "The last.", 12)

        before, after = (len(prompt.messages) for prompt in here.model.prompts[-2:])
        assert after < before


# --- asked of one session -----------------------------------------------------------------------
async def test_an_operator_is_heard_in_the_agents_voice_and_stands_in_the_transcript(alice, shared):
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await steering.say(caller.conversation, "We close in ten minutes.")
        started = await caller.until("reply_started", reply=1)
        ended = await caller.play(1)
        await ask(caller, "When do you close?", 2)

        assert (started["source"], started["turn"]) == ("operator", 0)
        assert ended["heard_text"] == "We close in ten minutes."
        told = [message.text for message in here.model.prompts[0].messages]
        assert told == ["We close in ten minutes.", "When do you close?"]
    assert ("assistant", "We close in ten minutes.") in await said(caller.conversation)


async def test_an_operator_ends_a_conversation(alice, shared):
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await steering.end(caller.conversation)
        await caller.see(lambda: caller.closed == 1000)

        assert caller.of("notice")[-1]["code"] == "ended_by_operator"
        with pytest.raises(steering.NotRunning):
            await steering.say(caller.conversation, "Hello?")


async def test_who_watches_sees_the_captions_of_both_sides(alice, shared):
    layer = get_channel_layer()
    channel = await layer.new_channel()
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        await steering.watch(caller.conversation, channel=channel)
        await ask(caller, "Who are you?", 1)
        seen = []
        async with asyncio.timeout(PATIENCE_S):
            while not any(m.get("role") == "assistant" and m["is_final"] for m in seen):
                message = await layer.receive(channel)
                assert message["conversation"] == str(caller.conversation)
                seen.append(message["message"])

    final = [(m["role"], m["text"]) for m in seen if m.get("is_final")]
    assert final == [("user", "Who are you?"), ("assistant", "Yes.")]
    assert seen[0] == {"type": "state_change", "state": "listening"}
    assert {m["type"] for m in seen} == {"state_change", "transcript_update"}


async def test_nobody_sees_anything_of_a_session_that_nobody_watches(alice, shared):
    sent: list[Any] = []
    watching = Watching("c", now=lambda: 0.0, create_task=sent.append)

    watching.offer(StateChange(state="idle"))

    assert sent == []


async def test_a_session_that_nobody_runs_cannot_be_steered(shared):
    with pytest.raises(steering.NotRunning):
        await steering.say(uuid4(), "Hello?")


async def test_a_process_that_does_not_answer_is_told_of(alice, shared):
    async with house(live=shared, owner="a process that is stuck") as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.see_soon(lambda: bool(here.switchboard.sessions()))

        with pytest.raises(steering.NotAnswered):
            await asked_when_listed(caller.conversation)


async def asked_when_listed(conversation: UUID) -> None:
    """The list is written a moment after a session begins."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            try:
                await steering.say(conversation, "Hello?")
            except steering.NotRunning:
                await asyncio.sleep(0.01)


async def test_running_sessions_are_listed_with_who_and_what(alice, shared):
    async with steered(shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await settled(here)
        states = await steering.running()

        [state] = [s for s in states if s.conversation == str(caller.conversation)]
        assert (state.user_name, state.user, state.is_connected) == ("alice", alice.id, True)
        assert state.agent_id == (await database_sync_to_async(selectors.default_agent)()).pk


# --- who may talk to an agent ---------------------------------------------------------------------
async def test_an_agent_for_some_is_not_for_others(alice, bob, shared):
    @database_sync_to_async
    def restrict() -> None:
        group = Group.objects.create(name="friends")
        selectors.default_agent().groups.add(group)
        User.objects.get(pk=alice.id).groups.add(group)

    await restrict()
    async with house(live=shared) as here:
        await Caller().join(here.switchboard, alice)
        with pytest.raises(Refused) as refused:
            await Caller().join(here.switchboard, bob)

    assert refused.value.error == NOT_FOR_YOU


async def test_a_greeting_is_kept_to_itself_where_the_user_speaks_first(alice, shared):
    await change(greeting="Welcome!", speaks_first="user")
    async with house(live=shared) as here:
        caller = await Caller().join(here.switchboard, alice)
        await ask(caller, "Hello.", 1)

        assert caller.of("reply_started")[0]["source"] == "model"
