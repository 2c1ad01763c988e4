"""How recall finds a turn is made once, of what it says at last, and of nothing that is nobody's
business to recall."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from django.db.utils import OperationalError
from pgvector.django import CosineDistance

from conversations import embeddings, services
from conversations.languages import TEXT_SEARCH, text_search
from conversations.memory import passages
from conversations.memory.meaning import meanings
from conversations.models import Agent, Conversation, Passage, Turn, User
from tests.conversations.beside import wait_until_one_waits_for_a_lock_or_is_done
from tests.conversations.conftest import answered, said


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


def turns() -> list[int]:
    return list(Turn.objects.order_by("pk").values_list("pk", flat=True))


def is_of(turn_id: int, text: str) -> bool:
    vector = meanings({turn_id: text})[turn_id]
    passage = Passage.objects.annotate(away=CosineDistance("embedding", vector)).get(pk=turn_id)
    return bool(passage.away < 0.001)


def test_a_turn_gets_the_meaning_and_the_words_of_what_it_says(hers: Conversation) -> None:
    said(hers, 1, "My dogs are barking at the postman.")
    answered(hers, 1, "What are they called?")

    assert passages.embed(turns()) == 2

    question, answer = Passage.objects.order_by("pk")
    assert question.user == hers.user
    assert is_of(question.pk, "My dogs are barking at the postman.")
    assert is_of(answer.pk, "What are they called?")
    assert "'dog'" in question.words


def test_it_is_made_once(hers: Conversation) -> None:
    said(hers, 1, "hello")

    assert [passages.embed(turns()), passages.embed(turns())] == [1, 0]


def test_nothing_is_made_of_what_is_not_to_be_recalled(
    hers: Conversation, his: Conversation
) -> None:
    said(hers, 1, "")
    said(hers, 2, "  \n")
    said(hers, 3, "forget that")
    Turn.objects.filter(number=3).update(is_forgotten=True)
    said(his, 1, "my memory is off")
    User.objects.filter(pk=his.user_id).update(memory_on=False)

    assert passages.embed([*turns(), 123_456_789]) == 0


def test_nothing_is_made_of_what_is_said_to_an_agent_without_memory(hers: Conversation) -> None:
    said(hers, 1, "this is between us")
    Agent.objects.filter(pk=hers.agent_id).update(memory_on=False)

    assert passages.embed(turns()) == 0


@pytest.mark.parametrize(
    ("language", "word"), [("en", "hous"), ("de-DE", "haus"), ("xx", "houses")]
)
def test_words_are_taken_apart_as_the_agents_language_does(
    hers: Conversation, language: str, word: str
) -> None:
    hers.agent.language = language
    hers.agent.save()
    said(hers, 1, "houses Häuser Haus")

    passages.embed(turns())

    assert f"'{word}'" in Passage.objects.get().words


def test_postgres_has_every_dictionary_that_may_be_asked_for(db: None) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT cfgname FROM pg_ts_config")
        known = {name for (name,) in cursor.fetchall()}

    assert {text_search(tag) for tag in ("en", "de-AT", "pt_BR", "tlh", "")} <= known
    assert set(TEXT_SEARCH.values()) <= known


def test_a_text_that_grew_gets_another_passage(hers: Conversation) -> None:
    said(hers, 1, "my dog")
    passages.embed(turns())

    said(hers, 1, "my dog is called Rex")

    assert not Passage.objects.exists()
    assert passages.embed(turns()) == 1
    assert is_of(turns()[0], "my dog is called Rex")


def test_what_is_recorded_again_in_the_same_words_keeps_its_passage(hers: Conversation) -> None:
    said(hers, 1, "hello")
    answered(hers, 1, "Hello!")
    passages.embed(turns())

    said(hers, 1, "hello")
    answered(hers, 1, "Hello!")

    assert Passage.objects.count() == 2


def test_a_batch_takes_turns_that_follow_and_lack_theirs(hers: Conversation) -> None:
    for number in range(1, 12):
        said(hers, number, f"this is sentence {number}")
    first, second, *rest = turns()
    passages.embed([second])

    assert passages.batch_from(first) == [first, *rest[:3]]
    assert passages.batch_from(second) == []


@pytest.mark.parametrize(
    ("lengths", "batches"),
    [
        ([], []),
        ([10] * 3, [[0, 1, 2]]),
        ([10] * 5, [[0, 1, 2, 3], [4]]),
        ([200, 201, 199], [[0], [1, 2]]),
        ([5000, 1], [[0], [1]]),
    ],
)
def test_the_model_is_held_for_a_short_time_only(
    lengths: list[int], batches: list[list[int]]
) -> None:
    texts = {index: "x" * length for index, length in enumerate(lengths)}

    assert [list(batch) for batch in passages.batches(texts)] == batches


# --- at the same time -----------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_workers_at_the_same_turns_make_each_passage_once(
    transactional_db: None, hers: Conversation, beside: ThreadPoolExecutor
) -> None:
    for number in range(1, 9):
        said(hers, number, f"this is sentence {number}")
    together = threading.Barrier(4)

    def work() -> int:
        together.wait(10)
        return passages.embed(turns())

    made = [done.result() for done in [beside.submit(work) for _ in range(4)]]

    assert sum(made) == Passage.objects.count() == 8


@pytest.mark.parametrize(
    ("change", "left"),
    [
        (lambda turn: said(turn.conversation, 1, "something else"), 0),
        (lambda turn: Turn.objects.filter(pk=turn.pk).update(is_forgotten=True), 0),
        (lambda turn: User.objects.update(memory_on=False), 0),
        (lambda turn: services.record_metrics(turn.conversation_id, reply=1, metrics={}), 1),
    ],
    ids=["new text", "forgotten", "memory off", "nothing that matters"],
)
@pytest.mark.django_db(transaction=True)
def test_what_changes_while_the_passage_is_being_made_wins(
    transactional_db: None,
    hers: Conversation,
    beside: ThreadPoolExecutor,
    change: Callable[[Turn], object],
    left: int,
) -> None:
    """The change is not committed yet when the worker comes to store the passage of the old text:
    it waits for the lock, and looks again."""
    said(hers, 1, "hello")
    turn = Turn.objects.get()
    with transaction.atomic():
        change(turn)
        storing = beside.submit(passages.embed, [turn.pk])
        wait_until_one_waits_for_a_lock_or_is_done(storing.done)

    assert storing.result() == Passage.objects.count() == left


@pytest.mark.django_db(transaction=True)
def test_a_passage_of_the_old_text_that_is_just_being_stored_goes(
    transactional_db: None, hers: Conversation, beside: ThreadPoolExecutor
) -> None:
    said(hers, 1, "hello")
    with transaction.atomic():
        assert passages.embed(turns()) == 1
        changing = beside.submit(said, hers, 1, "something else")
        wait_until_one_waits_for_a_lock_or_is_done(changing.done)
    changing.result()

    assert not Passage.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_it_gives_way_to_somebody_who_holds_the_user_for_long(
    transactional_db: None, hers: Conversation, beside: ThreadPoolExecutor
) -> None:
    said(hers, 1, "hello")
    with transaction.atomic():
        User.objects.select_for_update().get(pk=hers.user_id)
        with pytest.raises(OperationalError, match="lock timeout"):
            beside.submit(passages.embed, turns()).result()

    assert passages.embed(turns()) == 1
