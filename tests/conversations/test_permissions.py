"""Every page of the admin for every role: who sees it, who is sent away, who is turned down.

A page that is added to the admin fails here until it has its row.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.test import Client
from django.urls import URLPattern, URLResolver
from procrastinate.contrib.django.models import ProcrastinateJob

from conversations import audit, context, services
from conversations.models import (
    EMBEDDING_DIMENSIONS,
    Agent,
    ApiLogin,
    AuditEntry,
    CachedReply,
    Conversation,
    Memory,
    Turn,
    User,
)
from conversations.roles import OPERATOR, SUPERVISOR
from tests.conversations.conftest import at, said

ROLES = ("anonymous", "user", "staff", "operator", "supervisor", "superuser")
LOGIN = "login"
"""Sent to the log-in page."""

TABLE = """
page                                                     anonymous user  staff operator supervisor superuser

                                                         login     login 200   200      200        200
login/                                                   200       200   302   302      302        302
logout/                                                  302       302   405   405      405        405
password_change/                                         login     login 200   200      200        200
password_change/done/                                    login     login 200   200      200        200
search/                                                  login     login 200   200      200        200
jsi18n/                                                  login     login 200   200      200        200
autocomplete/                                            login     login 403   403      403        200
r/<path:content_type_id>/<path:object_id>/               login     login 404   404      404        404
<app_label>/                                             login     login 404   200      200        200
(?P<url>.*)$                                             login     login 404   404      404        404

conversations/agent/                                     login     login 403   200      200        200
conversations/agent/add/                                 login     login 403   403      200        200
conversations/agent/<path:object_id>/                    login     login 302   302      302        302
conversations/agent/<path:object_id>/change/             login     login 403   200      200        200
conversations/agent/<path:object_id>/history/            login     login 403   200      200        200
conversations/agent/<path:object_id>/delete/             login     login 403   403      403        200
conversations/agent/<path:object_id>/versions/<int:version>/ login login 403   403      200        200

conversations/contextchange/                             login     login 403   403      200        200
conversations/contextchange/add/                         login     login 403   403      403        403
conversations/contextchange/<path:object_id>/            login     login 302   302      302        302
conversations/contextchange/<path:object_id>/change/     login     login 403   403      200        200
conversations/contextchange/<path:object_id>/history/    login     login 403   403      200        200
conversations/contextchange/<path:object_id>/delete/     login     login 403   403      403        403

conversations/conversation/                              login     login 403   403      200        200
conversations/conversation/add/                          login     login 403   403      403        403
conversations/conversation/<path:object_id>/             login     login 302   302      302        302
conversations/conversation/<path:object_id>/change/      login     login 403   403      200        200
conversations/conversation/<path:object_id>/history/     login     login 403   403      200        200
conversations/conversation/<path:object_id>/delete/      login     login 403   403      403        200

conversations/turn/                                      login     login 403   403      200        200
conversations/turn/add/                                  login     login 403   403      403        403
conversations/turn/<path:object_id>/                     login     login 302   302      302        302
conversations/turn/<path:object_id>/change/              login     login 403   403      200        200
conversations/turn/<path:object_id>/history/             login     login 403   403      200        200
conversations/turn/<path:object_id>/delete/              login     login 403   403      403        403

conversations/session/                                   login     login 403   403      200        200
conversations/session/add/                               login     login 403   403      403        403
conversations/session/<path:object_id>/                  login     login 302   302      302        302
conversations/session/<path:object_id>/change/           login     login 403   403      200        200
conversations/session/<path:object_id>/history/          login     login 403   403      200        200
conversations/session/<path:object_id>/delete/           login     login 403   403      403        403

conversations/memory/                                    login     login 403   403      403        200
conversations/memory/add/                                login     login 403   403      403        200
conversations/memory/<path:object_id>/                   login     login 302   302      302        302
conversations/memory/<path:object_id>/change/            login     login 403   403      403        200
conversations/memory/<path:object_id>/history/           login     login 403   403      403        200
conversations/memory/<path:object_id>/delete/            login     login 403   403      403        200

conversations/cachedreply/                               login     login 403   403      403        200
conversations/cachedreply/purge/                         login     login 403   403      403        200
conversations/cachedreply/add/                           login     login 403   403      403        403
conversations/cachedreply/<path:object_id>/              login     login 302   302      302        302
conversations/cachedreply/<path:object_id>/change/       login     login 403   403      403        200
conversations/cachedreply/<path:object_id>/history/      login     login 403   403      403        200
conversations/cachedreply/<path:object_id>/delete/       login     login 403   403      403        200

conversations/user/                                      login     login 403   403      403        200
conversations/user/add/                                  login     login 403   403      403        200
conversations/user/<id>/password/                        login     login 403   403      403        200
conversations/user/<path:object_id>/                     login     login 302   302      302        302
conversations/user/<path:object_id>/change/              login     login 403   403      403        200
conversations/user/<path:object_id>/history/             login     login 403   403      403        200
conversations/user/<path:object_id>/delete/              login     login 403   403      403        200

conversations/apilogin/                                  login     login 403   403      403        200
conversations/apilogin/add/                              login     login 403   403      403        403
conversations/apilogin/<path:object_id>/                 login     login 302   302      302        302
conversations/apilogin/<path:object_id>/change/          login     login 403   403      403        200
conversations/apilogin/<path:object_id>/history/         login     login 403   403      403        200
conversations/apilogin/<path:object_id>/delete/          login     login 403   403      403        200

conversations/auditentry/                                login     login 403   403      403        200
conversations/auditentry/add/                            login     login 403   403      403        403
conversations/auditentry/<path:object_id>/               login     login 302   302      302        302
conversations/auditentry/<path:object_id>/change/        login     login 403   403      403        200
conversations/auditentry/<path:object_id>/history/       login     login 403   403      403        200
conversations/auditentry/<path:object_id>/delete/        login     login 403   403      403        403

auth/group/                                              login     login 403   403      403        200
auth/group/add/                                          login     login 403   403      403        200
auth/group/<path:object_id>/                             login     login 302   302      302        302
auth/group/<path:object_id>/change/                      login     login 403   403      403        200
auth/group/<path:object_id>/history/                     login     login 403   403      403        200
auth/group/<path:object_id>/delete/                      login     login 403   403      403        200

procrastinate/procrastinatejob/                          login     login 403   403      403        200
procrastinate/procrastinatejob/add/                      login     login 403   403      403        403
procrastinate/procrastinatejob/<path:object_id>/         login     login 302   302      302        302
procrastinate/procrastinatejob/<path:object_id>/change/  login     login 403   403      403        200
procrastinate/procrastinatejob/<path:object_id>/history/ login     login 403   403      403        200
procrastinate/procrastinatejob/<path:object_id>/delete/  login     login 403   403      403        403
"""  # noqa: E501


def expected() -> dict[str, dict[str, str]]:
    """Page → role → answer."""
    _, _, *lines = TABLE.splitlines()
    rows = [line.split() for line in lines if line.strip()]
    return {
        page[0] if page else "": dict(zip(ROLES, answers, strict=True))
        for *page, a, b, c, d, e, f in rows
        for answers in [(a, b, c, d, e, f)]
    }


def test_every_page_of_the_admin_has_a_row() -> None:
    assert set(routes(admin.site.urls[0])) == set(expected())


@pytest.mark.parametrize("role", ROLES)
def test_everybody_sees_what_they_may_and_no_more(role: str, rows: "Rows") -> None:
    client = rows.client(role)

    answers = {page: answer(client, rows.address(page)) for page in expected()}

    assert answers == {page: wanted[role] for page, wanted in expected().items()}


@pytest.mark.parametrize("role", ROLES[:4])
def test_words_are_on_no_page_of_those_who_may_not_read_them(role: str, rows: "Rows") -> None:
    client = rows.client(role)

    shown = "".join(client.get(rows.address(page)).content.decode() for page in expected())

    assert "secretword" not in shown


def test_who_may_see_the_rows_and_not_the_words_sees_neither(rows: "Rows") -> None:
    """Django's own permission for a model is not enough where it holds words."""
    staff = User.objects.get(username="staff")
    kinds = ("conversation", "turn", "session", "memory", "cachedreply")
    for kind in kinds:
        staff.user_permissions.add(*Permission.objects.filter(content_type__model=kind))
    staff.user_permissions.remove(Permission.objects.get(codename="read_words"))
    client = rows.client("staff")
    views = ("", "<path:object_id>/change/", "<path:object_id>/history/")

    answers = {
        answer(client, rows.address(f"conversations/{kind}/{view}"))
        for kind in kinds
        for view in views
    }

    assert answers == {"403"}


def routes(patterns: Any, before: str = "") -> Iterator[str]:
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        else:
            assert isinstance(pattern, URLPattern)
            yield re.sub(r"^\^\(\?P<app_label>.*", "<app_label>/", route)  # in any order


def answer(client: Client, address: str) -> str:
    response = client.get(address)
    is_sent = response.status_code == 302 and response["Location"].startswith("/admin/login/?next=")
    return LOGIN if is_sent else str(response.status_code)


@dataclass(frozen=True)
class Rows:
    """One of everything."""

    of: dict[str, models.Model]

    def address(self, page: str) -> str:
        """Where a page is, about the row that we have of its model."""
        if page == "<app_label>/":
            return "/admin/conversations/"
        if page.startswith("(?P<url>"):
            return "/admin/nothing-of-the-kind/"
        if page.startswith("r/"):
            agent = self.of["agent"]
            kind = ContentType.objects.get_for_model(agent)
            return f"/admin/r/{kind.pk}/{agent.pk}/"
        if page == "autocomplete/":
            asked = "app_label=conversations&model_name=memory&field_name=user"
            return f"/admin/autocomplete/?{asked}"
        if "/" not in page or "<" not in page:
            return f"/admin/{page}"
        row = self.of[page.split("/")[1]]
        filled = page.replace("<path:object_id>", str(row.pk)).replace("<id>", str(row.pk))
        return f"/admin/{filled.replace('<int:version>', '1')}"

    def client(self, role: str) -> Client:
        client = Client()
        if role != "anonymous":
            client.force_login(User.objects.get(username=role))
        return client


@pytest.fixture
def rows(alice: User) -> Rows:
    for role in ROLES[1:]:
        user = User.objects.create_user(role, is_staff=role != "user")
        user.is_superuser = role == "superuser"
        user.save()
        if role in (OPERATOR, SUPERVISOR):
            user.groups.add(Group.objects.get(name=role))
    agent = Agent.objects.create(name="Pirate", slug="pirate")
    context.update(agent.pk, by=None, changes={"instructions": "Ahoy."})
    spare = Agent.objects.create(name="Spare", slug="spare")
    talk = services.start_conversation(alice.pk, spare.pk)
    session = services.open_session(talk.pk, providers={}, client="A browser")
    said(talk, 1, "My secretword is here.")
    audit.note(alice, "read", conversation=talk.pk)
    made: list[models.Model] = [
        agent,
        agent.changes.get(),
        Conversation.objects.get(pk=talk.pk),
        session,
        Turn.objects.get(),
        Memory.objects.create(user=alice, text="A secretword."),
        _answer(spare),
        alice,
        ApiLogin.objects.create(user=alice, digest="0", expires_at=at(0)),
        AuditEntry.objects.get(),
        Group.objects.create(name="friends"),
        ProcrastinateJob.objects.filter(task_name="embed_turn").latest("pk"),
    ]
    return Rows({str(row._meta.model_name): row for row in made})


def _answer(agent: Agent) -> CachedReply:
    return CachedReply.objects.create(
        agent=agent,
        agent_version=1,
        language="en",
        model_family="offline",
        question="What is the secretword?",
        answer="The secretword.",
        expires_at=at(0),
        embedding=[0.0] * EMBEDDING_DIMENSIONS,
    )
