import pytest

from conversations.models import User
from voice.store import Person


@pytest.fixture
def alice(transactional_db: None) -> Person:
    """Sessions write from threads of their own, so what they write is really committed."""
    return _person("alice")


@pytest.fixture
def bob(transactional_db: None) -> Person:
    return _person("bob")


def _person(name: str) -> Person:
    user = User.objects.create_user(name)
    return Person(user.pk, name, "UTC")
