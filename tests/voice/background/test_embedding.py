"""Turns and facts get their embeddings from jobs."""

import pytest
from channels.db import database_sync_to_async
from django.db import connection, transaction

from conversations import embeddings, jobs, selectors, services
from conversations.models import Conversation, Memory, User
from tests.conversations.conftest import answered, said
from tests.voice.background.conftest import embedded, statuses

pytestmark = pytest.mark.usefixtures("no_jobs_yet", "warm")


@database_sync_to_async
def talked(turns: int = 2) -> Conversation:
    user = User.objects.create_user("alice")
    conversation = services.start_conversation(user.pk, selectors.default_agent().pk)
    for number in range(1, turns + 1):
        said(conversation, number, f"this is sentence {number}", seconds=number)
        answered(conversation, number, f"so it is, number {number}", reply=number, seconds=number)
    return conversation


async def test_every_turn_that_is_stored_gets_its_passage_and_the_jobs_go(do_all_jobs):
    await talked(turns=10)

    await do_all_jobs()

    assert len(await embedded()) == 20
    assert await statuses("embed_turn") == []


async def test_a_turn_of_a_transaction_that_is_rolled_back_is_never_embedded(do_all_jobs):
    @database_sync_to_async
    def fail(conversation: Conversation) -> None:
        with transaction.atomic():
            said(conversation, 9, "this was never said")
            transaction.set_rollback(True)

    conversation = await talked(turns=1)
    await fail(conversation)

    await do_all_jobs()

    assert await embedded() == ["this is sentence 1", "so it is, number 1"]


async def test_a_job_of_a_turn_that_is_gone_has_nothing_to_do(do_all_jobs):
    conversation = await talked()
    await database_sync_to_async(conversation.delete)()

    await do_all_jobs()

    assert await statuses("embed_turn") == []


async def test_what_was_stored_before_there_were_jobs_is_caught_up_with(do_all_jobs):
    await talked(turns=40)
    await drop_jobs()
    await database_sync_to_async(jobs.defer)("catch_up")

    await do_all_jobs()

    assert len(await embedded()) == 80
    assert await statuses("catch_up") == []


async def test_so_are_facts_that_were_kept_before_the_model_was_there(do_all_jobs):
    embeddings.unload()
    user = await database_sync_to_async(User.objects.create_user)("alice")
    await database_sync_to_async(services.remember)(user.pk, "my dog is called Rex")
    await database_sync_to_async(jobs.defer)("catch_up")

    await do_all_jobs()

    assert (await database_sync_to_async(Memory.objects.get)()).embedding is not None


@database_sync_to_async
def drop_jobs() -> None:
    with connection.cursor() as cursor:
        cursor.execute("TRUNCATE procrastinate_jobs CASCADE")
