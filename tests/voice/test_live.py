import asyncio
import uuid
from collections.abc import AsyncIterator

import pytest
from django.conf import settings

from voice.live import InProcess, InRedis, LiveSessions, LiveState, LiveUnavailable
from voice.turns.heard import Spoken
from voice.turns.timeline import WordTime


def state(conversation: uuid.UUID, owner: str = "here") -> LiveState:
    return LiveState(
        conversation=str(conversation),
        session="a session",
        user=7,
        agent="assistant",
        owner=owner,
        phase="speaking",
        context_version=3,
        since=1.5,
        turn=2,
        reply=4,
        spoken=(
            Spoken(
                "One 2.",
                0,
                24_000,
                is_whole=True,
                said="One two.",
                times=(WordTime(0, 100, 9_000), WordTime(1, 9_000)),
                loud=(100, 23_000),
            ),
            Spoken("Three.", 24_000, 100),
        ),
        sent_samples=24_100,
        heard_samples=24_000,
        unvoiced=("Four.",),
    )


@pytest.fixture(params=["redis", "process"])
async def live(request: pytest.FixtureRequest) -> AsyncIterator[LiveSessions]:
    sessions = InRedis(settings.REDIS_URL) if request.param == "redis" else InProcess()
    yield sessions
    await sessions.close()


async def test_a_state_comes_back_as_it_was_put(live):
    conversation = uuid.uuid4()

    await live.put(state(conversation), lifetime_s=5)

    assert await live.get(conversation) == state(conversation)
    assert state(conversation) in await live.all()


async def test_a_conversation_that_is_not_running_has_no_state(live):
    assert await live.get(uuid.uuid4()) is None


async def test_a_process_removes_its_own_state_and_not_its_successors(live):
    conversation = uuid.uuid4()
    await live.put(state(conversation, "there"), lifetime_s=5)

    await live.remove(conversation, owner="here")
    assert await live.get(conversation) is not None
    await live.remove(conversation, owner="there")

    assert await live.get(conversation) is None


async def test_a_state_lapses(live):
    conversation = uuid.uuid4()

    await live.put(state(conversation), lifetime_s=0.01)
    await asyncio.sleep(0.05)

    assert await live.get(conversation) is None


def test_a_state_tells_what_was_heard_and_which_reply_goes_on():
    assert state(uuid.uuid4()).heard_text == "One 2."
    assert state(uuid.uuid4()).carries == 4


async def test_without_redis_a_conversation_goes_on_and_the_list_says_so():
    away = InRedis("redis://127.0.0.1:1/0")
    conversation = uuid.uuid4()

    await away.put(state(conversation), lifetime_s=5)
    await away.remove(conversation, owner="here")

    assert await away.get(conversation) is None
    with pytest.raises(LiveUnavailable):
        await away.all()
    await away.close()
