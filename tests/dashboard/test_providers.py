import pytest
from django.test import Client

from conversations.models import User
from voice import wiring


@pytest.fixture(autouse=True)
def offline(settings):
    """The chains of a machine without a key."""
    wiring.providers.cache_clear()
    settings.STT_CHAIN = settings.LLM_CHAIN = settings.TTS_CHAIN = ["offline"]
    yield wiring.providers()
    wiring.providers.cache_clear()


@pytest.mark.django_db
def test_anybody_sees_who_serves_and_who_is_well():
    shown = Client().get("/providers").json()

    assert shown == {
        "stt": [{"name": "offline", "state": "closed"}],
        "llm": [{"name": "offline", "state": "closed"}],
        "tts": [{"name": "offline", "state": "closed"}],
        "search": [],
    }


@pytest.mark.django_db
def test_staff_see_how_each_has_been_doing(offline):
    offline.members["llm"][0].vitals.open_by_hand()
    client = Client()
    client.force_login(User.objects.create_user("ada", is_staff=True))

    [member] = client.get("/providers").json()["llm"]

    assert (member["state"], member["reason"]) == ("open", "by hand")
    assert member.keys() >= {"serves", "answers", "failures", "hedges", "first_item_p95_ms"}


@pytest.mark.django_db
def test_a_person_who_is_no_staff_sees_no_more_than_anybody():
    client = Client()
    client.force_login(User.objects.create_user("bob"))

    assert client.get("/providers").json()["llm"] == [{"name": "offline", "state": "closed"}]
