"""People of every role, each with a client that comes in with a token, and a running session."""

from collections.abc import Callable, Iterator
from time import time
from uuid import UUID

import pytest
from asgiref.sync import async_to_sync
from django.conf import LazySettings
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from conversations import selectors, services, tokens
from conversations.models import Conversation, User
from conversations.roles import OPERATOR, SUPERVISOR
from voice import wiring
from voice.live import LiveState, live_sessions

PASSWORD = "correct horse battery staple"


@pytest.fixture(autouse=True)
def alone(settings: LazySettings) -> Iterator[None]:
    """No limit, no log-in counted, nothing loaded, and what processes share is of this one."""
    settings.API_RATE = ""
    settings.REDIS_URL = ""
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    for part in (live_sessions, wiring.providers, wiring.detector, wiring.switchboard):
        part.cache_clear()
    cache.clear()
    yield
    for part in (live_sessions, wiring.providers, wiring.detector, wiring.switchboard):
        part.cache_clear()


@pytest.fixture
def user(db: None) -> User:
    return User.objects.create_user("ursula", password=PASSWORD, time_zone="Europe/Berlin")


@pytest.fixture
def other(db: None) -> User:
    return User.objects.create_user("otto", password=PASSWORD)


@pytest.fixture
def operator(db: None) -> User:
    return of_the_staff("olga", OPERATOR)


@pytest.fixture
def supervisor(db: None) -> User:
    return of_the_staff("susan", SUPERVISOR)


@pytest.fixture
def superuser(db: None) -> User:
    return User.objects.create_superuser("root", password=PASSWORD)


def of_the_staff(name: str, group: str) -> User:
    person = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    person.groups.add(Group.objects.get(name=group))
    return person


def comes_in(person: User | None) -> Client:
    """With a token, as clients without a browser do."""
    if person is None:
        return Client()
    return Client(headers={"Authorization": f"Bearer {tokens.issue(person)}"})


@pytest.fixture
def talk(user: User) -> Conversation:
    """The user's."""
    return services.start_conversation(user.pk, selectors.default_agent().pk)


Runs = Callable[[Conversation], UUID]


@pytest.fixture
def runs(db: None) -> Runs:
    """Has a session of a conversation run, as far as others can see; returns its id."""

    def run(conversation: Conversation, **differs: object) -> UUID:
        session = services.open_session(conversation.pk, providers={}, client="")
        values = {
            "conversation": str(conversation.pk),
            "session": str(session.pk),
            "user": conversation.user_id,
            "user_name": conversation.user.get_username(),
            "agent": conversation.agent.slug,
            "agent_id": conversation.agent_id,
            "owner": "voice.elsewhere",
            "phase": "hearing",
            "context_version": conversation.agent.version,
            "since": time(),
            "is_connected": True,
        }
        state = LiveState(**values | differs)
        async_to_sync(live_sessions().put)(state, lifetime_s=60.0)
        return session.pk

    return run


@pytest.fixture
def session(talk: Conversation, runs: Runs) -> UUID:
    """The user's, which runs."""
    return runs(talk)
