from tests.voice.calls import LOUD, Caller, House, house, said
from tests.voice.scripted import ScriptedEar, ScriptedModel, ScriptedVoice
from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import ToolCall


async def test_a_spoken_turn_is_understood_answered_and_kept(alice):
    async with house(ear=ScriptedEar(["what time is it"])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.take_turn()

        ended = await caller.until("reply_ended", reply=1)

        assert ended == {
            "type": "reply_ended",
            "reply": 1,
            "turn": 1,
            "interrupted": False,
            "heard_text": "Yes.",
        }
        assert [m["state"] for m in caller.of("state_change")][:3] == [
            "listening",
            "thinking",
            "speaking",
        ]
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
        assert await said(caller.conversation) == [
            ("user", "what time is it"),
            ("assistant", "Yes."),
        ]


async def test_the_session_message_comes_first(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)

        assert caller.messages[0] | {"conversation": "", "session": ""} == {
            "type": "session",
            "conversation": "",
            "session": "",
            "agent": caller.messages[0]["agent"],
            "resumed": False,
            "input_hz": 16000,
            "output_hz": 24000,
            "providers": {
                "stt": ["scripted"],
                "llm": ["scripted"],
                "tts": ["scripted"],
                "search": [],
            },
            "accepts": ["echo"],
        }


async def test_a_typed_turn_is_echoed_and_answered_by_voice(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="hello")

        await caller.until("reply_ended", reply=1)

        assert caller.of("transcript_update")[0] == {
            "type": "transcript_update",
            "turn": 1,
            "role": "user",
            "text": "hello",
            "is_final": True,
        }
        assert caller.audio


async def test_the_sound_of_a_reply_has_no_gaps_and_stays_within_the_lead(alice):
    async with house(model=ScriptedModel([["A first sentence. ", "And a second one."]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="talk")
        await caller.until("reply_started", reply=1)
        ahead = sum(len(pcm) // 2 for _, _, pcm in caller.audio)
        await caller.until("reply_ended", reply=1)

        position = 0
        for reply, sample, pcm in caller.audio:
            assert (reply, sample) == (1, position)
            position += len(pcm) // 2
        assert ahead <= 24_000 * 0.6
        assert position == len("A first sentence.And a second one.") * 480


async def test_speaking_over_a_reply_stops_it_and_keeps_what_was_heard(alice):
    answer = ["One two three four five six seven eight nine ten eleven twelve."]
    voice = ScriptedVoice(character_s=0.05)
    ear = ScriptedEar()
    async with house(ear=ear, model=ScriptedModel([answer]), voice=voice) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="count")
        await caller.see(lambda: len(caller.audio) > 10)
        await caller.say_aloud(LOUD)
        await caller.until("duck", reply=1)
        ear.opened[0].hear("stop")

        await caller.until("interrupted", reply=1)
        sent = len(caller.audio)
        await caller.say("playback", reply=1, played_ms=400)
        ended = await caller.until("reply_ended", reply=1)

        assert ended["interrupted"] is True
        assert ended["heard_text"] == "One two"
        assert len(caller.audio) == sent
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
        assert await said(caller.conversation) == [
            ("user", "count"),
            ("assistant", "One two"),
            ("user", "stop"),
        ]


async def test_the_model_is_told_what_was_heard_and_no_more(alice):
    answers = [["One two three four five six seven eight nine ten."], ["Sorry."]]
    async with house(model=ScriptedModel(answers), voice=ScriptedVoice(character_s=0.05)) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="count")
        await caller.see(lambda: len(caller.audio) > 10)
        await caller.say("interrupt")
        await caller.say("playback", reply=1, played_ms=400)
        await caller.until("reply_ended", reply=1)

        await caller.say("text", text="what?")
        await caller.until("reply_ended", reply=2)

        told = [(m.role, m.text) for m in here.model.prompts[1].messages]
        assert told == [("user", "count"), ("assistant", "One two"), ("user", "what?")]


async def test_a_model_that_fails_is_reported_and_the_session_lives_on(alice):
    failure = ProviderUnavailable("scripted", "gone")
    async with house(model=ScriptedModel([[failure], ["Back again."]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="hello")
        await caller.until("notice", code="no_answer")

        await caller.say("text", text="hello?")

        ended = await caller.until("reply_ended", reply=1)
        assert ended["heard_text"] == "Back again."


async def test_a_model_that_breaks_off_is_heard_to_where_it_got(alice):
    failure = ProviderUnavailable("scripted", "gone")
    async with house(model=ScriptedModel([["Half a thought. ", "And", failure]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="hello")

        ended = await caller.until("reply_ended", reply=1)

        assert ended["heard_text"] == "Half a thought."
        assert caller.of("notice")[0]["code"] == "no_answer"


async def test_an_ear_that_breaks_is_opened_again_and_the_user_told(alice):
    async with house(ear=ScriptedEar(["hello"])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.see_soon(lambda: bool(here.ear.opened))
        here.ear.opened[0].fail(ProviderUnavailable("scripted", "gone"))
        await caller.until("notice", code="stt_down")
        while len(here.ear.opened) < 2:
            await caller.speak(0.02, loud=False)

        await caller.take_turn()

        await caller.until("transcript_update", role="user", text="hello", is_final=True)


async def test_a_tool_is_called_and_its_result_given_back_to_the_model(alice):
    call = ToolCall("1", "remember", {"fact": "The cat is called Tom."})
    async with house(model=ScriptedModel([[call], ["I will."]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="remember that my cat is called Tom")
        await caller.until("reply_ended", reply=1)

        assert here.model.prompts[1].messages[-1].text == "Remembered: The cat is called Tom."
        assert here.model.prompts[1].messages[-1].call == call


async def test_muted_sound_is_not_heard(alice):
    async with house(ear=ScriptedEar(["secret"])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("mute", muted=True)
        await caller.take_turn()
        await caller.say("mute", muted=False)
        await caller.speak(0.2, loud=False)
        await caller.say("ping", t=1)
        await caller.until("pong", t=1.0)

        assert caller.of("vad_status") == []


async def test_frames_that_stop_coming_count_as_silence(alice):
    async with house(ear=ScriptedEar(["hello"])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.speak(0.5)

        await caller.until("vad_status", speaking=False)
        await caller.until("transcript_update", role="user", text="hello", is_final=True)


async def test_two_callers_in_one_process_hear_nothing_of_each_other(alice, bob):
    async with house(model=ScriptedModel([["For Alice."], ["For Bob."]])) as here:
        first = await Caller().join(here.switchboard, alice)
        second = await Caller().join(here.switchboard, bob)
        await first.say("text", text="alice here")
        await first.until("reply_ended", heard_text="For Alice.")
        await second.say("text", text="bob here")
        await second.until("reply_ended", heard_text="For Bob.")

        assert "bob" not in str(first.messages)
        assert "alice" not in str(second.messages).lower()
        assert [m.text for m in here.model.prompts[1].messages] == ["bob here"]


async def test_metrics_add_up_before_and_after_the_client_has_measured(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="hello")
        first = await caller.until("turn_metrics", reply=1, final=False)
        await caller.say("heard", reply=1, capture_ms=20, network_ms=5, play_ms=30, total_ms=900)
        final = await caller.until("turn_metrics", reply=1, final=True)

        for metrics in (first, final):
            parts = sum(v for k, v in metrics.items() if k.endswith("_ms") and k != "total_ms")
            assert abs(parts - metrics["total_ms"]) < 1
        assert final["total_ms"] == 900


async def test_a_house_without_callers_is_quiet():
    assert House().switchboard.conversations() == []
