"""The admin's sidebar."""

import pytest
from django.test import Client
from django.urls import reverse

from conversations import selectors
from conversations.admin.links import link
from conversations.models import Agent, Conversation
from tests.conversations.admin.conftest import page


def titles(client: Client) -> list[str]:
    groups = client.get(page(Agent)).context["sidebar_navigation"]
    return [item["title"] for group in groups for item in group["items"]]


def test_everybody_sees_what_they_may_open(
    chief: Client, operator: Client, supervisor: Client
) -> None:
    elsewhere = {"Dashboard", "Live sessions", "API"}

    assert set(titles(operator)) - elsewhere == {"Agents"}
    assert set(titles(supervisor)) - elsewhere == {
        "Agents", "Context changes", "Conversations", "Turns", "Sessions",
    }  # fmt: skip
    assert {"Users", "Groups", "Audit entries", "Memories"} <= set(titles(chief))


@pytest.mark.parametrize(
    ("title", "name"), [("Dashboard", "dashboard"), ("Live sessions", "dashboard_sessions")]
)
def test_the_staffs_other_pages_are_linked(operator: Client, title: str, name: str) -> None:
    assert title in titles(operator)
    assert f'href="{reverse(name)}"' in operator.get(page(Agent)).content.decode()


def test_the_docs_of_the_api_are_linked(operator: Client) -> None:
    assert "API" in titles(operator)


def test_a_page_that_is_not_there_is_not_linked() -> None:
    assert link("Nowhere", "nothing_of_the_kind") == []


def test_an_agents_page_leads_to_where_it_is_applied(operator: Client) -> None:
    agent = selectors.default_agent()

    html = operator.get(page(Agent, "change", agent.pk)).content.decode()

    assert f'href="{reverse("dashboard_applied", args=[agent.pk])}"' in html


def test_a_conversations_page_leads_to_its_turns(supervisor: Client, hers: Conversation) -> None:
    html = supervisor.get(page(Conversation, "change", hers.pk)).content.decode()

    assert f'href="{reverse("dashboard_conversation", args=[hers.pk])}"' in html
