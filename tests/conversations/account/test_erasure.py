"""Deleting is real: afterwards the words are looked for in everything that the database holds."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from time import monotonic

import pytest
from django.contrib.admin.models import LogEntry
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from conversations import services, tokens
from conversations.account import erasure
from conversations.models import (
    CachedReply,
    ContextChange,
    Conversation,
    Memory,
    Passage,
    Rollup,
    Turn,
    User,
)
from tests.conversations.account import belongings
from tests.conversations.account.dump import dump
from tests.conversations.conftest import PASSWORD, answered, said

Starter = Callable[[User], Conversation]


def jobs() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs")
        return int(cursor.fetchone()[0])


@pytest.fixture
def quokka(db: None) -> User:
    """Everything of theirs begins with their name, which nothing else does."""
    user = User.objects.create_user(
        "quokka",
        email="quokka@example.org",
        password=PASSWORD,
        first_name="quokkafirst",
        key_terms="quokkaterm",
        is_staff=True,
    )
    conversation = belongings.conversation_of(user, "quokka", cached_for=user)
    source = conversation.utterances.get(role=Turn.Role.USER)
    new = belongings.fact(user, "my dog is called quokkanew", source=source)
    belongings.fact(user, "my dog is called quokkaold", superseded_by=new)
    return user


@pytest.fixture
def ruler(db: None) -> User:
    return User.objects.create_superuser("ruler", password=PASSWORD)


def test_what_they_cost_is_nobodys_any_more(quokka: User, bob: User) -> None:
    for user in (quokka, bob):
        spent = {"name": "cost_by_user", "label": str(user.pk), "count": 1, "total": 0.5}
        Rollup.objects.create(span_s=60, at=timezone.now(), **spent)

    erasure.delete_account(quokka.pk)

    assert [row.label for row in Rollup.objects.all()] == [str(bob.pk)]


# --- the account ----------------------------------------------------------------------------------
def test_nothing_of_a_deleted_account_is_left_in_the_database(quokka: User, ruler: User) -> None:
    for row in (quokka, quokka.conversations.get(), *quokka.memories.all()):
        belongings.edited_in_admin(row, by=ruler)
    belongings.edited_in_admin(ruler, by=quokka)
    services.update_context(
        quokka.conversations.get().agent_id, by=quokka.pk, changes={"voice": "x"}
    )
    client, elsewhere = Client(), Client()
    for browser in (client, elsewhere):
        browser.force_login(quokka)
        session = browser.session
        session["note"] = "quokkanote"
        session.save()
    assert dump().count("quokka") > 20
    assert "quokkanote" in dump()

    response = client.post(reverse("account_delete"), {"password": PASSWORD}, follow=True)

    assert "Your account is deleted" in response.content.decode()
    assert "quokka" not in dump().lower()
    assert jobs() == 0
    assert ContextChange.objects.get().by is None
    entries = LogEntry.objects.select_related("content_type")
    assert {entry.user for entry in entries} == {ruler}
    assert {entry.content_type.model for entry in entries} == {"conversation", "memory"}


def test_everybody_else_keeps_everything(quokka: User, bob: User) -> None:
    others = jobs()
    conversation = belongings.conversation_of(bob, "bob", cached_for=None)
    belongings.fact(bob, "my cat is called bobcat")
    his = jobs() - others
    client = Client()
    client.force_login(bob)

    erasure.delete_account(quokka.pk)

    assert client.get(reverse("conversations")).status_code == 200
    assert Turn.objects.filter(conversation=conversation).count() == 2
    assert Memory.objects.filter(user=bob).count() == 1
    assert Passage.objects.filter(user=bob).count() == 2
    assert CachedReply.objects.count() == 1
    assert jobs() == his > 0


def test_a_deleted_account_is_logged_in_nowhere(quokka: User) -> None:
    elsewhere = Client()
    elsewhere.force_login(quokka)
    token = tokens.issue(quokka)

    erasure.delete_account(quokka.pk)

    assert elsewhere.get(reverse("conversations")).status_code == 302
    assert tokens.is_revoked(token)
    assert tokens.user_of(token) is None


def test_what_is_recorded_late_finds_no_conversation(quokka: User) -> None:
    conversation = quokka.conversations.get()
    erasure.delete_account(quokka.pk)

    with pytest.raises(Conversation.DoesNotExist):
        said(conversation, 2, "quokkalate")
    with pytest.raises(Conversation.DoesNotExist):
        answered(conversation, 2, "quokkalate", reply=2)
    services.end_conversation(conversation.pk)
    services.keep_pause(quokka.pk, 0.7)


@pytest.mark.parametrize("password", ["", "guessed"])
def test_an_account_is_deleted_with_its_password_only(
    as_alice: Client, alice: User, password: str
) -> None:
    response = as_alice.post(reverse("account_delete"), {"password": password})

    assert response.status_code == 200
    assert 'aria-invalid="true"' in response.content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


def test_guessing_the_password_to_delete_an_account_is_stopped(
    as_alice: Client, alice: User
) -> None:
    for _ in range(10):
        as_alice.post(reverse("account_delete"), {"password": "guessed"})

    response = as_alice.post(reverse("account_delete"), {"password": PASSWORD})

    assert "Too many failed attempts" in response.content.decode()
    assert User.objects.filter(pk=alice.pk).exists()


def test_somebody_must_be_left_who_may_do_everything(client: Client, ruler: User) -> None:
    User.objects.create_superuser("gone", password=PASSWORD, is_active=False)
    client.force_login(ruler)

    page = client.get(reverse("account_delete"))
    client.post(reverse("account_delete"), {"password": PASSWORD})

    assert "You are the only superuser who can log in." in page.content.decode()
    assert "<form class" not in page.content.decode()
    with pytest.raises(erasure.LastSuperuser):
        erasure.delete_account(ruler.pk)
    assert User.objects.filter(pk=ruler.pk).exists()


def test_one_of_two_superusers_may_go(ruler: User) -> None:
    other = User.objects.create_superuser("other", password=PASSWORD)

    erasure.delete_account(other.pk)

    assert list(User.objects.all()) == [ruler]


def test_the_page_says_what_goes(quokka: User, client: Client) -> None:
    client.force_login(quokka)

    page = client.get(reverse("account_delete")).content.decode()

    for part in ("the account quokka", "1 conversation,", "1 fact about you, and 1 earlier one"):
        assert part in page
    for part in ("2 past turns", "1 summary", "1 cached answer", "without your name"):
        assert part in page


# --- one fact, and everything ---------------------------------------------------------------------
def test_a_forgotten_fact_is_left_in_the_transcript_only(quokka: User, ruler: User) -> None:
    conversation = quokka.conversations.get()
    Turn.objects.filter(role=Turn.Role.USER).update(text="my dog is called quokkanew")
    Conversation.objects.update(title="", summary="")
    belongings.edited_in_admin(new := quokka.memories.get(superseded_by=None), by=ruler)
    client = Client()
    client.force_login(quokka)

    page = client.get(reverse("memory_forget", args=[new.pk])).content.decode()
    client.post(reverse("memory_forget", args=[new.pk]))

    assert "The conversation itself keeps the words" in page
    assert reverse("conversation", args=[conversation.pk]) in page
    assert "quokkaold" not in dump()
    assert dump().count("quokkanew") == 1
    assert Turn.objects.get(text="my dog is called quokkanew").is_forgotten


def test_forgetting_everything_leaves_the_conversations_to_read(quokka: User) -> None:
    client = Client()
    client.force_login(quokka)

    client.post(reverse("memory_forget_everything"))

    left = dump()
    for word in ("new", "old", "summary", "question", "cached", "sentence"):
        assert f"quokka{word}" not in left
    assert "quokkadog" in left
    assert not Passage.objects.exists()


# --- one conversation -----------------------------------------------------------------------------
def test_nothing_of_a_deleted_conversation_is_left_in_the_database(
    alice: User, as_alice: Client, ruler: User
) -> None:
    conversation = belongings.conversation_of(alice, "quokka")
    source = conversation.utterances.get(role=Turn.Role.USER)
    learnt = belongings.fact(alice, "my dog is called quokkadog", source=source, confidence=0.8)
    for row in (conversation, learnt):
        belongings.edited_in_admin(row, by=ruler)
    url = reverse("conversation_delete", args=[conversation.pk])

    page = as_alice.get(url).content.decode()
    response = as_alice.post(url, {"with_facts": "on"})

    assert 'name="with_facts" id="id_with_facts" checked' in page
    assert "my dog is called quokkadog" in page
    assert response.url == reverse("conversations")
    as_alice.get(response.url)  # shows the message that names it
    assert "quokka" not in dump()
    assert jobs() == 0


def test_what_was_learnt_from_a_conversation_may_stay(alice: User, as_alice: Client) -> None:
    conversation = belongings.conversation_of(alice, "quokka")
    source = conversation.utterances.get(role=Turn.Role.USER)
    belongings.fact(alice, "my dog is called quokkadog", source=source)

    as_alice.post(reverse("conversation_delete", args=[conversation.pk]), {})

    assert alice.memories.get().text == "my dog is called quokkadog"
    assert alice.memories.get().source is None


def test_what_a_deleted_conversation_had_replaced_holds_again(alice: User, start: Starter) -> None:
    """Unless something else has replaced it since, however long the chain was."""
    conversation = belongings.conversation_of(alice, "quokka")
    source = conversation.utterances.get(role=Turn.Role.USER)
    last = belongings.fact(alice, "I live in Rome")
    third = belongings.fact(alice, "I live in Oslo", source=source, superseded_by=last)
    second = belongings.fact(alice, "I live in Bern", source=source, superseded_by=third)
    first = belongings.fact(alice, "I live in Graz", superseded_by=second)
    blue = belongings.fact(alice, "I like blue", source=source)
    green = belongings.fact(alice, "I like green", superseded_by=blue)

    erasure.delete_conversation(conversation.pk, with_facts=True)

    left = {fact.pk: fact.superseded_by_id for fact in alice.memories.all()}
    assert left == {last.pk: None, first.pk: last.pk, green.pk: None}


def test_a_job_at_work_is_left_to_end_by_itself(quokka: User) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE procrastinate_jobs SET status = 'doing' WHERE task_name = 'distil'")

    erasure.delete_account(quokka.pk)

    assert jobs() == 1


# --- at the same moment ---------------------------------------------------------------------------
def waiting_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT EXISTS (SELECT FROM pg_stat_activity"
            " WHERE datname = current_database() AND wait_event_type = 'Lock')"
        )
        return bool(cursor.fetchone()[0])


@pytest.mark.django_db(transaction=True)
def test_what_is_recorded_while_the_account_is_deleted_goes_with_it(quokka: User) -> None:
    conversation = quokka.conversations.get()

    def delete() -> None:
        try:
            erasure.delete_account(quokka.pk)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as threads:
        with transaction.atomic():
            said(conversation, 2, "quokkalast")
            belongings.passage_of(conversation.utterances.get(number=2), quokka)
            deleting = threads.submit(delete)
            deadline = monotonic() + 10
            while not waiting_for_a_lock() and monotonic() < deadline:
                pass
            assert waiting_for_a_lock()
        deleting.result(timeout=10)

    assert "quokka" not in dump()
