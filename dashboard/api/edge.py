"""What every request to the API passes: it is found out who asks, they are counted, and what goes
wrong comes out as a problem."""

from collections.abc import Awaitable, Callable
from functools import wraps
from inspect import iscoroutinefunction
from typing import Any

from asgiref.sync import sync_to_async
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.urls import URLPattern

from dashboard.api import problems, rates
from dashboard.api.caller import Caller, identified
from dashboard.api.rates import Spent

View = Callable[..., Any]

ASKS_NOBODY = ("health", "ready")
"""Answered without the database and the cache, which may be what is wrong; by URL name."""


def behind_the_edge(pattern: URLPattern) -> URLPattern:
    """The same address; its view is given a request with `caller`."""
    admit = _nobody if pattern.name in ASKS_NOBODY else _admitted
    view = _edged(pattern.callback, admit)
    return URLPattern(pattern.pattern, view, pattern.default_args, pattern.name)


def _edged(view: View, admit: Callable[[HttpRequest], Awaitable[Spent | None]]) -> View:
    inner = view if iscoroutinefunction(view) else sync_to_async(view)

    @wraps(view)
    async def respond(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method == "HEAD":  # answered as a GET; the server leaves out the body
            request.method = "GET"
        spent = None
        try:
            spent = await admit(request)
            if spent and spent.is_too_much:
                raise problems.too_many(spent.left_s)
            response = await inner(request, *args, **kwargs)
            if isinstance(response, HttpResponseNotAllowed):
                raise problems.not_allowed(response)
        except Exception as error:
            response = problems.answer(request, error)
        return _finished(response, spent)

    return respond


async def _nobody(request: HttpRequest) -> None:
    request.caller = Caller()  # type: ignore[attr-defined]


async def _admitted(request: HttpRequest) -> Spent | None:
    return await sync_to_async(_identify_and_count)(request)


def _identify_and_count(request: HttpRequest) -> Spent | None:
    caller = identified(request)
    request.caller = caller  # type: ignore[attr-defined]
    address = request.META.get("REMOTE_ADDR", "")
    return rates.spend(f"user:{caller.user.pk}" if caller.user else f"address:{address}")


def _finished(response: HttpResponse, spent: Spent | None) -> HttpResponse:
    for name, value in (spent.headers if spent else {}).items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", "no-store")
    return response
