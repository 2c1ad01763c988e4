import asyncio
import uuid

import pytest

from tests.voice.calls import Caller, house, said
from tests.voice.scripted import ScriptedModel, ScriptedVoice
from voice.edge.notices import Refused
from voice.live import InProcess

COUNTING = ["One two three four five. ", "Six seven eight nine ten."]


def slow() -> dict[str, object]:
    """A reply that lasts long enough to lose the socket in it: 2.4 s."""
    return {"model": ScriptedModel([COUNTING]), "voice": ScriptedVoice(character_s=0.05)}


async def counting(caller: Caller) -> None:
    await caller.say("text", text="count")
    await caller.until("reply_started", reply=1)
    await caller.see(lambda: len(caller.audio) > 10)


async def test_the_rest_of_a_reply_comes_as_a_new_one_from_the_first_unheard_word(alice):
    async with house(**slow()) as here:
        first = await Caller().join(here.switchboard, alice)
        await counting(first)
        first.drop()

        second = await Caller().join(here.switchboard, alice, first.conversation)
        await second.say("playback", reply=1, played_ms=400)

        assert second.of("session")[0]["resumed"] is True
        assert await second.until("reply_ended", reply=1) == {
            "type": "reply_ended",
            "reply": 1,
            "turn": 1,
            "interrupted": False,
            "heard_text": "One two",
        }
        started = await second.until("reply_started", reply=2)
        assert (started["source"], started["resumes"]) == ("resumed", 1)
        ended = await second.play(2)
        assert ended["heard_text"] == "three four five. Six seven eight nine ten."
        assert {reply for reply, _, _ in second.audio} == {2}


async def test_a_reply_in_the_making_waits_for_the_socket_to_come_back(alice):
    async with house(model=ScriptedModel([["Here."]], token_s=0.2)) as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text="hello")
        await first.until("state_change", state="thinking")
        first.drop()

        second = await Caller().join(here.switchboard, alice, first.conversation)

        ended = await second.until("reply_ended", reply=1)
        assert ended["heard_text"] == "Here."


async def test_a_second_window_takes_the_conversation_over(alice):
    async with house() as here:
        first = await Caller().join(here.switchboard, alice)

        second = await Caller().join(here.switchboard, alice, first.conversation)

        await first.see(lambda: first.closed == 4409)
        assert first.of("error")[-1]["code"] == 4409
        await second.say("text", text="hello")
        await second.until("reply_ended", reply=1)


async def test_a_socket_that_was_replaced_is_not_listened_to(alice):
    async with house() as here:
        first = await Caller().join(here.switchboard, alice)
        await Caller().join(here.switchboard, alice, first.conversation)
        first.drop()

        third = await Caller().join(here.switchboard, alice, first.conversation)

        await third.say("text", text="still here")
        await third.until("reply_ended", reply=1)


async def test_when_nobody_comes_back_the_conversation_ends_and_is_kept(alice):
    async with house(resume_window_s=0.1, **slow()) as here:
        caller = await Caller().join(here.switchboard, alice)
        await counting(caller)
        caller.drop()

        await caller.see_soon(lambda: here.switchboard.conversations() == [])

        assert (await said(caller.conversation))[0] == ("user", "count")
        assert len(await said(caller.conversation)) == 2


async def test_numbers_go_on_when_an_old_conversation_is_continued(alice):
    async with house() as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text="hello")
        await first.until("reply_ended", reply=1)
        await first.say("end")
        await first.see(lambda: first.closed == 1000)
        await first.see_soon(lambda: here.switchboard.conversations() == [])

        second = await Caller().join(here.switchboard, alice, first.conversation)
        await second.say("text", text="hello again")

        assert (await second.until("reply_ended", reply=2))["turn"] == 2
        assert second.of("session")[0]["resumed"] is False
        told = [m.text for m in here.model.prompts[-1].messages]
        assert told == ["hello", "Yes.", "hello again"]


async def test_another_process_takes_over_where_the_ear_was(alice):
    live = InProcess()
    async with (
        house(live=live, owner="one", **slow()) as one,
        house(live=live, owner="two", neighbours=one.neighbours, **slow()) as two,
    ):
        first = await Caller().join(one.switchboard, alice)
        await counting(first)

        second = await Caller().join(two.switchboard, alice, first.conversation)
        await second.say("playback", reply=1, played_ms=400)

        await first.see(lambda: first.closed == 4409)
        assert second.of("session")[0]["resumed"] is True
        started = await second.until("reply_started", reply=2)
        assert started["resumes"] == 1
        ended = await second.play(2)
        assert ended["heard_text"].startswith("three four five.")


async def test_somebody_elses_conversation_is_refused(alice, bob):
    async with house() as here:
        hers = await Caller().join(here.switchboard, alice)

        with pytest.raises(Refused) as refused:
            await Caller().join(here.switchboard, bob, hers.conversation)

        assert refused.value.error.code == 4403
        assert hers.closed is None


async def test_an_unknown_id_starts_a_conversation_under_it(alice):
    async with house() as here:
        wanted = uuid.uuid4()

        caller = await Caller().join(here.switchboard, alice, wanted)

        assert caller.conversation == wanted


async def test_the_lines_may_all_be_busy(alice, bob):
    async with house(sessions_max=1) as here:
        await Caller().join(here.switchboard, alice)

        with pytest.raises(Refused) as refused:
            await Caller().join(here.switchboard, bob)

        assert refused.value.error.code == 4429
        assert refused.value.error.retry_after_s


async def test_a_process_that_stops_says_so_and_lets_nobody_in(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)

        await here.switchboard.drain(deadline_s=5)

        assert caller.closed == 1012
        assert caller.of("error")[-1]["code"] == 1012
        with pytest.raises(Refused) as refused:
            await Caller().join(here.switchboard, alice)
        assert refused.value.error.code == 4503


async def test_reloading_the_page_again_and_again_locks_nobody_out(alice):
    async with house() as here:
        for _ in range(12):
            caller = await Caller().join(here.switchboard, alice)
            caller.drop()

        await caller.see_soon(lambda: len(here.switchboard.conversations()) <= 5)
        await Caller().join(here.switchboard, alice)


async def test_one_person_may_have_only_so_many_conversations_open(alice):
    async with house() as here:
        for _ in range(5):
            await Caller().join(here.switchboard, alice)

        with pytest.raises(Refused) as refused:
            await Caller().join(here.switchboard, alice)

        assert refused.value.error.code == 4429


async def test_a_socket_that_takes_nothing_any_more_does_not_hold_the_session_up(alice):
    async with house(resume_window_s=0.1) as here:
        caller = await Caller().join(here.switchboard, alice)
        caller.connection.send_text, caller.connection.send_s = _never, 0.05

        await caller.say("text", text="hello")

        await caller.see_soon(lambda: caller.connection.is_closed)
        caller.drop()
        await caller.see_soon(lambda: here.switchboard.conversations() == [])


async def _never(_: str) -> None:
    await asyncio.Event().wait()


async def test_a_typed_turn_that_is_sent_again_over_the_next_socket_is_one(alice):
    async with house(model=ScriptedModel([["Here."], ["There."]])) as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text="hello", id="a-1")
        assert await first.until("taken", id="a-1")
        await first.play(1)
        first.drop()

        second = await Caller().join(here.switchboard, alice, first.conversation)
        for text, name in (("hello", "a-1"), ("and now", "a-2")):
            await second.say("text", text=text, id=name)
            assert await second.until("taken", id=name)
        await second.play(2)

        asked = [prompt.messages[-1].text for prompt in here.model.prompts]
        assert asked == ["hello", "and now"]


async def test_a_client_that_names_no_turn_is_told_of_none(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)
        for reply in (1, 2):
            await caller.say("text", text="hello")
            await caller.play(reply)

        assert caller.of("taken") == []
        assert len(here.model.prompts) == 2
