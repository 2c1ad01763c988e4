"""An open speaker: the assistant's own words come back, in a whole session."""

from tests.voice.calls import LOUD, Caller, house
from tests.voice.scripted import ScriptedEar, ScriptedModel, ScriptedVoice

STORY = "Once upon a time there was a fox that lived in a forest with seven friends."


async def test_the_assistants_own_words_do_not_interrupt_it(alice):
    ear, voice = ScriptedEar(), ScriptedVoice(character_s=0.05)
    async with house(ear=ear, model=ScriptedModel([[STORY]]), voice=voice) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="tell me a story")
        await caller.see(lambda: len(caller.audio) > 10)
        await caller.speak(0.3)
        await caller.until("duck", reply=1)
        ear.opened[0].hear("once upon a time")

        await caller.until("unduck", reply=1)

        assert caller.of("interrupted") == []


async def test_what_the_user_says_amid_the_echo_does(alice):
    ear, voice = ScriptedEar(), ScriptedVoice(character_s=0.05)
    async with house(ear=ear, model=ScriptedModel([[STORY]]), voice=voice) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="tell me a story")
        await caller.see(lambda: len(caller.audio) > 10)
        await caller.say_aloud(LOUD)
        await caller.until("duck", reply=1)
        ear.opened[0].hear("once upon a time please stop it now")

        await caller.until("interrupted", reply=1)

        shown = [m["text"] for m in caller.of("transcript_update") if m["role"] == "user"]
        assert shown[-1] == "please stop it now"
