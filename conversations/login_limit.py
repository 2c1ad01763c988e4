"""How often somebody may guess a password: ten times in a quarter of an hour per name and address.

Counted in Django's cache, which several web processes must share for the count to hold. Behind a
proxy all addresses are the proxy's, and the limit is one per name.
"""

import hashlib

from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import HttpRequest

from conversations.models import User

ATTEMPTS_MAX = 10
WINDOW_S = 900


class TooManyAttempts(Exception):
    """Wait WINDOW_S at most."""


def checked(request: HttpRequest, *, username: str, password: str) -> User | None:
    """The user with this name and password, None when they do not fit. Raises TooManyAttempts.

    An attempt is counted before it is checked, so that a hundred at the same time are a hundred."""
    key = _key(username, request.META.get("REMOTE_ADDR", ""))
    if _counted(key) > ATTEMPTS_MAX:
        raise TooManyAttempts
    user = authenticate(request, username=username, password=password)
    if user is None:
        return None
    cache.delete(key)
    assert isinstance(user, User)
    return user


def _counted(key: str) -> int:
    cache.add(key, 0, WINDOW_S)
    try:
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1


def _key(username: str, address: str) -> str:
    digest = hashlib.sha256(f"{username.casefold()}\n{address}".encode()).hexdigest()
    return f"login-attempts:{digest}"
