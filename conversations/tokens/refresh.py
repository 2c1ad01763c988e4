"""Log-ins of clients without a browser, and the refresh tokens that carry them on.

A refresh token is good for one use. One that comes a second time was stolen, or its thief came
first: the log-in is revoked, and whoever has the password logs in again.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple
from uuid import UUID

from django.core import signing
from django.db import transaction
from django.db.models import QuerySet
from django.db.models.functions import Now
from django.utils import timezone

from conversations.models import ApiLogin, User
from conversations.text import storable
from conversations.tokens import access
from conversations.tokens.seal import is_of, sealed

SALT = "conversations.refresh-token"
UNUSED = timedelta(days=30)
"""How long a log-in lives that nobody refreshes."""


@dataclass(frozen=True, slots=True)
class Pair:
    """What a client goes on with."""

    access: str
    refresh: str


class Invalid(Exception):
    """The refresh token is forged, over, used already or revoked: log in again."""


class _Named(NamedTuple):
    """What stands in a refresh token."""

    login: str
    seal: str
    secret: str


@transaction.atomic
def log_in(user: User, *, client: str) -> Pair:
    """The tokens of a new log-in. client: what it calls itself, cut at 200 characters. Log-ins of
    this user that are over are forgotten."""
    ApiLogin.objects.filter(user=user, expires_at__lt=Now()).delete()
    secret = secrets.token_urlsafe()
    login = ApiLogin.objects.create(
        user=user,
        digest=_digest(secret),
        client=storable(client)[:200],
        expires_at=timezone.now() + UNUSED,
    )
    return _pair(login, secret)


def refresh(token: str) -> Pair:
    """The next tokens of the same log-in. Raises Invalid, and revokes the log-in, where the token
    was used before."""
    named = _read(token)
    secret = secrets.token_urlsafe()
    with transaction.atomic():
        login = _of(named).select_for_update(of=("self",)).select_related("user").first()
        if login is None or not is_of(named.seal, login.user, SALT):
            raise Invalid
        is_first_use = secrets.compare_digest(login.digest, _digest(named.secret))
        if is_first_use:
            _carry_on(login, secret)
        else:
            _revoke(login)
    if not is_first_use:
        raise Invalid
    return _pair(login, secret)


def revoke(token: str) -> None:
    """End the log-in that this refresh token, used or not, belongs to: its access tokens hold no
    more, and its sockets are closed within a minute. Nothing happens for one that is no good."""
    try:
        named = _read(token)
    except Invalid:
        return
    for login in _of(named):
        _revoke(login)


def _carry_on(login: ApiLogin, secret: str) -> None:
    login.digest, login.used_at = _digest(secret), timezone.now()
    login.expires_at = login.used_at + UNUSED
    login.save(update_fields=["digest", "used_at", "expires_at"])


def _revoke(login: ApiLogin) -> None:
    login.revoked_at = timezone.now()
    login.save(update_fields=["revoked_at"])


def _of(named: _Named) -> "QuerySet[ApiLogin]":
    """The log-in that it names, if that still holds."""
    return ApiLogin.objects.filter(
        pk=UUID(named.login), revoked_at=None, expires_at__gt=Now(), user__is_active=True
    )


def _pair(login: ApiLogin, secret: str) -> Pair:
    named = _Named(login.pk.hex, sealed(login.user, SALT), secret)
    return Pair(access.issue(login.user, login.pk), signing.dumps(named, salt=SALT))


def _read(token: str) -> _Named:
    """Only what was signed here names a log-in: nobody else can revoke one."""
    try:
        return _Named(*signing.loads(token, salt=SALT))
    except signing.BadSignature as error:
        raise Invalid from error


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
