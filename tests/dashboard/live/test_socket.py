"""The WebSocket /dashboard/live, spoken to as Daphne does."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings as configured
from django.contrib.sessions.models import Session
from django.test import Client

from conversations import selectors, services
from conversations.models import AuditEntry, Conversation
from dashboard import consumers
from tests.dashboard.conftest import ROLES, person
from tests.dashboard.live.states import running
from voice import steering
from voice.live import live_sessions
from voice.steering import Ack
from voiceassistant.asgi import websocket_urlpatterns

PATIENCE_S = 5.0
OWNER = "voice.test.1"
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def in_this_process(settings):
    """As where there is no Redis: the running sessions, the channel layer and the reader are this
    process's own."""
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    live_sessions.cache_clear()
    consumers.reader.cache_clear()
    yield
    live_sessions.cache_clear()
    consumers.reader.cache_clear()


class Page:
    """One socket as its page sees it."""

    def __init__(self, query: str, *, login: str = "", origin: str = "http://localhost") -> None:
        cookie = f"{configured.SESSION_COOKIE_NAME}={login}"
        headers = [(b"host", b"localhost"), (b"cookie", cookie.encode())]
        if origin:
            headers.append((b"origin", origin.encode()))
        self.scope = {
            "type": "websocket",
            "path": "/dashboard/live",
            "query_string": query.encode(),
            "headers": headers,
            "url_route": {"args": (), "kwargs": {}},
        }
        self.to_server: asyncio.Queue[dict[str, Any]] = asyncio.Queue()
        self.to_page: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def next(self) -> dict[str, Any]:
        """What comes next: a message, or {"closed": code}."""
        async with asyncio.timeout(PATIENCE_S):
            frame = await self.to_page.get()
        if frame["type"] == "websocket.close":
            return {"closed": frame["code"]}
        await self.to_server.put({"type": "websocket.receive", "text": '{"type":"seen"}'})
        return dict(json.loads(frame["text"]))

    async def until(self, kind: str) -> dict[str, Any]:
        while (message := await self.next()).get("type") != kind:
            continue
        return message


@asynccontextmanager
async def opened(page: Page, *, check_s: float = 60.0) -> AsyncIterator[Page]:
    await page.to_server.put({"type": "websocket.connect"})
    serving = consumers.live(page.scope, page.to_server.get, page.to_page.put, check_s=check_s)
    task = asyncio.create_task(serving)
    async with asyncio.timeout(PATIENCE_S):
        assert (await page.to_page.get())["type"] == "websocket.accept"
    try:
        yield page
    finally:
        await page.to_server.put({"type": "websocket.disconnect", "code": 1001})
        async with asyncio.timeout(PATIENCE_S):
            await task


@database_sync_to_async
def login_of(role: str) -> str:
    """The key of somebody's Django session."""
    client, user = Client(), person(role)
    if user is None:
        return ""
    client.force_login(user)
    return str(client.session.session_key)


@database_sync_to_async
def talked() -> Conversation:
    owner = person("user")
    assert owner
    return services.start_conversation(owner.pk, selectors.default_agent().pk)


NIL = "00000000-0000-0000-0000-000000000000"
HEALTH = {"operator", "supervisor", "superuser"}
TOPICS = {
    "topic=sessions": HEALTH,
    "topic=figures&span=5m": HEALTH,
    "topic=applied&agent=1": HEALTH,
    f"topic=captions&conversation={NIL}": HEALTH - {"operator"},
}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("query", TOPICS)
async def test_who_may_look_at_what(query: str, role: str):
    async with opened(Page(query, login=await login_of(role))) as page:
        first = await page.next()
        if role in TOPICS[query]:
            assert first["type"] in ("sessions", "figures", "applied", "watching")
            return
        code = 4401 if role in ("nobody", "former") else 4403
        assert (first["type"], first["code"]) == ("error", code)
        assert await page.next() == {"closed": code}


@pytest.mark.parametrize("origin", ["", "https://elsewhere.example.org"])
async def test_a_page_of_another_site_is_refused(origin: str):
    login = await login_of("superuser")
    async with opened(Page("topic=sessions", login=login, origin=origin)) as page:
        assert (await page.next())["code"] == 4403
        assert await page.next() == {"closed": 4403}


async def test_a_topic_that_there_is_not_is_refused():
    async with opened(Page("topic=everything", login=await login_of("superuser"))) as page:
        assert (await page.next())["code"] == 1008


async def test_a_page_that_floods_the_server_is_closed():
    async with opened(Page("topic=sessions", login=await login_of("operator"))) as page:
        for _ in range(consumers.MESSAGES_MAX + 1):
            await page.to_server.put({"type": "websocket.receive", "text": '{"type":"seen"}'})

        assert (await page.until("error"))["code"] == 4429
        assert await page.next() == {"closed": 4429}


async def test_who_is_logged_out_sees_no_more():
    login = await login_of("operator")
    async with opened(Page("topic=sessions", login=login), check_s=0.05) as page:
        await page.until("sessions")
        await database_sync_to_async(Session.objects.filter(pk=login).delete)()

        assert (await page.until("error"))["code"] == 4401
        assert await page.next() == {"closed": 4401}


async def test_the_list_of_sessions_is_told_and_reads_no_words():
    await live_sessions().put(running(1, unvoiced=("A secret.",)), lifetime_s=60)
    async with opened(Page("topic=sessions", login=await login_of("operator"))) as page:
        message = await page.until("sessions")

    assert [row["user"] for row in message["sessions"]] == ["user1"]
    assert "secret" not in json.dumps(message)


async def test_an_acknowledgement_over_the_channel_layer_is_told():
    await live_sessions().put(running(1), lifetime_s=60)
    async with opened(Page("topic=applied&agent=3", login=await login_of("operator"))) as page:
        assert (await page.until("applied"))["version"] == 1
        state = running(1)
        while True:  # the group may not have been joined yet
            await steering.acknowledge(
                Ack(3, state.conversation, state.session, version=2, own_version=0, ms=12.0)
            )
            message = await page.until("applied")
            if message["version"] == 2:
                break

    assert (message["applied"], message["of"]) == (1, 1)
    assert message["sessions"][0]["applied_ms"] == 12


async def test_captions_are_passed_on_and_the_watch_is_noted_once():
    conversation = await talked()
    state = running(1, conversation=str(conversation.pk), owner=OWNER)
    await live_sessions().put(state, lifetime_s=60)
    layer = get_channel_layer()
    page = Page(
        f"topic=captions&conversation={conversation.pk}", login=await login_of("supervisor")
    )
    async with opened(page):
        asked = await layer.receive(OWNER)
        await steering.answer(asked, is_running=True)
        assert (await page.until("watching"))["running"] is True
        caption = {
            "type": "transcript_update",
            "turn": 1,
            "role": "user",
            "text": "Good",
            "is_final": False,
        }
        for text in ("Good", "Good evening"):
            message = {"type": "session.message", "conversation": str(conversation.pk)}
            await layer.send(asked["channel"], message | {"message": caption | {"text": text}})
        while (shown := await page.until("transcript_update"))["text"] != "Good evening":
            continue

    assert shown == caption | {"text": "Good evening"}
    entries = await database_sync_to_async(list)(
        AuditEntry.objects.values("action", "conversation")
    )
    assert entries == [{"action": "watch", "conversation": conversation.pk}]


async def test_a_refused_watch_is_not_noted():
    query = f"topic=captions&conversation={NIL}"
    async with opened(Page(query, login=await login_of("operator"))) as page:
        assert (await page.next())["code"] == 4403

    assert await database_sync_to_async(AuditEntry.objects.count)() == 0


async def test_a_socket_that_ends_leaves_no_task_behind():
    before = asyncio.all_tasks()
    for query in TOPICS:
        async with opened(Page(query, login=await login_of("superuser"))) as page:
            await page.next()
        await database_sync_to_async(person_gone)()

    assert asyncio.all_tasks() == before
    assert not consumers.reader().is_working


def person_gone() -> None:
    from conversations.models import User

    User.objects.filter(username="superuser").delete()


def test_the_voice_keeps_all_other_paths():
    matched = [pattern for pattern in websocket_urlpatterns if pattern.resolve("dashboard/live")]
    assert matched[0].callback is consumers.live
    assert websocket_urlpatterns[-1].resolve("anything/else")
