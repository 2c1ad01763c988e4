"""The two groups that every site begins with."""

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command

from conversations.models import User
from conversations.roles import (
    GROUPS,
    OPERATOR,
    READ_WORDS,
    SEE_HEALTH,
    STEER,
    SUPERVISOR,
    SWITCH_PROVIDERS,
)


def member(name: str, group: str) -> User:
    user = User.objects.create_user(name, is_staff=True)
    user.groups.add(Group.objects.get(name=group))
    return user


def test_an_operator_sees_how_it_goes_and_no_words(db: None) -> None:
    operator = member("olga", OPERATOR)

    assert operator.has_perms([SEE_HEALTH, SWITCH_PROVIDERS, "conversations.view_agent"])
    assert not operator.has_perm(READ_WORDS)
    assert not operator.has_perm(STEER)


def test_a_supervisor_may_do_all_four(db: None) -> None:
    supervisor = member("sam", SUPERVISOR)

    assert supervisor.has_perms([SEE_HEALTH, SWITCH_PROVIDERS, READ_WORDS, STEER])
    assert supervisor.has_perms(["conversations.change_agent", "conversations.view_turn"])


def test_no_group_may_change_people_or_delete(db: None) -> None:
    granted = set(GROUPS[OPERATOR]) | set(GROUPS[SUPERVISOR])

    assert not [each for each in granted if "delete" in each or "user" in each]


def test_a_group_that_somebody_changed_is_left_alone(db: None) -> None:
    group = Group.objects.get(name=SUPERVISOR)
    group.permissions.remove(Permission.objects.get(codename="steer"))

    call_command("migrate", verbosity=0)

    assert not group.permissions.filter(codename="steer").exists()
    assert group.permissions.filter(codename="read_words").exists()


def test_a_group_that_is_gone_is_made_again(db: None) -> None:
    Group.objects.get(name=OPERATOR).delete()

    call_command("migrate", verbosity=0)

    group = Group.objects.get(name=OPERATOR)
    assert group.permissions.count() == len(GROUPS[OPERATOR])


@pytest.mark.parametrize("name", [OPERATOR, SUPERVISOR])
def test_a_fresh_site_grants_all_that_is_written_down(db: None, name: str) -> None:
    granted = Group.objects.get(name=name).permissions.select_related("content_type")

    assert {f"{one.content_type.app_label}.{one.codename}" for one in granted} == set(GROUPS[name])
