"""Who calls the API, what they came in with, and what they may do."""

from dataclasses import dataclass
from enum import Enum
from secrets import compare_digest

from django.conf import settings
from django.http import HttpRequest
from ninja.security import APIKeyCookie, HttpBearer
from ninja.utils import check_csrf

from conversations import tokens
from conversations.models import User
from conversations.roles import READ_WORDS, SEE_HEALTH, STEER
from dashboard.api.problems import Problem

VIEW_MEMORY = "conversations.view_memory"
"""The admin's permission to see facts; of superusers alone unless somebody is given it."""
ASKED_FOR = (SEE_HEALTH, READ_WORDS, STEER, VIEW_MEMORY)
"""What the API asks the staff's permissions for."""


class Means(Enum):
    NOTHING = "nothing"
    COOKIE = "cookie"
    TOKEN = "access token"
    METRICS_TOKEN = "metrics token"


@dataclass(frozen=True, slots=True)
class Caller:
    user: User | None = None
    means: Means = Means.NOTHING
    permissions: frozenset[str] = frozenset()
    """Those in ASKED_FOR; nobody has any who is not staff."""

    @property
    def is_staff(self) -> bool:
        return self.user is not None and self.user.is_staff

    @property
    def person(self) -> User:
        """For handlers behind `LOGGED_IN`."""
        assert self.user is not None
        return self.user

    def may(self, permission: str) -> bool:
        return permission in self.permissions

    def require(self, permission: str) -> None:
        """Raises Problem 403."""
        if not self.may(permission):
            raise Problem(403, f"This takes the permission {permission}.")

    def owns(self, user_id: int) -> bool:
        return self.user is not None and self.user.pk == user_id


class ApiRequest(HttpRequest):
    """A request that has passed the edge, which sets `caller`."""

    caller: Caller


def caller_of(request: HttpRequest) -> Caller:
    caller = getattr(request, "caller", None)
    assert isinstance(caller, Caller)
    return caller


def identified(request: HttpRequest) -> Caller:
    """Who it is, by the bearer's token, or else by the browser's cookie. A token that is no good is
    nobody's, whatever cookie came with it. Queries the database."""
    token = bearer(request)
    if token is None:
        return _caller(request.user, Means.COOKIE)
    if settings.METRICS_TOKEN and compare_digest(token.encode(), settings.METRICS_TOKEN.encode()):
        return Caller(None, Means.METRICS_TOKEN, frozenset({SEE_HEALTH}))
    return _caller(tokens.user_of(token), Means.TOKEN)


def bearer(request: HttpRequest) -> str | None:
    kind, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else None


def _caller(user: object, means: Means) -> Caller:
    if not isinstance(user, User):
        return Caller()
    held = {each for each in ASKED_FOR if user.is_staff and user.has_perm(each)}
    return Caller(user, means, frozenset(held))


class Bearer(HttpBearer):
    """An access token of `POST /auth/token`."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        caller = caller_of(request)
        return caller if caller.means is Means.TOKEN else None


class Cookie(APIKeyCookie):
    """The browser's log-in; what changes something needs the CSRF token, too."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        return request.COOKIES.get(self.param_name)

    def authenticate(self, request: HttpRequest, key: str | None) -> Caller | None:
        caller = caller_of(request)
        if caller.means is not Means.COOKIE:
            return None
        if check_csrf(request):
            raise Problem(403, "The CSRF token is missing or wrong: send it as X-CSRFToken.")
        return caller


class MetricsToken(HttpBearer):
    """The METRICS_TOKEN of the settings."""

    def authenticate(self, request: HttpRequest, token: str) -> Caller | None:
        caller = caller_of(request)
        return caller if caller.means is Means.METRICS_TOKEN else None


LOGGED_IN = [Bearer(), Cookie()]
SCRAPERS = [MetricsToken(), *LOGGED_IN]
