"""The cache in the admin: what it is used for, and how it is emptied."""

import pytest
from django.test import Client
from django.urls import reverse

from conversations import cache
from conversations.models import Agent, CachedReply, User
from tests.conversations.cache.answers import QUESTION, keep, spoken

LIST = "admin:conversations_cachedreply_changelist"
PURGE = "admin:conversations_cachedreply_purge"


@pytest.fixture
def chief(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chief"))
    return client


def test_the_list_shows_hits_age_and_how_long_the_sound_is(chief, hers):
    entry = keep(hers)
    cache.keep_audio(entry, spoken(pcm=b"\x01\x02" * 24_000))
    cache.keep_audio(entry, spoken("another", pcm=b"\x01\x02" * 12_000))
    cache.count_hit(entry)

    shown = chief.get(reverse(LIST)).content.decode()

    assert QUESTION in shown
    assert "1.5 s" in shown
    assert "0\xa0minutes" in shown


def test_one_answer_is_shown_without_its_sound_and_can_be_deleted(chief, hers):
    entry = keep(hers)
    cache.keep_audio(entry, spoken())

    assert chief.get(reverse("admin:conversations_cachedreply_change", args=[entry])).status_code

    deleting = reverse("admin:conversations_cachedreply_delete", args=[entry])
    chief.post(deleting, {"post": "yes"})
    assert not CachedReply.objects.exists()


def test_purging_asks_first(chief, hers):
    keep(hers)

    asked = chief.get(reverse(PURGE)).content.decode()

    assert "Forget cached answers?" in asked
    assert CachedReply.objects.count() == 1


def test_all_or_those_of_one_agent_are_purged(chief, hers):
    other = Agent.objects.create(name="Other", slug="other")
    keep(hers)

    chief.post(reverse(PURGE), {"_form_submitted": "on", "agent": other.pk})
    assert CachedReply.objects.count() == 1

    answer = chief.post(reverse(PURGE), {"_form_submitted": "on", "agent": hers.agent_id})
    assert not CachedReply.objects.exists()
    assert answer.headers["HX-Redirect"] == reverse(LIST)

    keep(hers, number=2)
    chief.post(reverse(PURGE), {"_form_submitted": "on", "agent": ""})
    assert not CachedReply.objects.exists()


def test_who_may_not_delete_may_not_purge(hers):
    keep(hers)
    client = Client()
    client.force_login(User.objects.create_user("clerk", is_staff=True))

    client.post(reverse(PURGE), {"_form_submitted": "on", "agent": ""})

    assert CachedReply.objects.count() == 1
