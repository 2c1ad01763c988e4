"""One number is the same number on the page, in the log, in the trace, in the row and in the
metrics: one turn of a real session, and all that tells of it."""

from typing import Any

import pytest
from channels.db import database_sync_to_async
from structlog.testing import capture_logs

from conversations.models import Turn
from tests.voice.calls import Caller, house
from tests.voice.scripted import ScriptedEar, ScriptedModel
from tests.voice.telemetry.collector import attributes, ms
from voice.telemetry import exposition, tracing
from voice.telemetry.series import PARTS

NUMBERS = (*PARTS, "total_ms")
HEARD = {"capture_ms": 23.4, "network_ms": 12.3, "play_ms": 31.2}


@database_sync_to_async
def stored(conversation: Any) -> dict[str, Any]:
    return dict(Turn.objects.get(conversation_id=conversation, role="assistant").metrics)


def counted() -> dict[str, tuple[float, float]]:
    """How many values each part has had, and their sum."""
    parts: Any = exposition.as_json()["turn_part_ms"]
    return {part: (found["count"], found["total"]) for part, found in parts.items()}


async def one_turn(person: Any) -> Caller:
    """Spoken, answered, and measured by the client as a browser does."""
    async with house(
        ear=ScriptedEar(["what time is it"]), model=ScriptedModel([["Five."]])
    ) as here:
        caller = await Caller().join(here.switchboard, person)
        await caller.take_turn()
        first = await caller.until("turn_metrics", reply=1, final=False)
        total = first["total_ms"] + sum(HEARD.values())
        await caller.say("heard", reply=1, total_ms=total, **HEARD)
        await caller.until("turn_metrics", reply=1, final=True)
        await caller.until("reply_ended", reply=1)
        await caller.say("end")
        await caller.see(lambda: caller.closed == 1000)
    return caller


async def test_one_number_is_the_same_number_everywhere(alice, traced):
    before = counted()
    with capture_logs() as logged:
        caller = await one_turn(alice)
        await tracing.flush(10.0)

    page = {name: caller.of("turn_metrics")[-1][name] for name in NUMBERS}
    assert page["capture_ms"] == 23.4
    assert page["total_ms"] == pytest.approx(sum(page[part] for part in PARTS), abs=0.5)

    [line] = [entry for entry in logged if entry["event"] == "turn.done"]
    assert {name: line[name] for name in NUMBERS} == page

    row = await stored(caller.conversation)
    assert {name: row[name] for name in NUMBERS} == page

    spans = {attributes(span).get("voice.part", span.name): span for span in traced.spans}
    turn = attributes(spans["invoke_agent assistant"])
    assert {name: turn[f"voice.{name}"] for name in NUMBERS} == page
    lengths = {part: ms(spans[part]) if part in spans else 0.0 for part in PARTS}
    assert lengths == {part: page[part] for part in PARTS}

    after = counted()
    for name in NUMBERS:
        count, total = before.get(name, (0, 0.0))
        assert after[name][0] == count + 1
        assert after[name][1] - total == pytest.approx(page[name], abs=1e-6)


async def test_the_trace_is_found_by_the_ids_that_the_page_and_the_log_have(alice, traced):
    with capture_logs() as logged:
        caller = await one_turn(alice)
        await tracing.flush(10.0)

    [line] = [entry for entry in logged if entry["event"] == "turn.done"]
    [opened] = caller.of("session")
    assert line["session"] == opened["session"]
    assert {span.trace_id.hex() for span in traced.spans} == {opened["session"].replace("-", "")}
    [root] = [span for span in traced.spans if not span.parent_span_id]
    told = attributes(root)
    assert (told["voice.close_code"], told["user.id"]) == (1000, str(alice.id))
    [turn] = [span for span in traced.spans if span.name.startswith("invoke_agent")]
    assert turn.parent_span_id == root.span_id
    assert turn.end_time_unix_nano <= root.end_time_unix_nano
