"""Every HTTP request has an id: in each line of the log that comes of it, and in the answer."""

from collections.abc import Callable
from time import monotonic
from typing import Any

import structlog
from asgiref.sync import iscoroutinefunction
from django.http import HttpRequest, HttpResponseBase
from django.utils.decorators import sync_and_async_middleware
from structlog.contextvars import bound_contextvars

from voice.telemetry.journal import request_id

log = structlog.get_logger()

HEADER = "X-Request-ID"
ASKED_OFTEN = ("health", "ready", "metrics")
"""Routes that machines ask every few seconds: for DEBUG only."""

Handler = Callable[[HttpRequest], Any]


@sync_and_async_middleware
def RequestMiddleware(get_response: Handler) -> Handler:
    """Takes the id that came in X-Request-ID if it is sane, and makes one up otherwise."""
    if not iscoroutinefunction(get_response):

        def respond(request: HttpRequest) -> Any:
            given, began_at = request_id(request.headers.get(HEADER)), monotonic()
            with bound_contextvars(request=given):
                return _answered(request, get_response(request), given, began_at)

        return respond

    async def arespond(request: HttpRequest) -> Any:
        given, began_at = request_id(request.headers.get(HEADER)), monotonic()
        with bound_contextvars(request=given):
            return _answered(request, await get_response(request), given, began_at)

    return arespond


def _answered(
    request: HttpRequest, response: HttpResponseBase, given: str, began_at: float
) -> HttpResponseBase:
    response.headers[HEADER] = given
    match = request.resolver_match
    # The route and not the path, which says what somebody was looking for.
    route = match.route if match else ""
    say = log.debug if route.strip("/") in ASKED_OFTEN else log.info
    say(
        "request.done",
        method=request.method,
        route=route,
        status=response.status_code,
        user=_user(request),
        ms=round((monotonic() - began_at) * 1000, 1),
    )
    return response


def _user(request: HttpRequest) -> int | None:
    """Whoever it was looked up to be: asking would be a query of its own. Where the API's edge did,
    a token counts, whatever cookie came with it."""
    if caller := getattr(request, "caller", None):
        return caller.user.pk if caller.user else None
    known = getattr(request, "_cached_user", None) or getattr(request, "_acached_user", None)
    return getattr(known, "pk", None)
