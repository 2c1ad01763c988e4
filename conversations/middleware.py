"""Times on pages are the user's own."""

from collections.abc import Callable
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.db import Error as DatabaseError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware

from conversations.models import User
from conversations.time_zones import zone_named

log = structlog.get_logger()

Handler = Callable[[HttpRequest], Any]

ASKS_NOBODY = ("/health", "/ready")
"""Answered without the database, which may be what is wrong."""


@sync_and_async_middleware
def TimeZoneMiddleware(get_response: Handler) -> Handler:
    """Activates the logged-in user's time zone for the length of the request.

    The user is loaded only where a session cookie came, so that pages for everybody stay free of
    queries and of `Vary: Cookie`. A database that is away is the view's to tell of."""

    if not iscoroutinefunction(get_response):

        def respond(request: HttpRequest) -> Any:
            with timezone.override(_zone(request) if _is_looked_up(request) else None):
                return get_response(request)

        return respond

    async def arespond(request: HttpRequest) -> Any:
        with timezone.override(await _azone(request) if _is_looked_up(request) else None):
            return await get_response(request)

    return arespond


def _is_looked_up(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES and request.path_info not in ASKS_NOBODY


def _zone(request: HttpRequest) -> ZoneInfo | None:
    try:
        return _zone_of(request.user)
    except DatabaseError as error:
        _log_away(error)
        return None


async def _azone(request: HttpRequest) -> ZoneInfo | None:
    try:
        return _zone_of(await request.auser())
    except DatabaseError as error:
        _log_away(error)
        return None


def _zone_of(user: object) -> ZoneInfo | None:
    """None, which stands for settings.TIME_ZONE, where nobody is logged in."""
    return zone_named(user.time_zone) if isinstance(user, User) else None


def _log_away(error: DatabaseError) -> None:
    log.warning("time_zone.unknown", error=str(error))
