"""The staff, by what they may do."""

from collections.abc import Callable

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from conversations.models import User

ROLES = ("nobody", "user", "staff", "operator", "supervisor", "no staff", "former", "superuser")
"""staff: of no group. no staff: a supervisor who is not of the staff any more. former: a supervisor
whose account is not active."""


def person(role: str) -> User | None:
    """Somebody in this role; None for nobody at all."""
    if role == "nobody":
        return None
    user = User.objects.create_user(
        role.replace(" ", "-"),
        is_staff=role not in ("user", "no staff"),
        is_superuser=role == "superuser",
        is_active=role != "former",
    )
    group = {"operator": "operator"}.get(role, "supervisor")
    if role in ("operator", "supervisor", "no staff", "former"):
        user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def client_of(db: None) -> Callable[[str], Client]:
    """A client that is logged in as somebody in this role."""

    def made(role: str) -> Client:
        client, user = Client(), person(role)
        if user is not None:
            client.force_login(user)
        return client

    return made
