"""Times on pages are the user's own."""

from collections.abc import Callable
from typing import Any

from asgiref.sync import iscoroutinefunction
from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import sync_and_async_middleware

from conversations.models import User
from conversations.time_zones import zone_named

Handler = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def TimeZoneMiddleware(get_response: Handler) -> Handler:
    """Activates the logged-in user's time zone for the length of the request.

    The user is loaded only where a session cookie came, so that pages for everybody stay free of
    queries and of `Vary: Cookie`."""

    if not iscoroutinefunction(get_response):

        def respond(request: HttpRequest) -> Any:
            with timezone.override(_zone(request.user) if _has_session(request) else None):
                return get_response(request)

        return respond

    async def arespond(request: HttpRequest) -> Any:
        with timezone.override(_zone(await request.auser()) if _has_session(request) else None):
            return await get_response(request)

    return arespond


def _has_session(request: HttpRequest) -> bool:
    return settings.SESSION_COOKIE_NAME in request.COOKIES


def _zone(user: Any) -> Any:
    """None, which stands for settings.TIME_ZONE, where nobody is logged in."""
    return zone_named(user.time_zone) if isinstance(user, User) else None
