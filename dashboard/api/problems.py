"""What goes wrong, told as problem details (RFC 9457): `application/problem+json`."""

import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import (
    ObjectDoesNotExist,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.db import OperationalError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from ninja import Schema
from ninja.errors import AuthenticationError, HttpError
from ninja.errors import ValidationError as Unfit
from pydantic import Field

from conversations.context import Outdated
from voice.live import LiveUnavailable
from voice.steering import NotAnswered, NotRunning

log = structlog.get_logger()

MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
OUTDATED = (
    "Somebody has changed it since, and nothing was saved: get it again, put yours to what stands "
    "there, and send the new ETag as If-Match."
)


class Problem(Exception):
    """Ends a request with this status; `detail` is a sentence for the client's author.

    headers: of the answer. more: further members of the document."""

    def __init__(
        self, status: int, detail: str, *, headers: Mapping[str, str] | None = None, **more: Any
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.headers = headers or {}
        self.document = {
            "type": "about:blank",
            "title": HTTPStatus(status).phrase,
            "status": status,
            "detail": detail,
            **more,
        }


class Misfit(Schema):
    """One thing that is wrong with what was sent."""

    place: str = Field(description="`body`, `query` or `path`, and the field, with dots.")
    detail: str


class ProblemDetails(Schema):
    """Problem details as in RFC 9457."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Misfit] | None = Field(None, description="Of a 422: all that is wrong.")


def answer(request: HttpRequest, error: Exception) -> HttpResponse:
    """The answer to a request that ended with this exception. One that nobody has foreseen is
    logged with its traceback, and tells the client nothing."""
    problem = of(error)
    if problem.status == HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("api.failed", path=request.path, method=request.method, exc_info=error)
    return JsonResponse(
        problem.document, status=problem.status, content_type=MEDIA_TYPE, headers=problem.headers
    )


def of(error: Exception) -> Problem:
    """What this exception is to a client."""
    match error:
        case Problem():
            return error
        case Http404():
            return Problem(404, str(error) or "There is nothing at this address.")
        case ObjectDoesNotExist():
            return Problem(404, "It was deleted meanwhile.")
        case Unfit():
            return _unfit(error)
        case ValidationError():
            return Problem(422, " ".join(error.messages))
        case Outdated():
            return Problem(412, f"{error} {OUTDATED}")
    return _refused(error) or _unavailable(error) or Problem(500, "Something broke in the server.")


def not_allowed(response: HttpResponse) -> Problem:
    """For a method that an address does not know, as Django answers it."""
    allowed = response.headers["Allow"]
    return Problem(405, f"This address takes {allowed}.", headers={"Allow": allowed})


def too_many(wait_s: float) -> Problem:
    seconds = math.ceil(wait_s)
    headers = {"Retry-After": str(seconds)}
    return Problem(429, f"Too many requests: wait {seconds} s.", headers=headers)


def _refused(error: Exception) -> Problem | None:
    match error:
        case AuthenticationError():
            who = {"WWW-Authenticate": "Bearer"}
            return Problem(401, "Log in, or send an access token that holds.", headers=who)
        case HttpError():
            return Problem(error.status_code, str(error))
        case RequestDataTooBig():
            return Problem(413, "The body is too large.")
        case SuspiciousOperation():
            return Problem(400, "The request cannot be read.")
    return None


def _unavailable(error: Exception) -> Problem | None:
    again = {"Retry-After": str(RETRY_AFTER_S)}
    match error:
        case OperationalError():
            log.warning("api.database_away", error=str(error))
            return Problem(503, "The database does not answer.", headers=again)
        case LiveUnavailable():
            return Problem(503, "Running sessions cannot be seen just now.", headers=again)
        case NotRunning():
            return Problem(404, "This session does not run any more.")
        case NotAnswered():
            silent = "The process that runs this session did not answer."
            return Problem(504, f"{silent} It may have been done all the same.")
    return None


def _unfit(error: Unfit) -> Problem:
    misfits = [{"place": _place(*each["loc"]), "detail": each["msg"]} for each in error.errors]
    summary = "; ".join(f"{each['place']}: {each['detail']}" for each in misfits)
    return Problem(422, summary, errors=misfits)


def _place(part: str, *path: str | int) -> str:
    """With dots. Of a body, the framework names our argument first."""
    return ".".join(map(str, (part, *path[1:]) if part == "body" else (part, *path)))
