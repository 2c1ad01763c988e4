"""The admin: everything can be looked at, what was said can't be changed, and lists stay quick."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.sessions.models import Session as Login
from django.test import Client
from django.urls import reverse

from conversations import audit, selectors, services
from conversations.models import (
    EMBEDDING_DIMENSIONS,
    Agent,
    ApiLogin,
    AuditEntry,
    CachedReply,
    ContextChange,
    Conversation,
    Memory,
    Session,
    Turn,
    User,
)
from tests.conversations.admin.conftest import page
from tests.conversations.conftest import PASSWORD, answered, at, said

MODELS = (
    User,
    Agent,
    Conversation,
    Session,
    Turn,
    Memory,
    CachedReply,
    ContextChange,
    AuditEntry,
    ApiLogin,
)
READ_ONLY = (Session, Turn, ContextChange, AuditEntry)


@pytest.fixture
def much(alice: User, start: Callable[[User], Conversation]) -> None:
    """Several rows of everything, each with owners of its own."""
    for number in range(1, 13):
        user = User.objects.create_user(f"user{number}")
        agent = Agent.objects.create(name=f"Agent {number}", slug=f"agent-{number}")
        conversation = services.start_conversation(user.pk, agent.pk)
        services.open_session(conversation.pk, providers={}, client="A browser")
        said(conversation, 1, f"needle {number}")
        answered(conversation, 1, "Found.")
        services.remember(user.pk, f"needle {number}")
        services.update_context(agent.pk, by=user.pk, changes={"instructions": "Find needles."})
        CachedReply.objects.create(
            agent=agent,
            agent_version=1,
            language="en",
            model_family="offline",
            user=user,
            question=f"needle {number}",
            answer="Found.",
            expires_at=at(0),
            embedding=[0.0] * EMBEDDING_DIMENSIONS,
        )
        audit.note(user, "read", conversation=conversation.pk, agent_id=agent.pk)
        ApiLogin.objects.create(user=user, digest="0", expires_at=at(0))


@pytest.mark.parametrize("model", MODELS)
def test_a_list_takes_no_query_per_row(
    chief: Client, much: None, model: type, django_assert_max_num_queries: Any
) -> None:
    with django_assert_max_num_queries(14):
        response = chief.get(page(model))

    assert response.status_code == 200


@pytest.mark.parametrize("model", MODELS)
def test_every_list_can_be_searched(chief: Client, much: None, model: type) -> None:
    response = chief.get(page(model), {"q": "nothing like it"})

    assert response.status_code == 200
    assert response.context["cl"].result_count == 0


def test_conversations_are_found_by_what_was_said(chief: Client, much: None) -> None:
    response = chief.get(page(Conversation), {"q": "needle 3"})

    assert [row.user.username for row in response.context["cl"].result_list] == ["user3"]


@pytest.mark.parametrize("model", MODELS)
def test_every_row_can_be_opened(chief: Client, much: None, model: Any) -> None:
    response = chief.get(page(model, "change", model.objects.last().pk))

    assert response.status_code == 200


@pytest.mark.parametrize("model", READ_ONLY)
def test_records_can_only_be_read(chief: Client, much: None, model: Any) -> None:
    row = model.objects.last()

    assert chief.get(page(model, "add")).status_code == 403
    assert chief.post(page(model, "change", row.pk), {}).status_code == 403
    assert chief.post(page(model, "delete", row.pk), {"post": "yes"}).status_code == 403
    assert model.objects.filter(pk=row.pk).exists()


def test_a_conversation_shows_its_turns_for_reading(chief: Client, hers: Conversation) -> None:
    said(hers, 1, "what's the time?")

    response = chief.get(page(Conversation, "change", hers.pk))

    [inline] = response.context["inline_admin_formsets"]
    assert "what&#x27;s the time?" in response.content.decode()
    assert not any([inline.has_add_permission, inline.has_change_permission])


@pytest.mark.parametrize("model", [Conversation, User, Agent])
def test_what_was_said_goes_with_what_it_belongs_to(chief: Client, much: None, model: Any) -> None:
    row = model.objects.exclude(pk=selectors.default_agent().pk).last()
    if model is Agent:  # has conversations, which protect it
        Conversation.objects.all().delete()

    chief.post(page(model, "delete", row.pk), {"post": "yes"})

    assert not model.objects.filter(pk=row.pk).exists()


def test_the_last_who_may_do_everything_stays(chief: Client, alice: User) -> None:
    last = User.objects.get(username="chief")
    both = {"action": "delete_selected", "_selected_action": [last.pk, alice.pk], "post": "yes"}

    assert chief.post(page(User, "delete", last.pk), {"post": "yes"}).status_code == 403
    assert chief.post(page(User), both).status_code == 403
    assert User.objects.count() == 2


def test_several_users_are_deleted_at_once(chief: Client, alice: User, bob: User) -> None:
    both = {"action": "delete_selected", "_selected_action": [bob.pk, alice.pk], "post": "yes"}

    chief.post(page(User), both)

    assert [user.username for user in User.objects.all()] == ["chief"]


def test_a_user_deleted_in_the_admin_leaves_no_login_behind(chief: Client, alice: User) -> None:
    Client().force_login(alice)

    chief.post(page(User, "delete", alice.pk), {"post": "yes"})

    logins = [login.get_decoded()["_auth_user_id"] for login in Login.objects.all()]
    assert str(alice.pk) not in logins


def test_the_default_agent_can_not_be_deleted(chief: Client) -> None:
    agent = selectors.default_agent()

    assert chief.post(page(Agent, "delete", agent.pk), {"post": "yes"}).status_code == 403


def test_a_new_agent_begins_with_version_one(chief: Client) -> None:
    form = {
        "name": "Pirate",
        "slug": "pirate",
        "language": "en",
        "patience": "quick",
        "speaks_first": "assistant",
        "temperature": 0.7,
        "reply_tokens_max": 150,
        "turns_kept": 10,
    }

    chief.post(page(Agent, "add"), form)

    assert selectors.agent_by_slug("pirate").version == 1


def test_two_agents_do_not_become_the_default(chief: Client) -> None:
    before = selectors.default_agent()
    pirate = Agent.objects.create(name="Pirate", slug="pirate")

    chief.post(page(Agent), {"action": "make_default", "_selected_action": [before.pk, pirate.pk]})

    assert selectors.default_agent() == before


def test_a_users_password_can_be_set(chief: Client, alice: User) -> None:
    new = "staple battery horse correct"
    url = reverse("admin:auth_user_password_change", args=[alice.pk])

    response = chief.post(url, {"password1": new, "password2": new, "usable_password": "true"})

    alice.refresh_from_db()
    assert response.status_code == 302
    assert alice.check_password(new)


def test_a_users_time_zone_has_to_be_one(chief: Client, alice: User) -> None:
    form = {
        "username": "alice",
        "time_zone": "Mars",
        "date_joined_0": "2026-01-01",
        "date_joined_1": "00:00",
    }

    response = chief.post(page(User, "change", alice.pk), form)
    assert "is not a time zone" in response.content.decode()

    chief.post(page(User, "change", alice.pk), form | {"time_zone": "Asia/Tokyo"})
    alice.refresh_from_db()
    assert alice.time_zone == "Asia/Tokyo"


def test_a_user_can_be_added(chief: Client) -> None:
    chief.post(
        page(User, "add"),
        {
            "username": "dora",
            "password1": PASSWORD,
            "password2": PASSWORD,
            "usable_password": "true",
        },
    )

    assert User.objects.get(username="dora").check_password(PASSWORD)


def test_a_corrected_memory_loses_its_old_meaning(chief: Client, alice: User) -> None:
    fact = Memory.objects.create(user=alice, text="old", embedding=[1.0] + [0.0] * 383)

    chief.post(
        page(Memory, "change", fact.pk),
        {"user": alice.pk, "text": "new", "confidence": 1},
    )

    fact.refresh_from_db()
    assert fact.text == "new"
    assert fact.embedding is None or fact.embedding[0] != 1.0


def test_somebody_who_is_not_staff_stays_out(as_alice: Client) -> None:
    assert as_alice.get(page(Turn)).status_code == 302


def test_everything_we_store_is_in_the_admin() -> None:
    assert all(admin.site.is_registered(model) for model in MODELS)
