"""What the next socket is told of what happened while there was none."""

import asyncio

from tests.voice.calls import Caller
from voice.edge.line import MISSED_MAX, Line
from voice.edge.notices import NO_ANSWER
from voice.wire import Duck, ReplyEnded, StateChange, TranscriptUpdate


def caption(turn: int, *, is_final: bool = True) -> TranscriptUpdate:
    return TranscriptUpdate(turn=turn, role="user", text="hello", is_final=is_final)


ENDED = ReplyEnded(reply=1, turn=1, interrupted=True, heard_text="One two")


async def test_what_ended_or_went_wrong_meanwhile_is_told_in_order():
    line, caller = Line(), Caller()
    for message in (caption(1), ENDED, NO_ANSWER):
        await line.send(message)

    line.attach(caller.connection)
    await line.open()

    assert [m["type"] for m in caller.messages] == ["transcript_update", "reply_ended", "notice"]


async def test_what_is_over_by_then_is_not_told():
    line, caller = Line(), Caller()
    for message in (caption(1, is_final=False), StateChange(state="thinking"), Duck(reply=1)):
        await line.send(message)

    line.attach(caller.connection)
    await line.open()

    assert caller.messages == []


async def test_what_ends_while_the_socket_is_told_comes_after_what_it_missed():
    line, caller = Line(), Caller()
    await line.send(caption(1))

    line.attach(caller.connection)
    await line.send(caption(2))
    await line.open()

    assert [m["turn"] for m in caller.messages] == [1, 2]


async def test_of_very_much_the_oldest_is_not_told():
    line, caller = Line(), Caller()
    for turn in range(MISSED_MAX + 1):
        await line.send(caption(turn))

    line.attach(caller.connection)
    await line.open()

    assert [m["turn"] for m in caller.messages] == list(range(1, MISSED_MAX + 1))


async def test_a_reply_waits_until_the_socket_has_been_told():
    line, caller = Line(), Caller()
    line.attach(caller.connection)
    waiting = asyncio.create_task(line.attached())
    await asyncio.sleep(0)
    assert not waiting.done()

    await line.open()

    await asyncio.wait_for(waiting, 1)


async def test_a_socket_that_has_closed_takes_nothing_from_the_next():
    line, first, second = Line(), Caller(), Caller()
    line.attach(first.connection)
    await line.open()
    first.connection.is_closed = True
    await line.send(ENDED)

    line.attach(second.connection)
    await line.open()

    assert [m["type"] for m in second.messages] == ["reply_ended"]
