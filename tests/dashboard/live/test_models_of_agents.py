"""The language models that only agents ask, on the page and under its button: two processes over a
real Redis, in one of which nobody has asked for them yet."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager

import pytest
import redis
from channels.db import database_sync_to_async
from django.conf import settings as configured
from django.test import Client

from conversations.models import Agent
from dashboard.live import providers
from voice import wiring
from voice.providers.chains import Chains, chains, named, patient
from voice.providers.failover.breaker import State
from voice.providers.failover.shared import BREAKERS, InRedis

PATIENCE_S = 5.0
LARGER = ("groq", "a/larger-one")

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def here(settings) -> Iterator[Chains]:
    """The chains of this process, no breaker known, and an agent with wishes of its own."""
    settings.STT_CHAIN = settings.LLM_CHAIN = settings.TTS_CHAIN = ["offline"]
    settings.PROVIDERS = settings.PROVIDERS | {"GROQ_API_KEY": "a-key"}
    wiring.providers.cache_clear()
    wiring.health.cache_clear()
    with redis.from_url(configured.REDIS_URL) as known:
        known.delete(BREAKERS)
        yield wiring.providers()
        known.delete(BREAKERS)
    wiring.providers.cache_clear()
    wiring.health.cache_clear()


@pytest.fixture(autouse=True)
def wishes(transactional_db: None) -> None:
    text = "groq:a/larger-one, offline, openai:without-a-key"
    Agent.objects.update(language_models=text)


@asynccontextmanager
async def there() -> AsyncIterator[Chains]:
    """Another process, in which somebody talks to that agent."""
    site, shared = chains(named()), InRedis(configured.REDIS_URL)
    [member, *_] = site.models([LARGER])
    health = site.health(shared)
    health.watch(patient("llm", member))
    running = asyncio.create_task(health.run())
    try:
        yield site
    finally:
        await ended(running)
        await shared.close()


@asynccontextmanager
async def watched_here() -> AsyncIterator[None]:
    health = wiring.health()
    running = asyncio.create_task(health.run())
    try:
        yield
    finally:
        await ended(running)
        await health._shared.close()


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def told() -> list[tuple[str, str, str]]:
    found = await providers.breakers(await providers.wanted())
    return [(one["name"], one["model"], one["state"]) for one in found if one["stage"] == "llm"]


async def until(is_so: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not is_so():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def test_they_are_told_behind_the_chain_where_nobody_has_asked_them_yet():
    assert await told() == [("offline", "", "closed"), (*LARGER, "closed")]


async def test_one_that_no_agent_names_any_more_is_told_no_more():
    await told()
    await database_sync_to_async(Agent.objects.update)(language_models="")

    assert await told() == [("offline", "", "closed")]


async def test_the_usual_model_of_a_provider_beside_the_chain_is_told_once_and_by_its_name(
    settings,
):
    settings.PROVIDERS = settings.PROVIDERS | {"GROQ_LLM_MODEL": "the-usual"}
    wanted = [("groq", ""), ("groq", "the-usual"), ("offline", "")]

    found = await providers.breakers(wanted)

    assert [(one["name"], one["model"]) for one in found if one["stage"] == "llm"] == [
        ("offline", ""),
        ("groq", "the-usual"),
    ]


async def test_the_button_here_reaches_the_process_that_asks_it():
    async with there() as site, watched_here():
        breaker = lambda: site.beside(*LARGER).vitals.breaker  # noqa: E731
        await providers.switch("llm", *LARGER, is_open=True)
        await until(lambda: breaker().state is State.OPEN)
        await providers.switch("llm", *LARGER, is_open=False)
        await until(lambda: breaker().state is State.CLOSED)


async def test_what_that_process_found_out_is_told_here():
    async with there() as site, watched_here():
        site.beside(*LARGER).vitals.open_by_hand()
        await told()  # it is watched over from now on

        here = wiring.providers()
        await until(lambda: here.beside(*LARGER).vitals.breaker.state is State.OPEN)
        assert await told() == [("offline", "", "closed"), (*LARGER, "open")]


async def test_the_chain_can_be_switched_as_before():
    await providers.switch("llm", "offline", is_open=True)

    assert await told() == [("offline", "", "open"), (*LARGER, "closed")]


@pytest.mark.parametrize("model", ["another", "without-a-key"])
async def test_one_that_cannot_be_had_cannot_be_switched(model: str):
    with pytest.raises(providers.NoSuchProvider):
        await providers.switch("llm", "groq", model, is_open=True)


def test_the_post_names_the_model(client_of: Callable[[str], Client]):
    fields = {"state": "open", "model": LARGER[1]}

    answer = client_of("supervisor").post("/dashboard/providers/llm/groq", fields)

    assert answer.json() == {"text": "groq: a/larger-one is asked no more."}
    assert not wiring.providers().beside(*LARGER).vitals.breaker.is_closed


def test_the_api_shows_them_to_staff(client_of: Callable[[str], Client]):
    [offline, larger] = client_of("operator").get("/providers").json()["llm"]

    assert (offline["name"], larger["name"]) == ("offline", "groq")
    assert larger["serves"].startswith("a/larger-one@")


def test_and_to_nobody_else():
    assert [one["name"] for one in Client().get("/providers").json()["llm"]] == ["offline"]
