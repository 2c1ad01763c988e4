"""Who talks, by what they came in with."""

from importlib import import_module

from django.conf import settings
from django.contrib.auth import get_user
from django.http import HttpRequest

from conversations import services, tokens
from conversations.models import User
from conversations.terms import terms
from voice.store.threads import query
from voice.store.values import Person


async def person_of_token(token: str) -> Person | None:
    user = await query(tokens.user_of, token)
    return _person(user) if user else None


async def person_of_login(session_key: str | None) -> Person | None:
    """The user who is logged in with this Django session, if any."""
    return await query(_logged_in, session_key) if session_key else None


async def is_revoked(*, token: str | None, login: str | None) -> bool:
    """Whether what somebody came in with does not hold any more: they logged out, changed their
    password, or were deactivated."""
    if token is not None:
        return await query(tokens.is_revoked, token)
    return login is not None and await person_of_login(login) is None


async def keep_pause(person: Person, usual_s: float) -> None:
    """How they were found to pause within a turn."""
    await query(services.keep_pause, person.id, usual_s)


def _logged_in(session_key: str) -> Person | None:
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    user = get_user(request)
    return _person(user) if isinstance(user, User) and user.is_active else None


def _person(user: User) -> Person:
    return Person(
        user.pk,
        user.get_username(),
        user.time_zone,
        terms(user.key_terms),
        user.usual_pause_s,
        user.memory_on,
    )
