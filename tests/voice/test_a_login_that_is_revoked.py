from importlib import import_module

import pytest
from channels.db import database_sync_to_async
from django.conf import settings as ours
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY

from conversations import tokens
from conversations.models import User
from tests.voice.calls import Caller, House, house
from voice.store import Person


@pytest.fixture
def user(alice: Person) -> User:
    return User.objects.get(pk=alice.id)


@pytest.fixture
def token(user: User) -> str:
    return tokens.issue(user)


@pytest.fixture
def login(user: User) -> str:
    """The key of a browser's login."""
    session = import_module(ours.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = ours.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return str(session.session_key)


async def joined(here: House, person: Person, **credentials: str) -> Caller:
    caller = Caller()
    for name, value in credentials.items():
        setattr(caller.connection, name, value)
    return await caller.join(here.switchboard, person)


async def test_a_token_and_a_login_that_hold_keep_their_sockets(alice, token, login):
    async with house() as here:
        callers = [await joined(here, alice, token=token), await joined(here, alice, login=login)]

        await here.switchboard.close_revoked()

        assert [caller.closed for caller in callers] == [None, None]


async def test_a_token_that_is_merely_over_keeps_its_socket(alice, token, settings):
    async with house() as here:
        caller = await joined(here, alice, token=token)
        settings.ACCESS_TOKEN_S = -1

        await here.switchboard.close_revoked()

        assert caller.closed is None


async def test_a_changed_password_closes_the_sockets_that_came_in_with_the_old(
    alice, user, token, login
):
    async with house() as here:
        callers = [await joined(here, alice, token=token), await joined(here, alice, login=login)]
        user.set_password("another one, for good reasons")
        await database_sync_to_async(user.save)()

        await here.switchboard.close_revoked()

        assert [caller.closed for caller in callers] == [4401, 4401]
        assert callers[0].of("error")[-1]["code"] == 4401


async def test_logging_out_closes_the_call_of_that_browser_only(alice, token, login):
    async with house() as here:
        here_too, there = (
            await joined(here, alice, login=login),
            await joined(here, alice, token=token),
        )
        browser = import_module(ours.SESSION_ENGINE).SessionStore(login)
        await database_sync_to_async(browser.flush)()

        await here.switchboard.close_revoked()

        assert (here_too.closed, there.closed) == (4401, None)
