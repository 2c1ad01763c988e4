"""Alice and Bob, who each have a conversation of their own."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.test import Client

from conversations import embeddings, selectors, services
from conversations.models import Conversation, User
from tests.conversations.beside import connected_threads

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PASSWORD = "correct horse battery staple"


def at(seconds: float) -> datetime:
    """A moment that many seconds after noon on the first of March 2026, UTC."""
    return NOON + timedelta(seconds=seconds)


def said(conversation: Conversation, number: int, text: str, *, seconds: float = 0) -> None:
    """The user spoke for two seconds."""
    services.record_user_turn(
        conversation.pk,
        number,
        text=text,
        source="spoken",
        started_at=at(seconds),
        ended_at=at(seconds + 2),
    )


def answered(
    conversation: Conversation,
    number: int,
    text: str,
    *,
    reply: int = 1,
    seconds: float = 3,
    interrupted: bool = False,
) -> None:
    """The assistant spoke for two seconds."""
    services.record_reply(
        conversation.pk,
        number,
        reply=reply,
        text=text,
        source="model",
        interrupted=interrupted,
        started_at=at(seconds),
        ended_at=at(seconds + 2),
        metrics={"total_ms": 700},
    )


@pytest.fixture(autouse=True)
def _quick_passwords(settings: LazySettings) -> None:
    """The real hashes take a third of a second each, on purpose."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.fixture(autouse=True)
def _nobody_tried_to_log_in() -> None:
    cache.clear()


@pytest.fixture
def alice(db: None) -> User:
    return User.objects.create_user("alice", password=PASSWORD, time_zone="Europe/Berlin")


@pytest.fixture
def bob(db: None) -> User:
    return User.objects.create_user("bob", password=PASSWORD)


@pytest.fixture
def start(db: None) -> Callable[[User], Conversation]:
    """Starts a conversation of somebody with the default agent."""
    agent = selectors.default_agent()
    return lambda user: services.start_conversation(user.pk, agent.pk)


@pytest.fixture
def hers(alice: User, start: Callable[[User], Conversation]) -> Conversation:
    return start(alice)


@pytest.fixture
def his(bob: User, start: Callable[[User], Conversation]) -> Conversation:
    return start(bob)


@pytest.fixture
def as_alice(alice: User) -> Client:
    client = Client()
    client.force_login(alice)
    return client


@pytest.fixture
def warm() -> None:
    embeddings.warm_up()


@pytest.fixture
def cold() -> Iterator[None]:
    """The model is not loaded yet, as in the first seconds after a start."""
    embeddings.unload()
    yield
    embeddings.unload()


@pytest.fixture
def beside() -> Iterator[ThreadPoolExecutor]:
    """Four threads with database connections of their own."""
    with connected_threads() as threads:
        yield threads
