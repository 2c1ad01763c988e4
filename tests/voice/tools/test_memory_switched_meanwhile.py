"""The tools of memory go by the switch as it is now, not as it was when the session began."""

from dataclasses import replace

import pytest
from channels.db import database_sync_to_async

from conversations import services
from conversations.facts import MEMORY_OFF
from voice.providers.protocols import ToolCall
from voice.store import Person
from voice.tools import Toolbox

pytestmark = pytest.mark.asyncio
REMEMBER = ToolCall("1", "remember", {"fact": "I like tea."})
RECALL = ToolCall("2", "recall", {"query": "tea"})


@database_sync_to_async
def switch(person: Person, on: bool) -> None:
    services.set_memory(person.id, on)


async def test_what_is_switched_off_during_a_session_is_off_at_once(alice: Person) -> None:
    toolbox = Toolbox(alice)
    await toolbox.call(REMEMBER)
    await switch(alice, False)

    assert await toolbox.call(RECALL) == MEMORY_OFF
    assert await toolbox.call(REMEMBER) == MEMORY_OFF


async def test_what_is_switched_on_during_a_session_is_on_at_once(alice: Person) -> None:
    await switch(alice, False)
    toolbox = Toolbox(replace(alice, memory_on=False))
    await switch(alice, True)

    assert await toolbox.call(REMEMBER) == "Remembered: I like tea."
    assert "I like tea." in await toolbox.call(RECALL)


async def test_a_tool_takes_its_own_argument_whatever_else_the_model_sends(alice: Person) -> None:
    toolbox = Toolbox(alice)

    await toolbox.call(ToolCall("1", "remember", {"language": "en", "fact": "I like tea."}))

    assert "I like tea." in await toolbox.call(RECALL)
