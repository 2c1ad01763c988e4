"""The API as a whole: its routers, its schema, and its addresses."""

from functools import cache
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError
from ninja.openapi.docs import Swagger
from ninja.openapi.schema import OpenAPISchema, get_schema
from ninja.operation import Operation

from dashboard.api import (
    auth,
    conversations,
    documents,
    health,
    info,
    memories,
    metrics,
    openapi,
    problems,
    providers,
    sessions,
    steering,
)
from dashboard.api.caller import LOGGED_IN
from dashboard.api.edge import ASKS_NOBODY, behind_the_edge

DESCRIPTION = """Users see what is their own; staff sees everybody's with the permission for it.
A browser comes in with its cookie (and `X-CSRFToken` where something is changed), everybody else
with `Authorization: Bearer` and the access token of `POST /auth/token`.
Lists come in pages: `limit` items, and the `next` of one page is the `cursor` of the following.
What goes wrong is told as problem details (RFC 9457).
The WebSocket is described in [/asyncapi.yaml](/asyncapi.yaml)."""

PREFIXES = ("api/", "auth/", "sessions/", "metrics/")
"""What is not found below these is a problem, and no page."""


class Docs(Swagger):
    """Swagger UI from the files that the framework brings, on a page of ours."""

    template = "api/docs.html"


class Api(NinjaAPI):
    def get_openapi_operation_id(self, operation: Operation) -> str:
        return operation.view_func.__name__

    def get_openapi_schema(self, **_: Any) -> OpenAPISchema:
        return _schema()


api = Api(
    title="Voice Assistant",
    version="1",
    description=DESCRIPTION,
    urls_namespace="api",
    auth=LOGGED_IN,
    docs=Docs(),
)
for _noun in (
    *(info, health, providers, auth, documents),
    *(sessions, steering, conversations, memories),
    metrics,
):
    api.add_router("", _noun.router)
for _error in (Exception, Http404, HttpError, ValidationError):
    api.add_exception_handler(_error, problems.answer)  # type: ignore[arg-type]


@cache
def _schema() -> OpenAPISchema:
    """Made once: it depends on the code and the settings alone."""
    document = get_schema(api, path_prefix="")
    openapi.with_problems(document, unlimited={f"/{name}" for name in ASKS_NOBODY})
    return document


@csrf_exempt  # there is nothing to forge
def not_found(request: HttpRequest) -> HttpResponse:
    raise Http404


def urls() -> tuple[list[URLPattern], str, str]:
    """For `path("", …)`: every address is an exact one."""
    found, application, namespace = api.urls
    patterns = [pattern for pattern in found if isinstance(pattern, URLPattern)]
    patterns.append(re_path(f"^(?:{'|'.join(PREFIXES)})", not_found, name="not-found"))
    return [behind_the_edge(pattern) for pattern in patterns], application, namespace
