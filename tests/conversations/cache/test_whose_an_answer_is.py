"""An answer is for everybody only if nothing that the model was told with it is of one of them."""

import pytest

from conversations import cache, embeddings
from conversations.cache import Answer, Given, Partition
from conversations.facts.forgetting import set_memory
from conversations.models import Agent, Conversation, User
from tests.conversations.conftest import answered

QUESTION = "What is a good breakfast?"
ANSWER = "Try tofu and rice without gluten."


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


def partition(user: User) -> Partition:
    agent = Agent.objects.get(is_default=True)
    return Partition(agent.pk, agent.version, agent.language, "m", user.pk)


def keep(conversation: Conversation, user: User, *said_before: str) -> int | str:
    answered(conversation, 1, ANSWER)
    given = Given(QUESTION, ANSWER, said_before=said_before)
    [vector] = embeddings.embed([QUESTION])
    return cache.keep(partition(user), given, vector, conversation=conversation.pk, reply=1)


def found(user: User) -> Answer | None:
    [vector] = embeddings.embed([QUESTION])
    return cache.find(partition(user), QUESTION, vector)


@pytest.mark.parametrize(
    ("said_before", "is_shared"),
    [
        ((), True),
        (("Why is the sky blue?", "What is the capital of France?"), True),
        (("I cannot have gluten.",), False),
        (("No gluten here.",), False),
        (("Why is the sky blue?", "The user has trouble with gluten."), False),
        (("Does my son need gluten?",), False),
    ],
)
def test_after_something_of_ones_own_it_is_ones_own(
    alice: User, bob: User, hers: Conversation, said_before: tuple[str, ...], is_shared: bool
) -> None:
    assert isinstance(keep(hers, alice, *said_before), int)

    assert found(alice) is not None
    assert (found(bob) is not None) is is_shared


def test_ones_own_answers_rest_while_memory_is_off(alice: User, hers: Conversation) -> None:
    keep(hers, alice, "I cannot have gluten.")
    set_memory(alice.pk, False)
    assert found(alice) is None

    set_memory(alice.pk, True)
    assert found(alice) is not None
