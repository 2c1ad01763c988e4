"""What somebody wanted forgotten is in nothing that was made of it, whoever writes beside."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import transaction

from conversations import embeddings, selectors
from conversations.facts.forgetting import forget_everything, forget_fact
from conversations.memory import passages
from conversations.models import Conversation, Memory, Passage, Turn, User
from tests.conversations.beside import wait_until_one_waits_for_a_lock_or_is_done
from tests.conversations.conftest import answered, said


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


def known(user: User, text: str, source: Turn) -> Memory:
    return Memory.objects.create(user=user, text=text, source=source)


def vector_of(turn: Turn) -> list[float]:
    found: list[float] = list(Passage.objects.get(turn=turn).embedding)
    return found


def embed_all() -> None:
    passages.embed(list(Turn.objects.values_list("pk", flat=True)))


def test_a_passage_that_looked_past_forgotten_turns_does_not_keep_what_is_forgotten_later(
    alice: User, hers: Conversation
) -> None:
    for number, text in enumerate(
        ("My dog is called Rex.", "I like jazz.", "I play chess.", "And now?"), 1
    ):
        said(hers, number, text, seconds=10 * number)
    first, second, third, last = hers.utterances.order_by("number")
    for turn, text in ((second, "I like jazz."), (third, "I play chess.")):
        forget_fact(known(alice, text, turn).pk, alice.pk)
    embed_all()
    before = vector_of(last)

    forget_fact(known(alice, "My dog is called Rex.", first).pk, alice.pk)
    embed_all()

    assert vector_of(last) != before
    [alone] = embeddings.embed([last.text])
    assert vector_of(last) == pytest.approx(alone, abs=1e-3)


def test_a_conversation_that_is_gone_on_with_does_not_begin_with_what_is_forgotten(
    alice: User, hers: Conversation
) -> None:
    said(hers, 1, "My dog is called Rex.")
    answered(hers, 1, "What a name.")
    said(hers, 2, "I like tea.", seconds=10)
    forget_fact(known(alice, "My dog is called Rex.", hers.utterances.get(number=2)).pk, alice.pk)

    assert [turn.text for turn in selectors.recent_turns(hers.pk, limit=9)] == []


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forget", ["a fact", "everything"])
def test_a_reply_that_is_just_being_recorded_to_what_is_forgotten_is_forgotten_too(
    transactional_db: None, hers: Conversation, beside: ThreadPoolExecutor, forget: str
) -> None:
    said(hers, 1, "My dog is called Rex.")
    alice = User.objects.get(pk=hers.user_id)
    fact = known(alice, "My dog is called Rex.", hers.utterances.get())
    how: dict[str, Callable[[], object]] = {
        "a fact": lambda: forget_fact(fact.pk, alice.pk),
        "everything": lambda: forget_everything(alice.pk),
    }
    with transaction.atomic():
        answered(hers, 1, "Rex, what a name.")
        forgetting = beside.submit(how[forget])
        wait_until_one_waits_for_a_lock_or_is_done(forgetting.done)
    forgetting.result()
    embed_all()

    assert not Turn.objects.filter(is_forgotten=False).exists()
    assert not Passage.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("forget", ["a fact", "everything"])
def test_forgetting_and_recording_a_turn_again_do_not_wait_for_each_other(
    transactional_db: None, hers: Conversation, beside: ThreadPoolExecutor, forget: str
) -> None:
    said(hers, 1, "My dog is called Rex.")
    alice = User.objects.get(pk=hers.user_id)
    fact = known(alice, "My dog is called Rex.", hers.utterances.get())
    with transaction.atomic():
        Conversation.objects.select_for_update().get(pk=hers.pk)  # as whoever records does
        forgetting = beside.submit(
            (lambda: forget_fact(fact.pk, alice.pk))
            if forget == "a fact"
            else (lambda: forget_everything(alice.pk))
        )
        wait_until_one_waits_for_a_lock_or_is_done(forgetting.done)
        said(hers, 1, "My dog is called Rex, and he is old.")
    forgetting.result()

    assert hers.utterances.get().is_forgotten
