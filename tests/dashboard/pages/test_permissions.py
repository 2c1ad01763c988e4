"""Every address of the dashboard × everybody there is. What has no line here fails."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from conversations import selectors, services
from conversations.models import AuditEntry, Conversation, User
from dashboard.pages.urls import urlpatterns
from tests.dashboard.conftest import ROLES
from voice import wiring
from voice.live import live_sessions

HEALTH = {"operator", "supervisor", "superuser"}
WORDS = {"supervisor", "superuser"}
OK, REFUSED, GONE, MISSING, LOG_IN = 200, 403, 409, 404, 302


@dataclass(frozen=True)
class Line:
    allowed: set[str]
    answer: int = OK
    """To those who may."""
    fields: dict[str, str] | None = None
    """Of a POST; None for a page."""
    arguments: tuple[str, ...] = field(default=("conversation",))


TABLE = {
    "dashboard": Line(HEALTH, arguments=()),
    "dashboard_sessions": Line(HEALTH, arguments=()),
    "dashboard_session": Line(HEALTH),
    "dashboard_applied": Line(HEALTH, arguments=("agent",)),
    "dashboard_provider": Line(HEALTH, fields={"state": "open"}, arguments=("stage", "name")),
    "dashboard_conversation": Line(WORDS),
    "dashboard_flight": Line(WORDS, MISSING, arguments=("conversation", "conversation")),
    "dashboard_say": Line(WORDS, GONE, fields={"text": "Hello."}),
    "dashboard_end": Line(WORDS, GONE, fields={}),
    "dashboard_note": Line(WORDS, fields={"text": "Be brief."}),
    "dashboard_context": Line(WORDS, fields={"text": "They are in a hurry.", "seen": "0"}),
}
NOBODY_IN = {"nobody", "former"}
"""A login that does not hold any more is none."""


@pytest.fixture(autouse=True)
def nobody_talks(settings) -> Iterator[None]:
    """No Redis, no vendors: what is running is asked for within this process."""
    settings.REDIS_URL = ""
    settings.STT_CHAIN = settings.LLM_CHAIN = settings.TTS_CHAIN = ["offline"]
    live_sessions.cache_clear()
    wiring.providers.cache_clear()
    yield
    live_sessions.cache_clear()
    wiring.providers.cache_clear()


@pytest.fixture
def conversation(db: None) -> Conversation:
    somebody = User.objects.create_user("somebody")
    return services.start_conversation(somebody.pk, selectors.default_agent().pk)


def address(name: str, conversation: Conversation) -> str:
    values = {
        "conversation": conversation.pk,
        "agent": conversation.agent_id,
        "stage": "llm",
        "name": "offline",
    }
    return reverse(name, args=[values[argument] for argument in TABLE[name].arguments])


def ask(client: Client, name: str, conversation: Conversation) -> int:
    url, fields = address(name, conversation), TABLE[name].fields
    answer = client.get(url) if fields is None else client.post(url, fields)
    return answer.status_code


def test_the_table_has_every_address():
    assert {pattern.name for pattern in urlpatterns} == TABLE.keys()


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("name", TABLE)
def test_who_may(
    name: str, role: str, client_of: Callable[[str], Client], conversation: Conversation
):
    line = TABLE[name]
    expected = line.answer if role in line.allowed else LOG_IN if role in NOBODY_IN else REFUSED

    assert ask(client_of(role), name, conversation) == expected


@pytest.mark.parametrize("name", [name for name in TABLE if TABLE[name].fields is not None])
def test_what_changes_something_is_no_get(
    name: str, client_of: Callable[[str], Client], conversation: Conversation
):
    assert client_of("superuser").get(address(name, conversation)).status_code == 405


@pytest.mark.parametrize("name", [name for name in TABLE if TABLE[name].fields is not None])
def test_what_changes_something_needs_the_token_of_the_page(name: str, conversation: Conversation):
    client = Client(enforce_csrf_checks=True)
    client.force_login(User.objects.create_superuser("root"))

    assert ask(client, name, conversation) == 403


def test_who_is_no_supervisor_any_more_may_not_from_then_on(
    client_of: Callable[[str], Client], conversation: Conversation
):
    client = client_of("supervisor")
    assert ask(client, "dashboard_note", conversation) == OK

    Group.objects.get(name="supervisor").user_set.clear()

    assert ask(client, "dashboard_note", conversation) == REFUSED


def test_a_refusal_leaves_no_trace(client_of: Callable[[str], Client], conversation: Conversation):
    operator = client_of("operator")
    for name in ("dashboard_conversation", "dashboard_note", "dashboard_context"):
        ask(operator, name, conversation)

    conversation.refresh_from_db()
    assert (conversation.context, AuditEntry.objects.count()) == ("", 0)
