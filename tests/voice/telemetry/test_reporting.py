"""One report for each reply that answers a turn, once its numbers are final."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from channels.db import database_sync_to_async
from structlog.testing import capture_logs

from conversations.models import Turn
from tests.scenarios.call import call
from tests.scenarios.client import HEARD_MS
from tests.scenarios.timeline import Client, Drops, Model, Says, Step, Types
from tests.scenarios.timeline import Voice as SpokenVoice
from tests.voice.calls import Caller, House, house
from tests.voice.scripted import ScriptedEar, ScriptedModel, ScriptedVoice
from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import ToolCall
from voice.store import Person
from voice.telemetry.meters import meters
from voice.telemetry.series import PARTS

HEARD = {"capture_ms": 20.0, "network_ms": 10.0, "play_ms": 30.0, "total_ms": 4000.0}
ASKS = Says(0.96, 1.92, "please count to ten")


class Reports:
    """What the log says of turns that are over: all sinks are told the same."""

    def __init__(self, logged: list[Any]) -> None:
        self._logged = logged

    @property
    def all(self) -> list[dict[str, Any]]:
        return [entry for entry in self._logged if entry["event"] == "turn.done"]

    async def until(self, count: int) -> None:
        async with asyncio.timeout(5):
            while len(self.all) < count:  # noqa: ASYNC110  (no event tells of it)
                await asyncio.sleep(0.01)


@pytest.fixture
def reports() -> Iterator[Reports]:
    with capture_logs() as logged:
        yield Reports(logged)


async def asked(home: House, person: Person) -> Caller:
    caller = await Caller().join(home.switchboard, person)
    await caller.say("text", text="When is noon?")
    await caller.until("reply_started", reply=1)
    return caller


@database_sync_to_async
def row_of(caller: Caller, reply: int) -> Turn:
    return Turn.objects.get(conversation=caller.conversation, reply=reply)


async def test_a_reply_that_was_measured_is_reported_at_its_end(alice, reports):
    async with house() as home:
        caller = await asked(home, alice)
        await caller.say("heard", reply=1, **HEARD)
        assert reports.all == []
        await caller.play(1)
        await reports.until(1)

    (report,) = reports.all
    assert report["measured"] is True
    assert report["total_ms"] == 4000.0
    assert (report["turn"], report["reply"], report["user"]) == (1, 1, alice.id)
    assert (report["spoken"], report["interrupted"], report["error"]) == (False, False, "")


async def test_one_that_is_measured_after_its_end_is_reported_then(alice, reports):
    async with house() as home:
        caller = await asked(home, alice)
        await caller.play(1)
        assert reports.all == []
        await caller.say("heard", reply=1, **HEARD)
        assert [report["total_ms"] for report in reports.all] == [4000.0]
        await caller.say("heard", reply=1, **HEARD)

    assert len(reports.all) == 1


async def test_one_that_is_never_measured_is_reported_when_the_session_ends(alice, reports):
    async with house() as home:
        caller = await asked(home, alice)
        await caller.play(1)
        assert reports.all == []

    (report,) = reports.all
    assert report["measured"] is False
    assert report["total_ms"] == pytest.approx(sum(report[part] for part in PARTS), abs=1)


async def test_one_that_was_interrupted_says_so(alice, reports):
    async with house(voice=ScriptedVoice(character_s=0.5)) as home:
        caller = await asked(home, alice)
        await caller.say("heard", reply=1, **HEARD)
        await caller.say("interrupt")
        await caller.say("playback", reply=1, played_ms=10)
        await caller.until("reply_ended", reply=1)
        await reports.until(1)

    assert [report["interrupted"] for report in reports.all] == [True]


async def test_a_turn_whose_model_failed_is_reported_without_a_reply(alice, reports):
    failing = ScriptedModel(answers=[[ProviderUnavailable("scripted", "is down")]])
    async with house(model=failing) as home:
        caller = await Caller().join(home.switchboard, alice)
        await caller.say("text", text="When is noon?")
        await caller.until("notice", code="no_answer")
        await reports.until(1)

    (report,) = reports.all
    assert (report["turn"], report["reply"], report["error"]) == (1, 0, "llm")


async def test_a_reply_whose_voice_broke_off_in_the_middle_says_so(alice, reports):
    voice = ScriptedVoice(failure=ProviderUnavailable("scripted", "is down"), fails_after=1)
    model = ScriptedModel(answers=[["It is noon. ", "It will be one."]])
    async with house(voice=voice, model=model) as home:
        caller = await asked(home, alice)
        await caller.play(1)

    assert [report["error"] for report in reports.all] == ["tts"]


async def test_the_row_holds_all_that_a_waterfall_needs(alice, reports):
    wants = ToolCall("1", "recall", {"query": "noon"})
    model = ScriptedModel(answers=[[wants], ["It is noon."]])
    async with house(model=model, ear=ScriptedEar(["When is noon?"])) as home:
        caller = await Caller().join(home.switchboard, alice)
        await caller.take_turn()
        await caller.until("reply_started", reply=1)
        await caller.play(1)
        await caller.say("heard", reply=1, **HEARD)
    row = await row_of(caller, 1)
    asking = await database_sync_to_async(
        lambda: Turn.objects.get(conversation=caller.conversation, number=1, role="user")
    )()

    metrics = row.metrics
    assert metrics["final"] is True
    assert metrics["total_ms"] == 4000.0
    assert metrics["context_version"] == 1
    assert metrics["speech_ended_at"] == pytest.approx(asking.ended_at.timestamp(), abs=0.01)
    [tool] = metrics["tools"]
    assert (tool["name"], tool["ok"]) == ("recall", True)
    waited_s = tool["began_at"] - metrics["speech_ended_at"]
    assert 0 <= waited_s + tool["ms"] / 1000 <= 4.0
    usage = metrics["usage"]
    assert usage["tokens_in"] > 0
    assert usage["tokens_out"] > 0
    assert usage["is_estimated"] is True
    assert usage["characters"] == len("It is noon.")
    assert 0.4 <= usage["heard_s"] <= 1.2


async def test_a_report_names_the_connection_that_heard_the_reply(alice, reports):
    async with house(voice=ScriptedVoice(character_s=0.2)) as home:
        caller = await asked(home, alice)
        caller.drop()
        second = await Caller().join(home.switchboard, alice, caller.conversation)
        await reports.until(1)

    first = caller.of("session")[0]["session"]
    assert [report["session"] for report in reports.all] == [first]
    assert second.of("session")[0]["session"] != first


def test_a_greeting_is_no_answer():
    seen = call(greeting="Hello there.")

    assert seen.of("reply_ended")
    assert seen.rows.replies[1]["metrics"] == {}


# --- on virtual time ------------------------------------------------------------------------------
def answers(*steps: Step, **parts: Any) -> int:
    """How many turns with an answer a call is counted with."""

    def counted() -> int:
        sums = meters().snapshot().items()
        return sum(found.times for key, found in sums if key.name == "answer_ms")

    before = counted()
    call(*steps, **parts)
    return counted() - before


@pytest.mark.parametrize(
    ("steps", "parts", "count"),
    [
        ((ASKS,), {}, 1),
        ((ASKS,), {"ends_s": 3.0}, 1),
        ((ASKS, Types(6.0, "and now")), {}, 2),
        ((Types(1.0, "one"), Types(1.1, "two")), {}, 1),
        ((ASKS, Drops(3.0, 4.0)), {}, 1),
        ((ASKS, Drops(3.0, None)), {"resume_window_s": 1.0}, 1),
        ((ASKS, Says(3.2, 4.16, "no wait stop")), {}, 2),
        ((), {"greeting": "Hello there."}, 0),
    ],
)
def test_every_turn_that_is_answered_is_reported_once(steps, parts, count):
    model = Model(("One two three four five. Six seven eight nine ten.", "It is noon."), ttft_s=0.3)

    assert answers(*steps, model=model, **parts) == count


@pytest.mark.parametrize(
    ("heard_s", "is_measured"),
    [(0.0, True), (2.0, True), (5.0, False), (None, False)],
    ids=["at once", "after its end", "much later", "never"],
)
def test_the_row_and_the_figures_agree_on_what_the_client_measured(heard_s, is_measured):
    before = _waits()

    seen = call(ASKS, client=Client(heard_s=heard_s))

    metrics = seen.rows.replies[1]["metrics"]
    assert metrics["final"] is is_measured
    assert _waits() - before == is_measured
    if is_measured:
        assert metrics["total_ms"] == HEARD_MS
        assert sum(metrics[part] for part in PARTS) == pytest.approx(HEARD_MS, abs=1)


def test_a_reply_that_goes_on_after_a_dropped_socket_keeps_its_usage():
    seen = call(ASKS, Drops(3.2, 4.0), model=Model(("One two three. Four five six.",)))

    usage = [row["metrics"].get("usage") for row in seen.rows.replies.values()]
    assert usage[0] is not None
    assert usage[1] is None  # it answers no turn of its own


def test_a_voice_is_paid_for_also_where_nobody_heard_it():
    before = _characters()

    call(Types(1.0, "one"), Types(2.0, "two"), voice=SpokenVoice(ttfb_s=0.05))

    assert _characters() - before >= 2 * len("It is noon.")


def _waits() -> int:
    found = meters().snapshot().items()
    return sum(one.times for key, one in found if key[:2] == ("turn_part_ms", "total_ms"))


def _characters() -> float:
    found = meters().snapshot().items()
    return sum(one.total for key, one in found if key.name == "characters")
