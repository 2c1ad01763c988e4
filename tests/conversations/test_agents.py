import pytest

from conversations import selectors, services
from conversations.models import Agent, User
from voice.turns.endpointing import PATIENCE


def test_a_fresh_database_has_somebody_to_talk_to(db: None) -> None:
    agent = selectors.default_agent()

    assert agent.is_default
    assert agent.instructions


def test_agents_are_found_by_their_slug(db: None) -> None:
    pirate = Agent.objects.create(name="Pirate", slug="pirate")

    assert selectors.agent_by_slug("pirate") == pirate
    assert selectors.agent_by_slug("nobody") is None


def test_without_any_agent_the_error_says_what_to_do(db: None) -> None:
    Agent.objects.all().delete()

    with pytest.raises(Agent.DoesNotExist, match="migrate"):
        selectors.default_agent()


def test_there_is_one_default_agent_at_a_time(db: None) -> None:
    pirate = Agent.objects.create(name="Pirate", slug="pirate")

    services.make_default(pirate.pk)

    assert selectors.default_agent() == pirate
    assert Agent.objects.filter(is_default=True).count() == 1


def test_a_change_of_context_raises_the_version_and_is_kept(alice: User) -> None:
    agent = selectors.default_agent()
    old = agent.instructions

    change = services.update_context(
        agent.pk, by=alice.pk, changes={"instructions": "Be brief.", "language": agent.language}
    )

    agent.refresh_from_db()
    assert (agent.version, agent.instructions) == (2, "Be brief.")
    assert change is not None
    assert (change.version, change.by) == (2, alice)
    assert (change.before, change.after) == ({"instructions": old}, {"instructions": "Be brief."})


def test_a_change_that_changes_nothing_is_none(db: None) -> None:
    agent = selectors.default_agent()

    change = services.update_context(
        agent.pk, by=None, changes={"instructions": agent.instructions}
    )

    agent.refresh_from_db()
    assert change is None
    assert agent.version == 1


def test_a_field_outside_the_versions_is_refused_by_name(db: None) -> None:
    with pytest.raises(ValueError, match="is_default"):
        services.update_context(
            selectors.default_agent().pk, by=None, changes={"is_default": False}
        )


def test_how_patient_an_agent_can_be_is_what_the_turn_machine_knows() -> None:
    assert set(Agent.Patience.values) == set(PATIENCE)
