"""What is to be done later is written down with what it is about, or not at all."""

import pytest
from django.db import connection, transaction
from procrastinate.contrib.django.models import ProcrastinateJob

from conversations import jobs, services
from conversations.models import Conversation, Turn
from tests.conversations.conftest import answered, at, said


@pytest.fixture(autouse=True)
def _no_jobs_yet(db: None) -> None:
    """Django does not empty this table between tests."""
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")


def deferred(task: str) -> list[dict[str, object]]:
    return list(
        ProcrastinateJob.objects.filter(task_name=task)
        .order_by("pk")
        .values_list("args", flat=True)
    )


def ids(conversation: Conversation) -> dict[str, object]:
    return {"conversation_id": str(conversation.pk)}


def test_a_turn_that_is_stored_is_embedded_later(hers: Conversation) -> None:
    said(hers, 1, "hello")
    answered(hers, 1, "Hello!")

    assert deferred("embed_turn") == [
        {"turn_id": pk} for pk in Turn.objects.order_by("pk").values_list("pk", flat=True)
    ]


def test_so_is_one_that_grew(hers: Conversation) -> None:
    said(hers, 1, "my dog")
    said(hers, 1, "my dog is called Rex")
    said(hers, 1, "my dog is called Rex")

    assert len(deferred("embed_turn")) == 2


def test_what_says_nothing_or_is_forgotten_is_not(hers: Conversation) -> None:
    said(hers, 1, " ")
    said(hers, 2, "forget it")
    Turn.objects.filter(number=2).update(is_forgotten=True)

    said(hers, 2, "forget it all")
    answered(hers, 2, "Forgotten.")

    assert len(deferred("embed_turn")) == 1
    assert Turn.objects.get(reply=1).is_forgotten


def test_a_turn_that_is_recorded_again_stays_forgotten(hers: Conversation) -> None:
    said(hers, 1, "my PIN is 1234")
    answered(hers, 1, "I see.")
    Turn.objects.update(is_forgotten=True)

    said(hers, 1, "my PIN is 1234, no, 4321")
    answered(hers, 1, "I see, 4321.")

    assert list(Turn.objects.values_list("is_forgotten", flat=True)) == [True, True]


def test_a_job_of_a_transaction_that_is_rolled_back_is_never_there(hers: Conversation) -> None:
    with transaction.atomic():
        said(hers, 1, "hello")
        transaction.set_rollback(True)

    assert not Turn.objects.exists()
    assert not deferred("embed_turn")


def test_a_conversation_that_ended_is_looked_back_on_once(hers: Conversation) -> None:
    services.end_conversation(hers.pk)
    services.end_conversation(hers.pk)

    assert deferred("distil") == deferred("title") == [ids(hers)]


def test_so_is_one_that_was_broken_off(hers: Conversation) -> None:
    services.open_session(hers.pk, providers={}, client="")

    services.mark_broken_off()

    assert deferred("distil") == deferred("title") == [ids(hers)]


def test_it_is_summed_up_whenever_five_more_turns_have_left_the_prompt(hers: Conversation) -> None:
    assert hers.agent.turns_kept == 10

    for number in range(1, 21):
        said(hers, number, f"this is sentence {number}")
        said(hers, number, f"this is sentence {number}, and I go on")
        if number in (14, 15, 19, 20):
            assert len(deferred("summarise")) == {14: 0, 15: 1, 19: 1, 20: 2}[number]


def test_what_the_summary_holds_already_does_not_count(hers: Conversation) -> None:
    Conversation.objects.update(summarised_to=4)

    for number in range(1, 20):
        said(hers, number, f"this is sentence {number}")

    assert deferred("summarise") == [ids(hers)]


def test_jobs_about_one_conversation_follow_one_another(hers: Conversation) -> None:
    jobs.defer("summarise", conversation_id=hers.pk)
    jobs.defer("summarise", conversation_id=hers.pk)
    jobs.defer("title", conversation_id=hers.pk)

    locks = ProcrastinateJob.objects.order_by("pk").values_list("lock", flat=True)
    assert list(locks) == [f"summarise {hers.pk}"] * 2 + [f"title {hers.pk}"]


def test_a_reply_keeps_what_it_rests_on(hers: Conversation) -> None:
    source = {"title": "Rex", "url": "https://example.org/rex"}
    turn = services.record_reply(
        hers.pk,
        1,
        reply=1,
        text="Rex is a dog.",
        source="model",
        interrupted=False,
        started_at=at(0),
        ended_at=at(1),
        metrics={},
        sources=[source],
    )

    assert Turn.objects.get(pk=turn.pk).sources == [source]
