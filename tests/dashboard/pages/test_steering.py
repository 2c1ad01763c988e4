"""The buttons of a running session, as the browser's requests: what they do, what is noted, and
what is said where it cannot be done."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID, uuid4

import pytest
from channels.db import database_sync_to_async
from channels.layers import get_channel_layer
from django.contrib.auth.models import Permission
from django.test import AsyncClient, Client

from conversations import selectors, services
from conversations.context import OWN_MAX, add_note
from conversations.models import AuditEntry, Conversation, User
from dashboard.pages.steering import SAID_MAX
from tests.dashboard.conftest import person
from tests.dashboard.live.states import running
from voice import steering
from voice.live import live_sessions

OWNER = "voice.test.1"


@pytest.fixture(autouse=True)
def in_this_process(settings):
    """As where there is no Redis: the list of running sessions is this process's own."""
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    live_sessions.cache_clear()
    yield
    live_sessions.cache_clear()


def talked() -> Conversation:
    user = person("user")
    assert user
    return services.start_conversation(user.pk, selectors.default_agent().pk)


@asynccontextmanager
async def running_in(conversation: UUID, *, is_running: bool = True) -> AsyncIterator[list[Any]]:
    """A process that says it runs it, and keeps what it was asked."""
    state = running(1, conversation=str(conversation), owner=OWNER)
    await live_sessions().put(state, lifetime_s=60.0)
    asked: list[Any] = []

    async def answer() -> None:
        layer = get_channel_layer()
        while True:
            message = await layer.receive(OWNER)
            asked.append(message)
            await steering.answer(message, is_running=is_running)

    task = asyncio.create_task(answer())
    await asyncio.sleep(0)
    try:
        yield asked
    finally:
        task.cancel()
        await asyncio.wait({task})


async def post(what: str, conversation: UUID, text: str = "") -> tuple[int, str]:
    """As a supervisor."""
    client = AsyncClient()
    await client.aforce_login(await database_sync_to_async(person)("supervisor"))
    answer = await client.post(f"/dashboard/sessions/{conversation}/{what}", {"text": text})
    return answer.status_code, answer.json()["text"]


@database_sync_to_async
def audited() -> list[tuple[str, UUID | None, dict[str, Any]]]:
    return [(one.action, one.conversation, one.detail) for one in AuditEntry.objects.order_by("pk")]


@pytest.mark.django_db(transaction=True)
async def test_words_are_said_and_noted_without_them():
    conversation = (await database_sync_to_async(talked)()).pk
    async with running_in(conversation) as asked:
        status, text = await post("say", conversation, " Good evening. ")

    assert (status, text) == (200, "It is being said.")
    [message] = asked
    assert (message["type"], message["text"]) == ("steering.say", "Good evening.")
    assert await audited() == [("say", conversation, {"characters": 13})]


@pytest.mark.django_db(transaction=True)
async def test_a_conversation_is_ended_and_that_is_noted():
    conversation = (await database_sync_to_async(talked)()).pk
    async with running_in(conversation) as asked:
        status, _ = await post("end", conversation)

    assert (status, asked[0]["type"]) == (200, "steering.end")
    assert await audited() == [("end", conversation, {})]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("what", "detail"), [("say", {"characters": 6}), ("end", {})], ids=["say", "end"]
)
async def test_where_a_server_does_not_answer_it_may_have_been_done_and_that_is_noted(what, detail):
    conversation = (await database_sync_to_async(talked)()).pk
    state = running(1, conversation=str(conversation), owner="voice.dead.1")
    await live_sessions().put(state, lifetime_s=60.0)

    status, text = await post(what, conversation, "Hello.")

    assert (status, "may have been done" in text) == (504, True)
    assert await audited() == [(what, conversation, detail)]


@pytest.mark.django_db
def test_a_note_is_one_line_more_and_the_context_is_all_of_it(client_of):
    conversation, client = talked(), client_of("supervisor")
    address = f"/dashboard/sessions/{conversation.pk}"

    first = client.post(f"{address}/note", {"text": "Be brief."}).json()
    second = client.post(f"{address}/note", {"text": "Speak of the price."}).json()
    saved = {"text": "They are in a hurry.", "seen": second["version"]}
    third = client.post(f"{address}/context", saved).json()
    conversation.refresh_from_db()

    assert first["context"] == "Be brief."
    assert second["context"] == "Be brief.\nSpeak of the price."
    assert (conversation.context, third["version"]) == ("They are in a hurry.", 3)
    changes = AuditEntry.objects.exclude(action="read").order_by("pk")
    noted = [(one.action, one.detail["version"]) for one in changes]
    assert noted == [("note", 1), ("note", 2), ("context", 3)]
    assert "hurry" not in str([one.detail for one in AuditEntry.objects.all()])


@pytest.mark.django_db
def test_what_another_supervisor_told_it_meanwhile_is_not_written_over(client_of):
    conversation, client = talked(), client_of("supervisor")
    address = f"/dashboard/sessions/{conversation.pk}"
    shown = client.get(address).content.decode()
    assert 'name="seen" value="0"' in shown
    add_note(conversation.pk, "Offer a refund.", by=None)

    answer = client.post(f"{address}/context", {"text": "Be brief.", "seen": "0"})

    conversation.refresh_from_db()
    assert (answer.status_code, conversation.context) == (409, "Offer a refund.")
    assert "reload" in answer.json()["text"]
    assert not AuditEntry.objects.filter(action="context").exists()
    assert 'name="seen" value="1"' in client.get(address).content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("seen", [{}, {"seen": ""}, {"seen": "x"}])
def test_a_context_that_replaces_no_version_is_refused(client_of, seen: dict[str, str]):
    conversation, client = talked(), client_of("supervisor")
    fields = {"text": "Be brief."} | seen

    answer = client.post(f"/dashboard/sessions/{conversation.pk}/context", fields)

    conversation.refresh_from_db()
    assert (answer.status_code, conversation.context_version) == (400, 0)


@pytest.mark.django_db
def test_a_look_at_what_a_conversation_is_told_is_noted(client_of):
    conversation, client = talked(), client_of("supervisor")
    address = f"/dashboard/sessions/{conversation.pk}"

    client.get(address)
    client.post(f"{address}/note", {"text": "Be brief."})

    looks = AuditEntry.objects.filter(action="read", conversation=conversation.pk)
    assert [one.detail for one in looks] == [{"what": "context"}] * 2
    assert {one.by_name for one in looks} == {"supervisor"}


@pytest.mark.django_db
def test_who_may_steer_and_not_read_is_shown_no_word_of_the_context(client_of):
    conversation, client = talked(), client_of("staff")
    for name in ("see_health", "steer"):
        permission = Permission.objects.get(codename=name)
        User.objects.get(username="staff").user_permissions.add(permission)
    address = f"/dashboard/sessions/{conversation.pk}"
    add_note(conversation.pk, "Keep this to yourselves.", by=None)

    shown = client.get(address).content.decode()
    answer = client.post(f"{address}/note", {"text": "Be brief."})

    assert "Say this now" in shown
    assert "Keep this" not in shown
    assert 'data-steers="context"' not in shown
    assert (answer.status_code, answer.json().keys()) == (200, {"text", "version"})
    assert not AuditEntry.objects.filter(action="read").exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("what", "text"),
    [("say", " "), ("say", "a" * (SAID_MAX + 1)), ("note", ""), ("context", "a" * (OWN_MAX + 1))],
)
def test_what_cannot_be_taken_is_refused_with_a_sentence(client_of, what: str, text: str):
    conversation, client = talked(), client_of("supervisor")

    fields = {"text": text, "seen": "0"}
    answer = client.post(f"/dashboard/sessions/{conversation.pk}/{what}", fields)

    assert answer.status_code == 400
    assert answer.json()["text"].endswith(".")
    assert AuditEntry.objects.count() == 0


@pytest.mark.django_db
def test_a_conversation_that_never_was_is_not_found(client_of):
    client: Client = client_of("supervisor")

    assert client.post(f"/dashboard/sessions/{uuid4()}/note", {"text": "Hi."}).status_code == 404
    assert client.get(f"/dashboard/sessions/{uuid4()}").status_code == 404


@pytest.mark.django_db
def test_an_operator_sees_the_frame_and_neither_words_nor_buttons(client_of):
    conversation = talked()
    services_text = "Keep this to yourselves."
    Conversation.objects.filter(pk=conversation.pk).update(context=services_text)

    shown = client_of("operator").get(f"/dashboard/sessions/{conversation.pk}").content.decode()
    to_supervisors = client_of("supervisor").get(f"/dashboard/sessions/{conversation.pk}").content

    assert services_text not in shown
    assert "Say this now" not in shown
    assert 'id="captions"' not in shown
    assert services_text in to_supervisors.decode()
