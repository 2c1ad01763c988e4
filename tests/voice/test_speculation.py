"""Answers begun before the turn is known to be over, in a whole session."""

import asyncio

from channels.db import database_sync_to_async

from conversations.models import Memory
from tests.voice.calls import Caller, house, said
from tests.voice.scripted import ScriptedEar, ScriptedModel
from tests.voice.turns.floor import EvenPause
from voice.providers.protocols import Message, ToolCall
from voice.turns.policy import Policy

QUESTION = "how many tracks"


class EndlessPause(EvenPause):
    usual_s = 60.0


async def test_the_model_is_asked_once_and_what_it_said_in_the_pause_is_heard(alice):
    model = ScriptedModel([["There are three."]])
    async with house(ear=ScriptedEar([QUESTION]), model=model) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.take_turn()
        await caller.play(1)

        assert len(model.prompts) == 1
        metrics = caller.of("turn_metrics")[0]
        assert (metrics["speculated"], metrics["adopted"]) == (1, True)
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
        assert await said(caller.conversation) == [
            ("user", QUESTION),
            ("assistant", "There are three."),
        ]


async def test_what_was_begun_on_other_words_is_never_heard_of(alice):
    model = ScriptedModel([["To a part."], ["To the whole."]])
    ear = ScriptedEar([QUESTION])
    async with house(ear=ear, model=model) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.speak(0.3)
        ear.opened[0].hear("how many")
        await caller.until("transcript_update", text="how many")
        await caller.speak(0.1, loud=False)
        await caller.see_soon(lambda: len(model.prompts) == 1)
        await caller.take_turn()

        await caller.play(1)

        assert [prompt.messages[-1] for prompt in model.prompts] == [
            Message("user", "how many"),
            Message("user", QUESTION),
        ]
        assert caller.of("reply_ended")[0]["heard_text"] == "To the whole."
        assert model.streaming == 0
        assert {message["reply"] for message in caller.of("reply_started")} == {1}


async def test_a_tool_with_effects_waits_until_the_turn_is_certain(alice):
    call = ToolCall("1", "remember", {"fact": "likes tea"})
    model = ScriptedModel([[call], ["Noted."]])
    slow = Policy(EndlessPause(), speculation_pause_s=60.0)
    async with house(ear=ScriptedEar(["I like tea"]), model=model, policy=slow) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.take_turn()
        await caller.see_soon(lambda: len(model.prompts) == 1)
        await asyncio.sleep(0.05)
        assert await facts(alice) == []

        await caller.say("commit")
        await caller.until("reply_started", reply=1)

        assert await facts(alice) == ["likes tea"]
        assert len(model.prompts) == 2


@database_sync_to_async
def facts(person):
    return list(Memory.objects.filter(user_id=person.id).values_list("text", flat=True))
