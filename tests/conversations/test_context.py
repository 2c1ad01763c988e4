"""What an agent and a conversation are told, changed while it runs."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError

from conversations import context, selectors, services
from conversations.models import Agent, Conversation, User
from conversations.signals import context_changed

Capture = Callable[..., Any]


@pytest.fixture
def heard() -> Iterator[list[dict[str, Any]]]:
    """What whoever runs conversations is told."""
    told: list[dict[str, Any]] = []

    def hear(*, signal: object, sender: object, **values: Any) -> None:
        told.append(values)

    context_changed.connect(hear)
    yield told
    context_changed.disconnect(hear)


@pytest.fixture
def agent(db: None) -> Agent:
    return selectors.default_agent()


def test_every_versioned_field_of_an_agent_can_be_changed(agent: Agent) -> None:
    others: dict[str, Any] = {
        "name": "Captain",
        "slug": "captain",
        "greeting": "Ahoy!",
        "speaks_first": "user",
        "instructions": "Be brief.",
        "voice": "en-gb",
        "language": "de",
        "temperature": 0.1,
        "reply_tokens_max": 50,
        "turns_kept": 3,
        "key_terms": "Ahab",
        "pronunciations": "Nguyen = win",
        "patience": "patient",
        "language_models": "groq:llama-3.3-70b, openai",
        "tools": ["recall"],
        "memory_on": False,
        "cache_on": False,
    }
    assert others.keys() == set(Agent.VERSIONED)

    change = context.update(agent.pk, by=None, changes=others)

    agent.refresh_from_db()
    assert {name: getattr(agent, name) for name in others} == others
    assert change is not None
    assert change.after == others
    assert agent.version == 2


def test_a_change_of_an_agent_is_told_after_the_commit(
    alice: User,
    agent: Agent,
    heard: list[dict[str, Any]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        context.update(agent.pk, by=alice.pk, changes={"name": "Captain"})
        assert heard == []

    told = {"agent_id": agent.pk, "conversation_id": None, "version": 2, "by": alice.pk}
    assert heard == [told]


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("temperature", 9.0, "temperature"),
        ("tools", ["recall", "fly"], "There is no tool “fly”"),
        ("language_models", "groq:", "“groq:” should read"),
        ("slug", "not a slug", "slug"),
    ],
)
def test_nonsense_is_refused_and_changes_nothing(
    agent: Agent, field: str, value: object, told: str
) -> None:
    with pytest.raises(ValidationError, match=told):
        context.update(agent.pk, by=None, changes={field: value})

    agent.refresh_from_db()
    assert agent.version == 1
    assert getattr(agent, field) != value


def test_an_agent_is_put_back_as_it_was_in_any_version(agent: Agent) -> None:
    first = agent.instructions
    for words in ("Two.", "Three.", "Four."):
        context.update(agent.pk, by=None, changes={"instructions": words})
    context.update(agent.pk, by=None, changes={"temperature": 0.1, "tools": []})

    context.restore(agent.pk, version=3, by=None)
    agent.refresh_from_db()
    assert (agent.instructions, agent.temperature, len(agent.tools)) == ("Three.", 0.7, 4)
    assert agent.version == 6

    context.restore(agent.pk, version=1, by=None)
    agent.refresh_from_db()
    assert (agent.instructions, agent.version) == (first, 7)

    context.restore(agent.pk, version=5, by=None)
    agent.refresh_from_db()
    assert (agent.instructions, agent.temperature, agent.tools) == ("Four.", 0.1, [])


def test_rolling_back_to_a_change_is_a_version_of_its_own(alice: User, agent: Agent) -> None:
    change = context.update(agent.pk, by=None, changes={"instructions": "Two."})
    context.update(agent.pk, by=None, changes={"instructions": "Three."})
    assert change is not None

    made = context.roll_back(change.pk, by=alice.pk)

    assert made is not None
    assert (made.version, made.by, made.after) == (4, alice, {"instructions": "Two."})
    assert made.before == {"instructions": "Three."}


def test_going_back_to_how_it_is_already_makes_no_version(agent: Agent) -> None:
    change = context.update(agent.pk, by=None, changes={"instructions": "Two."})
    assert change is not None

    assert context.roll_back(change.pk, by=None) is None
    agent.refresh_from_db()
    assert agent.version == 2


@pytest.mark.parametrize("version", [0, 3, -1])
def test_there_is_no_way_to_a_version_that_never_was(agent: Agent, version: int) -> None:
    context.update(agent.pk, by=None, changes={"instructions": "Two."})

    with pytest.raises(ValueError, match="no version"):
        context.restore(agent.pk, version=version, by=None)


def test_a_slug_that_another_agent_took_is_not_taken_back(agent: Agent) -> None:
    context.update(agent.pk, by=None, changes={"slug": "first"})
    Agent.objects.create(name="Other", slug="assistant")

    with pytest.raises(ValidationError, match=r"[Ss]lug"):
        context.restore(agent.pk, version=1, by=None)

    agent.refresh_from_db()
    assert (agent.slug, agent.version) == ("first", 2)


# --- of one conversation --------------------------------------------------------------------------
def test_a_conversation_is_told_something_of_its_own(
    alice: User,
    hers: Conversation,
    heard: list[dict[str, Any]],
    django_capture_on_commit_callbacks: Capture,
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        version = context.set_own(hers.pk, " She is in a hurry.\0 ", by=alice.pk)
        assert heard == []

    hers.refresh_from_db()
    assert (hers.context, hers.context_version, version) == ("She is in a hurry.", 1, 1)
    told = {"agent_id": None, "conversation_id": hers.pk, "version": 1, "by": alice.pk}
    assert heard == [told]


def test_notes_are_lines_below_what_was_told_before(hers: Conversation) -> None:
    context.set_own(hers.pk, "She is in a hurry.", by=None)

    version = context.add_note(hers.pk, "Offer\n  a refund. ", by=None)

    hers.refresh_from_db()
    assert hers.context == "She is in a hurry.\nOffer a refund."
    assert version == hers.context_version == 2


def test_the_first_note_stands_alone(hers: Conversation) -> None:
    context.add_note(hers.pk, "Offer a refund.", by=None)

    hers.refresh_from_db()
    assert hers.context == "Offer a refund."


def test_what_a_conversation_is_told_can_be_taken_away(hers: Conversation) -> None:
    context.set_own(hers.pk, "She is in a hurry.", by=None)

    assert context.set_own(hers.pk, "", by=None) == 2
    hers.refresh_from_db()
    assert hers.context == ""


def test_what_was_changed_meanwhile_is_not_replaced(hers: Conversation) -> None:
    seen = context.set_own(hers.pk, "She is in a hurry.", by=None)
    context.add_note(hers.pk, "Offer a refund.", by=None)

    with pytest.raises(context.Outdated, match="version 2, and not 1"):
        context.set_own(hers.pk, "She has time.", by=None, seen=seen)

    hers.refresh_from_db()
    assert (hers.context, hers.context_version) == ("She is in a hurry.\nOffer a refund.", 2)
    assert context.set_own(hers.pk, "She has time.", by=None, seen=2) == 3


def test_of_two_who_replace_the_same_version_one_is_refused(
    transactional_db: None, hers: Conversation, beside: ThreadPoolExecutor
) -> None:
    def replace(text: str) -> int | None:
        try:
            return context.set_own(hers.pk, text, by=None, seen=0)
        except context.Outdated:
            return None

    assert sorted(beside.map(replace, "abcd"), key=str) == [1, None, None, None]


def test_too_much_is_refused_and_changes_nothing(hers: Conversation) -> None:
    context.set_own(hers.pk, "x" * context.OWN_MAX, by=None)

    with pytest.raises(ValidationError, match="At most 8,000 characters"):
        context.add_note(hers.pk, "y", by=None)

    hers.refresh_from_db()
    assert (hers.context, hers.context_version) == ("x" * context.OWN_MAX, 1)


def test_a_note_needs_words(hers: Conversation) -> None:
    with pytest.raises(ValidationError, match="words"):
        context.add_note(hers.pk, " \n\0", by=None)


@pytest.mark.parametrize("tell", [context.set_own, context.add_note])
def test_a_conversation_that_is_gone_is_told_nothing(db: None, tell: Any) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        tell(uuid4(), "Hello.", by=None)


def test_both_versions_are_looked_up_at_once(
    hers: Conversation, django_assert_num_queries: Any
) -> None:
    services.update_context(hers.agent_id, by=None, changes={"name": "Captain"})
    context.add_note(hers.pk, "One.", by=None)
    context.add_note(hers.pk, "Two.", by=None)
    context.add_note(hers.pk, "Three.", by=None)

    with django_assert_num_queries(1):
        assert context.versions(hers.agent_id, hers.pk) == (2, 3)


def test_a_conversation_that_is_gone_has_no_versions(agent: Agent) -> None:
    with pytest.raises(Conversation.DoesNotExist):
        context.versions(agent.pk, uuid4())
