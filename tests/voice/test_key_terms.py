"""What people wrote about words reaches the ear and the voice."""

from dataclasses import replace

import pytest
from channels.db import database_sync_to_async

from conversations.models import Agent
from tests.voice.calls import Caller, house
from tests.voice.scripted import ScriptedModel


@pytest.fixture
async def knowing_agent(alice) -> None:
    """The default agent knows a name, and how it is said."""

    @database_sync_to_async
    def teach() -> None:
        agent = Agent.objects.get(is_default=True)
        agent.key_terms, agent.pronunciations = "Nguyen\nKubernetes", "Nguyen = win"
        agent.save()

    await teach()


async def test_the_ear_knows_the_terms_of_the_user_and_of_the_agent(alice, knowing_agent):
    async with house() as here:
        caller = await Caller().join(here.switchboard, replace(alice, key_terms=("Ada",)))
        await caller.see_soon(lambda: bool(here.ear.opened))

        assert here.ear.terms == ("Ada", "Nguyen", "Kubernetes")


async def test_a_word_is_said_as_the_agent_wants_it_and_written_as_it_is(alice, knowing_agent):
    async with house(model=ScriptedModel([["Ask Nguyen."]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="whom do I ask?")
        ended = await caller.play(1)

        assert here.voice.said == ["Ask win."]
        assert ended["heard_text"] == "Ask Nguyen."
