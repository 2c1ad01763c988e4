"""How often somebody may guess a password: ten times in a quarter of an hour per name and address.

Counted in Django's cache, which all web processes share where there is Redis. While Redis is away
nobody is kept out: passwords are still checked. Behind a proxy all addresses are the proxy's, and
the limit is one per name.
"""

import hashlib
from contextlib import suppress

import structlog
from django.contrib.auth import authenticate
from django.core.cache import cache
from django.http import HttpRequest
from redis.exceptions import RedisError

from conversations.models import User

log = structlog.get_logger()

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
    _forget(key)
    assert isinstance(user, User)
    return user


def _counted(key: str) -> int:
    try:
        cache.add(key, 0, WINDOW_S)
        return cache.incr(key)
    except ValueError:  # it ran out between the two
        return 1
    except RedisError as error:
        log.warning("login_limit.unavailable", error=str(error))
        return 1


def _forget(key: str) -> None:
    with suppress(RedisError):  # it runs out by itself
        cache.delete(key)


def _key(username: str, address: str) -> str:
    digest = hashlib.sha256(f"{username.casefold()}\n{address}".encode()).hexdigest()
    return f"login-attempts:{digest}"
