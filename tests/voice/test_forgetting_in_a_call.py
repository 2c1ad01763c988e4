"""What is to be forgotten is forgotten at once, in the conversation in which it was said."""

from tests.voice.calls import Caller, house
from tests.voice.scripted import ScriptedModel
from voice.providers.protocols import Prompt, ToolCall
from voice.store import Person

FORGET = ToolCall("1", "forget", {"fact": "My PIN is 4711"})


async def test_the_model_is_not_told_again_what_it_was_asked_to_forget(alice: Person) -> None:
    model = ScriptedModel([["Noted."], [FORGET], ["It is forgotten."], ["I do not know it."]])
    async with house(model=model) as here:
        caller = await Caller().join(here.switchboard, alice)
        for number, text in enumerate(
            ("My PIN is 4711.", "Forget my PIN, please.", "What is my PIN?"), 1
        ):
            await caller.say("text", text=text)
            await caller.until("reply_started", reply=number)
            await caller.play(number)

    noted, forgetting, forgotten, afterwards = here.model.prompts
    assert "4711" in said_in(noted)
    assert "4711" in said_in(forgetting)
    assert "Forget my PIN" in said_in(forgotten)
    assert said_in(afterwards) == "What is my PIN?"


def said_in(prompt: Prompt) -> str:
    return " ".join(message.text for message in prompt.messages)
