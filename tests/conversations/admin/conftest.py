"""A superuser, an operator and a supervisor, each with a browser of their own."""

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from conversations.models import User
from conversations.roles import OPERATOR, SUPERVISOR
from tests.conversations.conftest import PASSWORD


def page(model: type, view: str = "changelist", *args: object) -> str:
    return reverse(f"admin:conversations_{model.__name__.lower()}_{view}", args=args)


def _in_group(name: str, group: str) -> Client:
    user = User.objects.create_user(name, password=PASSWORD, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def chief(db: None) -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("chief", password=PASSWORD))
    return client


@pytest.fixture
def operator(db: None) -> Client:
    return _in_group("olga", OPERATOR)


@pytest.fixture
def supervisor(db: None) -> Client:
    return _in_group("sam", SUPERVISOR)
