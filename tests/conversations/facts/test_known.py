"""What of the facts about a user comes back when they speak."""

import pytest
from django.db import connection

from conversations import embeddings, facts, services
from conversations.models import Memory, User
from tests.conversations.facts.remembered import FACTS, remembered


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("what is my puppy called?", "my dog's name is Rex"),
        ("what's my job?", "I work as a nurse"),
        ("where does my sister live?", "my sister lives in Berlin"),
    ],
)
def test_a_question_brings_back_the_fact_that_answers_it(
    alice: User, warm: None, question: str, answer: str
) -> None:
    remembered(alice, *FACTS)

    assert facts.recall(alice.pk, question)[0] == answer


def test_what_is_asked_for_by_a_word_alone_is_found(alice: User, warm: None) -> None:
    remembered(alice, "my sister Ada moves to Lisbon in May", "I play the cello")

    assert facts.asked_for(alice.pk, "my sister") == ["my sister Ada moves to Lisbon in May"]


def test_a_question_about_something_else_brings_nothing_back(alice: User, warm: None) -> None:
    remembered(alice, *FACTS)

    assert facts.recall(alice.pk, "what is two plus two?") == []


def test_before_the_model_is_warm_words_decide(alice: User, cold: None) -> None:
    remembered(alice, *FACTS)

    assert facts.recall(alice.pk, "what are the names of my dogs?") == ["my dog's name is Rex"]
    assert facts.recall(alice.pk, "what is the time?") == []


def test_more_words_in_common_come_first(alice: User, cold: None) -> None:
    remembered(alice, "my sister lives in Berlin", "my sister's dog lives in Berlin")

    first, second = facts.recall(alice.pk, "where does my sister's dog live, in Berlin?")

    assert (first, second) == ("my sister's dog lives in Berlin", "my sister lives in Berlin")


def test_facts_from_before_the_model_was_warm_are_found_beside_the_others(alice: User) -> None:
    embeddings.unload()
    remembered(alice, "my dog's name is Rex")
    embeddings.warm_up()
    remembered(alice, "my puppy likes carrots")

    assert set(facts.recall(alice.pk, "tell me about my dog")) == {
        "my dog's name is Rex",
        "my puppy likes carrots",
    }


def test_facts_from_before_the_model_was_warm_get_their_embedding_later(alice: User) -> None:
    embeddings.unload()
    remembered(alice, *FACTS)
    embeddings.warm_up()

    assert services.embed_memories(batch=3) == len(FACTS)
    assert not Memory.objects.filter(embedding=None).exists()
    assert facts.recall(alice.pk, "what is my puppy called?") == ["my dog's name is Rex"]


def test_nobody_is_told_what_somebody_else_said(alice: User, bob: User, warm: None) -> None:
    remembered(bob, "my dog's name is Rex")

    assert facts.recall(alice.pk, "what is my dog's name?") == []


def test_a_thousand_nearer_facts_of_others_hide_none_of_ours(
    alice: User, bob: User, warm: None
) -> None:
    question = "what is my dog's name?"
    [nearest] = embeddings.embed([question])
    Memory.objects.bulk_create(
        Memory(user=bob, text=f"fact {number}", embedding=nearest) for number in range(1000)
    )
    remembered(alice, *FACTS)
    with connection.cursor() as cursor:  # the planner of a big table, which likes the index better
        cursor.execute("SET LOCAL enable_sort = off")

    assert facts.recall(alice.pk, question) == ["my dog's name is Rex"]


def test_a_fact_that_a_newer_one_replaced_stays_out(alice: User, warm: None) -> None:
    remembered(alice, "my dog's name is Rex", "my dog's name is Max")
    old, new = Memory.objects.order_by("pk")
    old.superseded_by = new
    old.save()

    assert facts.recall(alice.pk, "what is my dog's name?") == ["my dog's name is Max"]


def test_no_more_come_back_than_were_asked_for(alice: User, warm: None) -> None:
    remembered(alice, *(f"my dog number {number} is called Rex" for number in range(4)))

    assert len(facts.recall(alice.pk, "my dog", limit=3)) == 3


def test_asked_for_nothing_in_particular_the_newest_come_back(alice: User, cold: None) -> None:
    remembered(alice, *FACTS)

    assert len(facts.recall(alice.pk, " ", limit=3)) == 3


def test_pinned_facts_come_first_whatever_is_asked(alice: User, warm: None) -> None:
    remembered(alice, *FACTS)
    Memory.objects.filter(text=FACTS[1]).update(pinned=True)

    assert facts.recall(alice.pk, "what is my puppy called?") == [FACTS[1], FACTS[0]]
    assert facts.recall(alice.pk, "what is two plus two?") == [FACTS[1]]


def test_pinned_facts_take_no_place_of_relevant_ones_and_are_bounded(
    alice: User, warm: None
) -> None:
    remembered(alice, "my dog's name is Rex", *(f"I like tea number {n}" for n in range(12)))
    Memory.objects.filter(text__contains="tea").update(pinned=True)

    recalled = facts.recall(alice.pk, "what is my puppy called?", limit=1)

    assert len(recalled) == facts.PINNED_MAX + 1
    assert recalled[-1] == "my dog's name is Rex"


def test_a_pinned_fact_that_was_replaced_stays_out(alice: User, cold: None) -> None:
    remembered(alice, "I have a cat", "I have a dog")
    old, new = Memory.objects.order_by("pk")
    Memory.objects.filter(pk=old.pk).update(pinned=True, superseded_by=new)

    assert facts.recall(alice.pk, "what is two plus two?") == []


def test_nothing_is_recalled_while_memory_is_off(alice: User, warm: None) -> None:
    remembered(alice, *FACTS)
    Memory.objects.filter(text=FACTS[1]).update(pinned=True)
    services.set_memory(alice.pk, False)

    assert facts.recall(alice.pk, "what is my puppy called?") == []
    assert facts.recall(alice.pk, "") == []


def test_a_vector_that_is_there_is_not_made_again(alice: User, warm: None) -> None:
    remembered(alice, *FACTS)
    [vector] = embeddings.embed(["what is my puppy called?"])
    embeddings.unload()

    assert facts.recall(alice.pk, "…", vector=vector) == [FACTS[0]]


@pytest.mark.parametrize(
    "strange", ["-zebra", "'; drop table", "or and not -", '"', "<->", "!!", "\u0000x", "\ud800"]
)
def test_strange_words_are_just_words(alice: User, cold: None, strange: str) -> None:
    remembered(alice, *FACTS)

    assert facts.recall(alice.pk, strange) == []
