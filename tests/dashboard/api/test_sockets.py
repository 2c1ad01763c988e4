"""A log-in that is revoked takes its sockets with it."""

from channels.db import database_sync_to_async
from django.test import Client

from conversations import tokens
from conversations.models import User
from tests.voice.calls import Caller, house
from voice.store import Person


async def test_logging_out_closes_the_sockets_of_that_log_in_and_no_others(
    transactional_db: None,
):
    user = await database_sync_to_async(User.objects.create_user)("ursula")
    person = Person(user.pk, "ursula", "UTC")
    pairs = [await database_sync_to_async(tokens.log_in)(user, client="") for _ in range(2)]
    async with house() as here:
        callers = []
        for pair in pairs:
            caller = Caller()
            caller.connection.token = pair.access
            callers.append(await caller.join(here.switchboard, person))

        await database_sync_to_async(log_out)(pairs[0].refresh)
        await here.switchboard.close_revoked()

        assert [caller.closed for caller in callers] == [4401, None]


def log_out(refresh: str) -> None:
    answer = Client().post("/auth/revoke", {"refresh": refresh}, content_type="application/json")
    assert answer.status_code == 204
