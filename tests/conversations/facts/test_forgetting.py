"""What is deleted when somebody wants it forgotten, and what is not."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from conversations import embeddings, services
from conversations.facts import distilled, pieces
from conversations.facts.distilled import DistilledFact
from conversations.memory import passages
from conversations.models import CachedReply, Conversation, Memory, Passage, Turn, User
from tests.conversations.beside import wait_until_one_waits_for_a_lock_or_is_done
from tests.conversations.conftest import answered, at, said


@pytest.fixture(autouse=True)
def _warm() -> None:
    embeddings.warm_up()


@pytest.fixture
def talk(hers: Conversation) -> Conversation:
    """Four turns, the second of which names a dog, and a summary."""
    said(hers, 1, "Good morning.", seconds=0)
    answered(hers, 1, "Good morning to you.", reply=1, seconds=3)
    said(hers, 2, "By the way, my dog is called Rex.", seconds=10)
    answered(hers, 2, "What a lovely name.", reply=2, seconds=13)
    said(hers, 3, "What is the tallest mountain?", seconds=20)
    answered(hers, 3, "Mount Everest.", reply=3, seconds=23)
    said(hers, 4, "And what am I going to call my puppy again?", seconds=30)
    answered(hers, 4, "Your dog's name is Rex.", reply=4, seconds=33)
    passages.embed(list(Turn.objects.values_list("pk", flat=True)))
    Conversation.objects.filter(pk=hers.pk).update(summary="Rex.", summarised_to=3)
    return hers


def fact(user: User, text: str, source: Turn | None = None, **fields: object) -> Memory:
    [vector] = embeddings.embed([text])
    return Memory.objects.create(user=user, text=text, source=source, embedding=vector, **fields)


def turn(conversation: Conversation, number: int) -> Turn:
    return conversation.utterances.get(number=number, role="user")


def forgotten(conversation: Conversation) -> list[str]:
    rows = conversation.utterances.filter(is_forgotten=True).order_by("started_at")
    return list(rows.values_list("text", flat=True))


def cached(question: str, source: Turn | None = None, user: User | None = None) -> CachedReply:
    agent = services.Agent.objects.get(is_default=True)
    return CachedReply.objects.create(
        agent=agent,
        agent_version=1,
        language="en",
        model_family="m",
        question=question,
        answer="a",
        source=source,
        user=user,
        expires_at=at(0),
        embedding=[0.0] * 383 + [1.0],
    )


SAYING_SO = [
    "By the way, my dog is called Rex.",
    "What a lovely name.",
    "Your dog's name is Rex.",
]


def test_forgetting_takes_the_turns_that_state_it_and_the_replies_to_them(
    alice: User, talk: Conversation
) -> None:
    fact(alice, "My dog's name is Rex.")

    assert services.forget(alice.pk, "my dog is called Rex") == 1

    assert not Memory.objects.exists()
    assert forgotten(talk) == SAYING_SO
    passages.embed(list(Turn.objects.values_list("pk", flat=True)))
    assert set(Passage.objects.values_list("turn__text", flat=True)).isdisjoint(SAYING_SO)
    assert Passage.objects.count() == 5


def test_what_was_said_beside_it_is_embedded_anew_without_it(
    alice: User, talk: Conversation
) -> None:
    after = turn(talk, 3)
    before = list(Passage.objects.get(turn=after).embedding)

    services.forget(alice.pk, "my dog is called Rex")
    jobs = ProcrastinateJob.objects.filter(task_name="embed_turn")
    assert {"turn_id": after.pk} in jobs.values_list("args", flat=True)
    passages.embed([after.pk])

    assert list(Passage.objects.get(turn=after).embedding) != before


def test_the_transcript_stays(alice: User, talk: Conversation) -> None:
    services.forget(alice.pk, "Rex")

    assert talk.utterances.filter(text__contains="Rex").count() == 2


def test_one_word_is_enough(alice: User, talk: Conversation) -> None:
    services.forget(alice.pk, "Rex")

    assert forgotten(talk) == SAYING_SO


def test_a_summary_that_may_hold_it_is_made_anew(
    alice: User, talk: Conversation, start: Callable[[User], Conversation]
) -> None:
    other = start(alice)
    said(other, 1, "Nothing of the kind.")
    Conversation.objects.filter(pk=other.pk).update(summary="Kept.", summarised_to=1)

    services.forget(alice.pk, "Rex")

    talk.refresh_from_db()
    other.refresh_from_db()
    assert (talk.summary, talk.summarised_to) == ("", 0)
    assert (other.summary, other.summarised_to) == ("Kept.", 1)


def test_cached_answers_from_these_turns_go(alice: User, talk: Conversation) -> None:
    reply = talk.utterances.get(reply=2)
    cached("what is my dog called?", source=reply)
    kept = cached("what is the tallest mountain?", source=talk.utterances.get(reply=3))

    services.forget(alice.pk, "Rex")

    assert list(CachedReply.objects.all()) == [kept]


def test_the_turn_in_which_it_was_asked_for_is_forgotten(alice: User, talk: Conversation) -> None:
    services.forget(alice.pk, "my shoe size", talk.pk, 3)

    assert forgotten(talk) == ["What is the tallest mountain?", "Mount Everest."]
    assert not Passage.objects.filter(turn__number=3).exists()


def test_so_is_one_that_is_recorded_later(alice: User, talk: Conversation) -> None:
    services.forget(alice.pk, "my shoe size", talk.pk, 5)
    said(talk, 5, "Forget my shoe size.", seconds=40)
    said(talk, 5, "Forget my shoe size, please.", seconds=40)

    talk.refresh_from_db()
    assert forgotten(talk) == ["Forget my shoe size, please."]
    assert talk.turns == 5


def test_nothing_of_somebody_elses_is_forgotten(
    alice: User, bob: User, talk: Conversation, his: Conversation
) -> None:
    said(his, 1, "My dog is called Rex.")
    his_fact = fact(bob, "My dog is called Rex.")
    fact(alice, "My dog is called Rex.")
    passages.embed([turn(his, 1).pk])

    services.forget(alice.pk, "My dog is called Rex.")

    assert forgotten(his) == []
    assert Memory.objects.get() == his_fact
    assert Passage.objects.filter(user=bob).exists()


def test_nobody_has_a_turn_of_somebody_else_forgotten(alice: User, his: Conversation) -> None:
    said(his, 1, "hello")

    with pytest.raises(Conversation.DoesNotExist):
        services.forget(alice.pk, "anything", his.pk, 1)
    assert forgotten(his) == []


@pytest.mark.parametrize("text", ["", "the", "-rex", "!", '"', "rex or mountain", "\0"])
def test_marks_are_no_operators(alice: User, talk: Conversation, text: str) -> None:
    fact(alice, "I like tea.")

    services.forget(alice.pk, text)

    assert "What is the tallest mountain?" not in forgotten(talk)
    assert Memory.objects.count() == 1


def test_a_fact_goes_with_all_that_it_replaced(alice: User, talk: Conversation) -> None:
    new = fact(alice, "I live in Rome.")
    old = fact(alice, "I live in Paris.", superseded_by=new)
    fact(alice, "I live in Oslo.", superseded_by=old)
    kept = fact(alice, "I like tea.")

    services.forget_fact(new.pk, alice.pk)

    assert list(Memory.objects.all()) == [kept]


def test_forgetting_a_value_that_was_replaced_leaves_the_new_one(alice: User) -> None:
    new = fact(alice, "I live in Rome.")
    old = fact(alice, "I live in Paris.", superseded_by=new)

    services.forget_fact(old.pk, alice.pk)

    assert list(Memory.objects.all()) == [new]


def test_forgetting_by_words_brings_no_replaced_fact_back(alice: User) -> None:
    new = fact(alice, "I moved to Rome in May.")
    fact(alice, "I live in Paris.", superseded_by=new)

    assert services.forget(alice.pk, "Rome") == 2
    assert not Memory.objects.exists()


def test_a_fact_goes_with_its_source_and_where_else_it_was_said(
    alice: User, talk: Conversation
) -> None:
    source = turn(talk, 4)
    doomed = fact(alice, "My dog is called Rex.", source=source)

    services.forget_fact(doomed.pk, alice.pk)

    assert forgotten(talk) == [*SAYING_SO[:2], source.text, SAYING_SO[2]]


def test_a_fact_of_few_words_takes_no_turns_by_words_alone(alice: User, talk: Conversation) -> None:
    doomed = fact(alice, "I have a dog.")

    services.forget_fact(doomed.pk, alice.pk)

    assert forgotten(talk) == []


def test_forgetting_everything_leaves_the_transcripts_only(
    alice: User, bob: User, talk: Conversation, his: Conversation
) -> None:
    said(his, 1, "hello")
    passages.embed([turn(his, 1).pk])
    his_fact = fact(bob, "I like tea.")
    fact(alice, "I like tea.")
    cached("q", source=talk.utterances.get(reply=3))
    cached("q", user=alice)
    his_reply = cached("q", user=bob)

    services.forget_everything(alice.pk)

    talk.refresh_from_db()
    assert list(Memory.objects.all()) == [his_fact]
    assert [passage.user for passage in Passage.objects.all()] == [bob]
    assert list(CachedReply.objects.all()) == [his_reply]
    assert (talk.summary, talk.distilled_to) == ("", 4)
    assert not talk.utterances.filter(is_forgotten=False).exists()
    assert not his.utterances.filter(is_forgotten=True).exists()
    assert passages.embed(list(Turn.objects.values_list("pk", flat=True))) == 0


def test_what_was_said_while_memory_was_off_is_never_looked_at(
    alice: User, talk: Conversation
) -> None:
    fact(alice, "I like tea.")
    services.set_memory(alice.pk, False)
    talk.refresh_from_db()
    assert talk.distilled_to == 0

    services.set_memory(alice.pk, True)

    talk.refresh_from_db()
    assert talk.distilled_to == 4
    assert Memory.objects.count() == 1


def test_switching_memory_on_where_it_is_on_changes_nothing(
    alice: User, talk: Conversation
) -> None:
    services.set_memory(alice.pk, True)

    talk.refresh_from_db()
    assert talk.distilled_to == 0


@pytest.mark.django_db(transaction=True)
def test_a_fact_that_is_just_being_written_is_forgotten_too(
    transactional_db: None, alice: User, hers: Conversation
) -> None:
    said(hers, 1, "My dog is called Rex.")
    services.end_conversation(hers.pk)
    piece = pieces.next_piece(hers.pk)
    assert piece is not None

    def forget() -> int:
        try:
            return services.forget(alice.pk, "Rex")
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as beside:
        with transaction.atomic():
            assert distilled.keep(piece, [DistilledFact("My dog is called Rex.", 1, 0.9)]) == 1
            forgetting = beside.submit(forget)
            wait_until_one_waits_for_a_lock_or_is_done(forgetting.done)
        assert forgetting.result() == 1

    assert not Memory.objects.exists()
