"""Agents in the admin: edited in tabs, started from presets, kept in versions."""

from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.messages import get_messages
from django.forms import Form
from django.test import Client

from conversations import context, selectors, services
from conversations.models import Agent, AuditEntry, User
from conversations.presets import PRESETS
from tests.conversations.admin.conftest import page
from tests.conversations.conftest import said


@pytest.fixture
def agent(db: None) -> Agent:
    return selectors.default_agent()


def filled(form: Form, **changes: Any) -> dict[str, Any]:
    """What a browser sends of a form, with changes."""
    values = {name: form[name].value() for name in form.fields} | changes
    return {name: value for name, value in values.items() if value not in (None, False)}


def opened(client: Client, agent: Agent) -> Form:
    form: Form = client.get(page(Agent, "change", agent.pk)).context["adminform"].form
    return form


def save(client: Client, agent: Agent, **changes: Any) -> Any:
    return client.post(page(Agent, "change", agent.pk), filled(opened(client, agent), **changes))


def test_a_change_becomes_a_version_with_who_and_what(chief: Client, agent: Agent) -> None:
    save(chief, agent, instructions="Be brief.", temperature="0.2", name="Captain")

    agent.refresh_from_db()
    change = agent.changes.get()
    assert (agent.name, agent.instructions, agent.version) == ("Captain", "Be brief.", 2)
    assert change.after == {"name": "Captain", "instructions": "Be brief.", "temperature": 0.2}
    assert change.by is not None
    assert change.by.username == "chief"


def test_saving_what_is_there_makes_no_version(chief: Client, agent: Agent) -> None:
    response = save(chief, agent)

    agent.refresh_from_db()
    assert response.status_code == 302
    assert agent.version == 1
    assert not agent.changes.exists()


def test_a_save_says_that_it_is_on_its_way(chief: Client, agent: Agent) -> None:
    response = save(chief, agent, instructions="Be brief.")

    told = [str(message) for message in get_messages(response.wsgi_request)]
    assert any("Version 2 is on its way to running conversations." in one for one in told)


def test_tools_are_ticked(chief: Client, agent: Agent) -> None:
    assert "Search the web" in str(opened(chief, agent)["tools"])

    save(chief, agent, tools=["recall", "remember"])
    agent.refresh_from_db()
    assert agent.tools == ["remember", "recall"]

    save(chief, agent, tools=[])
    agent.refresh_from_db()
    assert agent.tools == []
    assert agent.version == 3


def test_a_tool_that_does_not_exist_is_refused(chief: Client, agent: Agent) -> None:
    response = save(chief, agent, tools=["fly"])

    assert "tools" in response.context["adminform"].form.errors


@pytest.mark.parametrize("wrong", ["groq:", "Groq Llama", "groq,,openai", "groq, groq:b"])
def test_language_models_that_nobody_could_read_are_refused(
    chief: Client, agent: Agent, wrong: str
) -> None:
    response = save(chief, agent, language_models=wrong)

    [error] = response.context["adminform"].form.errors["language_models"]
    assert "should read “provider” or “provider:model”" in error or "named twice" in error


def test_language_models_are_kept_as_written(chief: Client, agent: Agent) -> None:
    save(chief, agent, language_models="groq:llama-3.3-70b, openai")

    agent.refresh_from_db()
    assert agent.language_models == "groq:llama-3.3-70b, openai"


def test_switches_can_be_turned_off(chief: Client, agent: Agent) -> None:
    save(chief, agent, memory_on=False, cache_on=False)

    agent.refresh_from_db()
    assert (agent.memory_on, agent.cache_on) == (False, False)


def test_for_whom_an_agent_is_goes_into_the_audit_log(chief: Client, agent: Agent) -> None:
    friends = Group.objects.create(name="friends")

    save(chief, agent, groups=[friends.pk])
    save(chief, agent, groups=[friends.pk], instructions="Be brief.")

    agent.refresh_from_db()
    entry = AuditEntry.objects.get(action="groups")
    assert list(agent.groups.all()) == [friends]
    assert (entry.by_name, entry.agent) == ("chief", agent)
    assert entry.detail == {"before": [], "after": ["friends"]}
    assert agent.version == 2


def test_a_new_default_goes_into_the_audit_log(chief: Client) -> None:
    pirate = Agent.objects.create(name="Pirate", slug="pirate")

    chief.post(page(Agent), {"action": "make_default", "_selected_action": [pirate.pk]})

    assert selectors.default_agent() == pirate
    assert AuditEntry.objects.get(action="make_default").agent == pirate


def test_what_somebody_saved_meanwhile_is_not_lost_unseen(chief: Client, agent: Agent) -> None:
    mine = filled(opened(chief, agent), instructions="Mine.")
    context.update(agent.pk, by=None, changes={"instructions": "Theirs.", "name": "Captain"})

    response = chief.post(page(Agent, "change", agent.pk), mine)

    agent.refresh_from_db()
    assert "Somebody saved this in the meantime" in response.content.decode()
    assert (agent.instructions, agent.version) == ("Theirs.", 2)

    again = filled(response.context["adminform"].form)
    assert chief.post(page(Agent, "change", agent.pk), again).status_code == 302
    agent.refresh_from_db()
    assert (agent.instructions, agent.version) == ("Mine.", 3)


# --- what is noted --------------------------------------------------------------------------------
def noted(action: str) -> AuditEntry:
    return AuditEntry.objects.get(action=action)


def test_who_made_an_agent_is_noted(chief: Client) -> None:
    form = chief.get(f"{page(Agent, 'add')}?preset=tutor").context["adminform"].form
    chief.post(page(Agent, "add"), filled(form))

    [entry] = AuditEntry.objects.all()
    assert (entry.by_name, entry.action) == ("chief", "add")
    assert entry.agent == Agent.objects.get(slug="tutor")
    assert entry.detail == {"kind": "agent", "name": "Tutor", "version": 1}


def test_who_changed_an_agent_is_noted_and_nothing_where_nobody_did(
    supervisor: Client, agent: Agent
) -> None:
    save(supervisor, agent, instructions="Be brief.")
    save(supervisor, agent)

    [entry] = AuditEntry.objects.all()
    assert (entry.by_name, entry.action, entry.agent) == ("sam", "change", agent)
    assert entry.detail == {"kind": "agent", "name": agent.name, "version": 2}


def test_who_deleted_an_agent_and_who_changed_it_stays_known(chief: Client, agent: Agent) -> None:
    pirate = Agent.objects.create(name="Pirate", slug="pirate")
    save(chief, pirate, instructions="Ahoy.")

    chief.post(page(Agent, "delete", pirate.pk), {"post": "yes"})

    of = {"kind": "agent", "name": "Pirate", "version": 2}
    assert not Agent.objects.filter(slug="pirate").exists()
    assert (noted("change").by_name, noted("change").detail) == ("chief", of)
    assert (noted("delete").by_name, noted("delete").detail) == ("chief", of | {"agent": pirate.pk})


def test_several_agents_that_are_deleted_at_once_are_noted_each(chief: Client) -> None:
    crew = [Agent.objects.create(name=name, slug=name) for name in ("pirate", "parrot")]
    chosen = {"action": "delete_selected", "_selected_action": [agent.pk for agent in crew]}

    chief.post(page(Agent), chosen)
    assert not AuditEntry.objects.exists()

    chief.post(page(Agent), chosen | {"post": "yes"})
    entries = AuditEntry.objects.filter(action="delete")
    assert {entry.detail["name"] for entry in entries} == {"pirate", "parrot"}


@pytest.fixture
def gardener(db: None) -> Client:
    """May delete agents, and read no words."""
    user = User.objects.create_user("gil", is_staff=True)
    mine = Permission.objects.filter(codename__in=("view_agent", "delete_agent"))
    user.user_permissions.set(mine)
    client = Client()
    client.force_login(user)
    return client


def test_an_agent_with_conversations_stays_and_shows_none_of_their_words(
    gardener: Client, alice: User
) -> None:
    pirate = Agent.objects.create(name="Pirate", slug="pirate")
    said(services.start_conversation(alice.pk, pirate.pk), 1, "A secretword.")
    one, several = page(Agent, "delete", pirate.pk), page(Agent)
    chosen = {"action": "delete_selected", "_selected_action": [pirate.pk]}

    answers = [
        gardener.get(one),
        gardener.post(one, {"post": "yes"}),
        gardener.post(several, chosen),
        gardener.post(several, chosen | {"post": "yes"}),
    ]

    for answer in answers:
        html = answer.content.decode()
        assert "There are conversations, which have to be deleted first." in html
        assert "secretword" not in html
    assert Agent.objects.filter(pk=pirate.pk).exists()
    assert not AuditEntry.objects.exists()


# --- presets --------------------------------------------------------------------------------------
@pytest.mark.parametrize("slug", PRESETS)
def test_an_agent_from_a_preset_takes_one_click_and_a_save(supervisor: Client, slug: str) -> None:
    preset = PRESETS[slug]
    address = f"{page(Agent, 'add')}?preset={slug}"
    assert address in supervisor.get(page(Agent)).content.decode()

    form = supervisor.get(address).context["adminform"].form
    supervisor.post(page(Agent, "add"), filled(form))

    agent = Agent.objects.get(slug=slug)
    assert (agent.name, agent.instructions, agent.greeting) == (
        preset.name,
        preset.instructions,
        preset.greeting,
    )
    assert (agent.patience, agent.voice, agent.tools) == (
        preset.patience,
        "",
        [tool for tool in Agent().tools if tool in preset.tools],
    )
    assert agent.version == 1


def test_a_second_agent_from_a_preset_gets_a_slug_of_its_own(chief: Client) -> None:
    for _ in range(3):
        form = chief.get(f"{page(Agent, 'add')}?preset=tutor").context["adminform"].form
        chief.post(page(Agent, "add"), filled(form))

    assert set(Agent.objects.filter(name="Tutor").values_list("slug", flat=True)) == {
        "tutor",
        "tutor-2",
        "tutor-3",
    }


def test_an_unknown_preset_is_an_empty_form(chief: Client) -> None:
    form = chief.get(f"{page(Agent, 'add')}?preset=pirate").context["adminform"].form

    assert form["name"].value() in (None, "")


def test_who_may_only_look_gets_no_presets(operator: Client) -> None:
    assert "preset" not in operator.get(page(Agent)).content.decode()


# --- versions -------------------------------------------------------------------------------------
@pytest.fixture
def edited(agent: Agent) -> Agent:
    context.update(agent.pk, by=None, changes={"instructions": "Be brief and kind."})
    context.update(
        agent.pk,
        by=None,
        changes={"instructions": "Be brief and wise.", "tools": ["recall"], "memory_on": False},
    )
    agent.refresh_from_db()
    return agent


def test_each_version_shows_what_changed_word_by_word(chief: Client, edited: Agent) -> None:
    save(chief, edited, temperature="0.2")

    html = chief.get(page(Agent, "history", edited.pk)).content.decode()

    assert "Be brief and <del>kind</del><ins>wise</ins>." in html
    assert "<del>remember, recall, forget, web_search</del> → <ins>recall</ins>" in html
    assert "<del>on</del> → <ins>off</ins>" in html
    assert "<del>0.7</del> → <ins>0.2</ins>" in html
    assert ", by chief" in html
    assert [f"Version {number}" in html for number in (1, 2, 3, 4)] == [True] * 4
    assert html.count("Roll back to this") == 3
    assert html.count("in force") == 1


def test_what_was_written_is_shown_and_not_run(chief: Client, agent: Agent) -> None:
    context.update(agent.pk, by=None, changes={"instructions": "<script>alert(1)</script>"})

    html = chief.get(page(Agent, "history", agent.pk)).content.decode()

    assert "<script>alert(1)" not in html
    assert "&lt;script&gt;" in html


def test_going_back_asks_first_and_changes_nothing(supervisor: Client, edited: Agent) -> None:
    html = supervisor.get(page(Agent, "roll_back", edited.pk, 2)).content.decode()

    edited.refresh_from_db()
    assert "Be brief and <del>wise</del><ins>kind</ins>." in html
    assert edited.version == 3


def test_going_back_is_a_new_version(supervisor: Client, edited: Agent) -> None:
    response = supervisor.post(page(Agent, "roll_back", edited.pk, 2))

    edited.refresh_from_db()
    change = edited.changes.get(version=4)
    assert response["Location"] == page(Agent, "history", edited.pk)
    assert (edited.instructions, len(edited.tools), edited.memory_on) == (
        "Be brief and kind.",
        4,
        True,
    )
    assert change.by is not None
    assert change.by.username == "sam"
    [entry] = AuditEntry.objects.all()
    assert (entry.by_name, entry.action, entry.agent) == ("sam", "roll_back", edited)
    assert entry.detail == {
        "kind": "agent",
        "name": edited.name,
        "version": 4,
        "back_to": 2,
    }


@pytest.mark.parametrize("version", [0, 3, 4])
def test_there_is_no_way_back_to_what_is_not_before(
    chief: Client, edited: Agent, version: int
) -> None:
    assert chief.post(page(Agent, "roll_back", edited.pk, version)).status_code == 404


def test_who_may_only_look_sees_the_versions_and_can_not_go_back(
    operator: Client, edited: Agent
) -> None:
    html = operator.get(page(Agent, "history", edited.pk)).content.decode()
    assert "Be brief and <del>kind</del><ins>wise</ins>." in html
    assert "Roll back" not in html

    assert operator.post(page(Agent, "roll_back", edited.pk, 2)).status_code == 403
    edited.refresh_from_db()
    assert edited.version == 3


def test_a_way_back_that_is_closed_is_explained(chief: Client, agent: Agent) -> None:
    context.update(agent.pk, by=None, changes={"slug": "first"})
    Agent.objects.create(name="Other", slug="assistant")

    response = chief.post(page(Agent, "roll_back", agent.pk, 1), follow=True)

    agent.refresh_from_db()
    assert "already exists" in response.content.decode()
    assert agent.slug == "first"
    assert not AuditEntry.objects.exists()


def test_many_versions_are_shown_page_by_page(chief: Client, agent: Agent) -> None:
    for number in range(25):
        context.update(agent.pk, by=None, changes={"instructions": f"Number {number}."})

    first = chief.get(page(Agent, "history", agent.pk)).content.decode()
    second = chief.get(page(Agent, "history", agent.pk), {"page": 2}).content.decode()

    assert ("Version 26" in first, "as it was first" in first) == (True, False)
    assert ("Version 26" in second, "as it was first" in second) == (False, True)
