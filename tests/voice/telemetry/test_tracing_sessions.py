"""Whose a line of the log and a span are, when a conversation goes on over another socket."""

import structlog
from structlog.testing import capture_logs

from tests.voice.calls import Caller, house
from tests.voice.telemetry.collector import attributes
from voice.telemetry import tracing

MERGED = (structlog.contextvars.merge_contextvars,)


async def dropped_and_joined_again(person) -> tuple[str, str]:
    """A conversation over two sockets; the ids of its sessions."""
    async with house() as here:
        first = await Caller().join(here.switchboard, person)
        await first.say("text", text="hello")
        await first.until("reply_ended", reply=1)
        first.drop()
        second = await Caller().join(here.switchboard, person, first.conversation)
        await second.say("text", text="hello again")
        await second.until("reply_ended", reply=2)
        await second.say("end")
        await second.see(lambda: second.closed == 1000)
    return first.of("session")[0]["session"], second.of("session")[0]["session"]


async def test_lines_are_of_the_session_of_the_moment(alice):
    with capture_logs(processors=MERGED) as logged:
        first, second = await dropped_and_joined_again(alice)

    assert first != second
    [ended] = [entry for entry in logged if entry["event"] == "session.ended"]
    assert str(ended["session"]) == second
    assert ended["user"] == alice.id
    assert ended["turn"] == 2
    at_the_door = [entry for entry in logged if entry["event"].startswith("socket.")]
    assert [(e["event"], str(e["session"]), e.get("code")) for e in at_the_door] == [
        ("socket.joined", first, None),
        ("socket.left", first, 1006),
        ("socket.joined", second, None),
        ("socket.left", second, 1000),
    ]


async def test_each_connection_is_a_trace_and_the_conversation_joins_them(alice, traced):
    first, second = await dropped_and_joined_again(alice)
    await tracing.flush(10.0)

    roots = {span.trace_id.hex(): span for span in traced.spans if not span.parent_span_id}
    told = [attributes(roots[session.replace("-", "")]) for session in (first, second)]
    assert [(one["voice.close_code"], one["voice.resumed"]) for one in told] == [
        (1006, False),
        (1000, True),
    ]
    assert len({one["gen_ai.conversation.id"] for one in told}) == 1
    assert len(roots) == 2
