"""Can it serve?"""

import asyncio
import threading
from time import monotonic

import pytest
from asgiref.sync import sync_to_async
from django.conf import LazySettings
from django.db import connections
from django.test import Client

from dashboard.api import readiness
from dashboard.api.readiness import Checked, Once
from voice import wiring


@pytest.fixture
def loaded(alone: None, settings: LazySettings) -> None:
    """The chains of a machine without a key."""
    settings.STT_CHAIN = settings.LLM_CHAIN = settings.TTS_CHAIN = ["offline"]
    wiring.providers()


def ready() -> tuple[int, str, dict[str, bool]]:
    answer = Client().get("/ready")
    document = answer.json()
    checks = {each["name"]: each["ok"] for each in document["checks"]}
    return answer.status_code, document["status"], checks


def test_nobody_is_served_before_the_providers_are_loaded(transactional_db: None):
    status, said, checks = ready()

    assert (status, said) == (503, "unavailable")
    assert (checks["database"], checks["channel layer"], checks["think"]) == (True, True, False)


def test_calls_go_on_while_models_are_loading(transactional_db: None, loaded: None):
    assert ready() == (
        200,
        "degraded",
        {
            "door": True,
            "database": True,
            "channel layer": True,
            "models": False,
            "hear": True,
            "think": True,
            "speak": True,
        },
    )


async def test_a_server_that_lets_nobody_in_any_more_is_not_ready(alone: None):
    [door] = [check for check in readiness.CHECKS if check.name == "door"]
    assert await door.ask() == "Open."

    await wiring.switchboard().drain(deadline_s=1.0)

    assert door.needed
    with pytest.raises(readiness.NotWell, match="restarted"):
        await door.ask()


def test_without_a_voice_replies_can_be_read_and_without_a_mind_there_are_none(
    transactional_db: None, loaded: None
):
    members = wiring.providers().members
    [voice], [mind] = members["tts"], members["llm"]

    voice.vitals.open_by_hand()
    without_a_voice = ready()
    voice.vitals.close_by_hand()
    mind.vitals.open_by_hand()
    without_a_mind = ready()

    assert without_a_voice[:2] == (200, "degraded")
    assert not without_a_voice[2]["speak"]
    assert without_a_mind[:2] == (503, "unavailable")


def test_a_provider_that_is_not_well_is_named(transactional_db: None, loaded: None):
    wiring.providers().members["tts"][0].vitals.open_by_hand()

    [speak] = [each for each in Client().get("/ready").json()["checks"] if each["name"] == "speak"]

    assert "offline" in speak["detail"]


def checked(ok: bool, needed: bool) -> Checked:
    return Checked("it", ok, needed, "", 1.0)


def test_what_is_needed_decides():
    well, ill = checked(True, True), checked(False, False)

    assert readiness.status([well]) == "ready"
    assert readiness.status([well, ill]) == "degraded"
    assert readiness.status([well, checked(False, True)]) == "unavailable"


async def test_one_that_hangs_is_given_up_and_holds_one_thread_however_often_it_is_asked():
    goes_on, asked = threading.Event(), []

    def hang() -> str:
        asked.append(1)
        goes_on.wait(30)
        return "late"

    async def ask() -> str:
        return await sync_to_async(hang, thread_sensitive=False)()

    once = Once(ask)
    try:
        for _ in range(3):
            with pytest.raises(TimeoutError):
                async with asyncio.timeout(0.05):
                    await once()
        assert len(asked) == 1
    finally:
        goes_on.set()
    assert await once() == "late"


async def test_what_hangs_does_not_hold_up_the_others():
    async def never() -> str:
        await asyncio.Event().wait()
        return ""

    async def at_once() -> str:
        return "well"

    asks = {"slow": never, "slower": never, "quick": at_once}
    checks = [readiness.Check(name, ask) for name, ask in asks.items()]
    began = monotonic()
    found = await readiness.checked(checks, deadline_s=0.1)

    assert monotonic() - began < 2
    assert [each.ok for each in found] == [False, False, True]
    assert "0.1 s" in found[0].detail


async def test_one_that_breaks_says_nothing_of_where(caplog: pytest.LogCaptureFixture):
    async def broken() -> str:
        raise OSError("redis.internal:6379 refused")

    [found] = await readiness.checked([readiness.Check("layer", broken)])

    assert not found.ok
    assert "internal" not in found.detail
    assert "redis.internal" in caplog.text


def test_a_check_of_the_database_leaves_no_connection_behind(transactional_db: None):
    for _ in range(20):
        assert ready()[2]["database"]
    pool = connections["default"].pool
    assert pool is None or pool.get_stats()["pool_available"] >= 1
