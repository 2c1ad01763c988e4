from tests.voice.calls import Caller, house
from voice.providers.absent import CHARACTERS_PER_S, AbsentEar, AbsentVoice


async def test_without_an_ear_one_can_still_type(alice):
    async with house(ear=AbsentEar()) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.take_turn()
        await caller.say("text", text="hello")

        assert (await caller.until("reply_ended", reply=1))["turn"] == 1


async def test_without_a_voice_captions_keep_the_pace_of_reading():
    pieces = [
        chunk.pcm
        async for chunk in AbsentVoice().speak("x" * CHARACTERS_PER_S, voice="", language="en")
    ]

    assert sum(map(len, pieces)) == 48_000
    assert not any(b"".join(pieces))
