"""Two things at once: whoever comes first, nothing is lost, said twice or left behind."""

import asyncio
import gc
import weakref
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from django.conf import settings
from django.db import DataError
from redis import Redis

from conversations.models import Session as SessionRow
from tests.voice.calls import Caller, House, house, said
from tests.voice.scripted import ScriptedEar, ScriptedModel, ScriptedVoice
from voice.edge import notices
from voice.edge.notices import Refused
from voice.live import InProcess, InRedis, LiveState
from voice.providers.errors import ProviderUnavailable
from voice.recorder import WRITES_WAITING_MAX, Recorder
from voice.session import Ending, Session
from voice.store import Person


def long_reply() -> dict[str, Any]:
    """2.4 s of it."""
    counting = ["One two three four five. ", "Six seven eight nine ten."]
    return {"model": ScriptedModel([counting]), "voice": ScriptedVoice(character_s=0.05)}


async def being_answered(here: House, person: Person) -> Caller:
    caller = await Caller().join(here.switchboard, person)
    await caller.say("text", text="count")
    await caller.see(lambda: len(caller.audio) > 10)
    return caller


async def until_it_runs(task: "asyncio.Task[Any]") -> None:
    """Up to where it waits for the database."""
    await asyncio.sleep(0)
    assert not task.done()


@database_sync_to_async
def close_codes(caller: Caller) -> list[int | None]:
    rows = SessionRow.objects.filter(conversation_id=caller.conversation).order_by("opened_at")
    return [row.close_code for row in rows]


# --- a socket drops -----------------------------------------------------------------------------
async def test_a_reply_that_was_ready_when_the_socket_came_back_is_given_once(alice):
    async with house(model=ScriptedModel([["Here."]], token_s=0.05)) as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text="hello")
        await first.until("state_change", state="thinking")
        first.drop()
        await first.see_soon(lambda: here.voice.said == ["Here."])

        second = await Caller().join(here.switchboard, alice, first.conversation)
        await second.until("state_change", state="listening")

        assert [m["heard_text"] for m in second.of("reply_ended")] == ["Here."]
        assert [m["source"] for m in second.of("reply_started")] == ["model"]


async def test_a_reply_released_while_the_socket_dropped_is_heard_by_the_next(alice):
    async with house(model=ScriptedModel([["Here it is. ", "That is all."]])) as here:
        first = await Caller().join(here.switchboard, alice)
        first.stick_at("state_change", state="thinking")
        await first.say("text", text="hello")
        # The second sentence is voiced only after the first is ready to be heard.
        await first.see_soon(lambda: here.voice.said == ["Here it is.", "That is all."])
        first.drop()
        first.unstick()
        await first.see_soon(lambda: first.session.presence.live_state().reply == 1)

        second = await Caller().join(here.switchboard, alice, first.conversation)
        await second.until("reply_ended", heard_text="Here it is. That is all.")

        assert second.of("reply_started")[0]["source"] == "resumed"


async def test_the_first_message_is_the_session_even_while_the_old_socket_is_stuck(alice):
    async with house(model=ScriptedModel([["Here."]], token_s=0.1)) as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text="hello")
        await first.until("state_change", state="thinking")
        first.stick_at("error")

        second = await Caller().join(here.switchboard, alice, first.conversation)
        await second.until("reply_ended", heard_text="Here.")

        assert second.messages[0]["type"] == "session"
        first.unstick()
        await first.see(lambda: first.closed == 4409)


async def test_each_connection_is_recorded_with_how_it_closed(alice):
    async with house() as here:
        first = await Caller().join(here.switchboard, alice)
        second = await Caller().join(here.switchboard, alice, first.conversation)
        second.drop()
        third = await Caller().join(here.switchboard, alice, first.conversation)
        await third.say("end")
        await third.see(lambda: third.closed == 1000)

        assert await close_codes(third) == [4409, 1006, 1000]


async def test_a_socket_that_breaks_while_it_joins_is_not_waited_for_for_ever(alice):
    async with house(resume_window_s=0.05) as here:
        caller = Caller()
        caller.connection.send_text = _broken

        with pytest.raises(ConnectionError):
            await caller.join(here.switchboard, alice)

        await caller.see_soon(lambda: here.switchboard.conversations() == [])


async def _broken(_: str) -> None:
    raise ConnectionError("gone")


# --- a session ends -----------------------------------------------------------------------------
async def test_joining_a_conversation_that_is_ending_continues_it(alice):
    async with house() as here:
        first = await Caller().join(here.switchboard, alice)
        await first.say("text", text="hello")
        await first.until("reply_ended", reply=1)
        await first.say("end")

        second = await Caller().join(here.switchboard, alice, first.conversation)
        await second.say("text", text="hello again")

        assert (await second.until("reply_ended", reply=2))["turn"] == 2
        assert second.of("session")[0]["resumed"] is False
        assert second.closed is None


async def test_a_session_that_ends_while_somebody_joins_it_is_continued(alice):
    async with house() as here:
        first = await Caller().join(here.switchboard, alice)
        joining = asyncio.create_task(Caller().join(here.switchboard, alice, first.conversation))
        await until_it_runs(joining)
        first.session.hang_up(Ending(notices.GONE))

        second = await joining
        await second.say("text", text="hello")

        await second.until("reply_ended", reply=1)
        assert second.session is not first.session


async def test_the_first_reason_to_end_counts(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("end")
        await here.switchboard.drain(deadline_s=5)

        assert caller.closed == 1000
        assert caller.of("error") == []


async def test_a_session_that_is_over_is_let_go_at_once(alice):
    async with house() as here:
        session = await _a_call(here, alice)
        gc.collect()

        assert session() is None


async def _a_call(here: House, person: Person) -> "weakref.ref[Session]":
    caller = await Caller().join(here.switchboard, person)
    await caller.say("end")
    await caller.see(lambda: caller.closed == 1000)
    caller.drop()
    await caller.see_soon(lambda: here.switchboard.conversations() == [])
    return weakref.ref(caller.session)


async def test_others_go_on_only_from_what_is_recorded(alice):
    live = Watching()
    async with house(live=live, **long_reply()) as here:
        await being_answered(here, alice)
        await here.switchboard.drain(deadline_s=5)

    assert [role for role, _ in live.recorded] == ["user", "assistant"]


class Watching(InProcess):
    """Notes what was recorded of a conversation when it was left to others."""

    recorded: list[tuple[str, str]]

    async def put(self, state: LiveState, *, lifetime_s: float) -> None:
        if state.owner == "":
            self.recorded = await said(UUID(state.conversation))
        await super().put(state, lifetime_s=lifetime_s)


async def test_what_was_asked_of_a_process_that_stopped_is_answered_by_the_next(alice):
    live = InProcess()
    async with (
        house(live=live, owner="one", model=ScriptedModel([["Late."]], token_s=3)) as one,
        house(live=live, owner="two", neighbours=one.neighbours) as two,
    ):
        first = await Caller().join(one.switchboard, alice)
        await first.say("text", text="hello")
        await first.until("state_change", state="thinking")
        await one.switchboard.drain(deadline_s=5)

        second = await Caller().join(two.switchboard, alice, first.conversation)

        assert (await second.until("reply_ended", heard_text="Yes."))["turn"] == 1
        assert [m.text for m in two.model.prompts[0].messages] == ["hello"]
        assert second.of("turn_metrics")[0]["total_ms"] < 5000


async def test_what_was_interrupted_is_not_left_for_another_process_to_carry_on(alice):
    async with house(**long_reply()) as here:
        caller = await being_answered(here, alice)
        await caller.say("interrupt")
        await caller.until("interrupted", reply=1)

        assert caller.session.presence.live_state().carries is None


# --- something breaks ---------------------------------------------------------------------------
async def test_a_session_that_breaks_keeps_what_was_said_and_can_be_joined_again(alice):
    async with house(**long_reply()) as here:
        first = await being_answered(here, alice)
        here.vad.failure = RuntimeError("our own mistake")
        await first.speak(0.1)
        await first.see(lambda: first.closed == 1011)
        assert first.of("error")[-1]["code"] == 1011
        here.vad.failure = None

        second = await Caller().join(here.switchboard, alice, first.conversation)

        assert second.of("session")[0]["resumed"] is True
        assert (await said(first.conversation))[0] == ("user", "count")
        assert (await close_codes(first))[0] == 1011


async def test_a_mistake_in_the_model_ends_the_reply_and_not_the_session(alice):
    async with house(model=ScriptedModel([[RuntimeError("oops")], ["Back again."]])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="hello")
        await caller.until("notice", code="no_answer")

        await caller.say("text", text="hello?")

        await caller.until("reply_ended", heard_text="Back again.")


async def test_a_voice_that_fails_midway_stops_the_model(alice):
    failure = ProviderUnavailable("scripted", "gone")
    model = ScriptedModel([[f"This is sentence number {n}. " for n in range(40)]])
    voice = ScriptedVoice(failure=failure, fails_after=1, character_s=0.002)
    async with house(model=model, voice=voice) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.say("text", text="talk")
        await caller.until("reply_ended", reply=1)

        await caller.see_soon(lambda: model.streaming == 0)


async def test_a_flood_of_wishes_ends_the_session_and_says_so(alice):
    async with house() as here:
        caller = await Caller().join(here.switchboard, alice)
        for _ in range(1000):
            await caller.say("interrupt")

        await caller.see(lambda: caller.closed == 1011)

        assert caller.of("error")[-1]["code"] == 1011


def test_what_cannot_be_recorded_is_told():
    told: list[str] = []
    recorder = Recorder(on_lost=lambda: told.append("lost"))

    for _ in range(WRITES_WAITING_MAX + 1):
        recorder.put(lambda: asyncio.sleep(0))

    assert told == ["lost"]


async def test_what_the_database_refuses_does_not_hold_up_what_comes_after():
    recorder, kept = Recorder(on_lost=lambda: None), asyncio.Event()
    recorder.put(_refused)
    recorder.put(lambda: _keep(kept))
    running = asyncio.create_task(recorder.run())

    await recorder.flush(2)

    running.cancel()
    assert kept.is_set()


async def _refused() -> None:
    raise DataError("out of range")


async def _keep(kept: asyncio.Event) -> None:
    kept.set()


async def test_what_another_version_wrote_of_a_session_is_not_read():
    live, conversation = InRedis(settings.REDIS_URL), uuid4()
    redis = Redis.from_url(settings.REDIS_URL)
    redis.set(f"live:{conversation}", '{"spoken": [], "unvoiced": [], "mood": "good"}', ex=5)

    assert await live.get(conversation) is None
    assert str(conversation) not in {state.conversation for state in await live.all()}
    await live.close()
    redis.close()


# --- in the order in which it was said ----------------------------------------------------------
async def test_a_turn_is_over_where_the_user_said_so_however_late_we_listen(alice):
    async with house(ear=ScriptedEar(["hello"])) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.speak(0.5, at_once=True)
        await caller.say("commit")
        await caller.speak(0.5)

        assert caller.of("vad_status")[-1]["speaking"] is True
        await caller.until("transcript_update", text="hello", is_final=True)


# --- at the door --------------------------------------------------------------------------------
async def test_whoever_was_on_the_way_in_when_the_doors_closed_is_turned_away(alice):
    async with house() as here:
        joining = asyncio.create_task(Caller().join(here.switchboard, alice))
        await until_it_runs(joining)
        await here.switchboard.drain(deadline_s=5)

        with pytest.raises(Refused) as refused:
            await joining

        assert refused.value.error.code == 4503
        assert here.switchboard.conversations() == []


async def test_coming_all_at_once_lets_no_more_in(alice):
    async with house() as here:
        joins = [Caller().join(here.switchboard, alice) for _ in range(8)]

        came = await asyncio.gather(*joins, return_exceptions=True)

        assert sum(isinstance(one, Refused) for one in came) == 3


async def test_nobody_is_thrown_out_for_somebody_who_is_not_let_in(alice):
    live = InProcess()
    async with (
        house(live=live, owner="one") as one,
        house(live=live, owner="two", neighbours=one.neighbours, sessions_max=0) as two,
    ):
        first = await Caller().join(one.switchboard, alice)

        with pytest.raises(Refused):
            await Caller().join(two.switchboard, alice, first.conversation)

        assert not first.session.is_ending


async def test_an_ear_that_stays_away_is_told_of_once(alice):
    failure = ProviderUnavailable("scripted", "gone")
    async with house(ear=ScriptedEar()) as here:
        caller = await Caller().join(here.switchboard, alice)
        for attempt in range(2):
            await caller.see_soon(lambda n=attempt: len(here.ear.opened) > n)
            here.ear.opened[attempt].fail(failure)
        await caller.see_soon(lambda: len(here.ear.opened) > 2)

        assert [m["code"] for m in caller.of("notice")] == ["stt_down"]
