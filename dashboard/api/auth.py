"""Log-ins of clients without a browser."""

import json
from typing import Any

from django.conf import settings
from ninja import Router, Schema, Status
from pydantic import ConfigDict, Field

from conversations import login_limit, tokens
from conversations.text import storable
from dashboard.api.caller import ApiRequest
from dashboard.api.problems import Problem

router = Router(tags=["Logging in"])

EXPECTED = 'Send a JSON object {"username": "…", "password": "…"}, both as text.'


class Credentials(Schema):
    username: str = Field(pattern=r"^[^\x00]+$")
    password: str = Field(pattern=r"^[^\x00]+$")


class Tokens(Schema):
    access: str = Field(description="`Authorization: Bearer …`, or `?token=` of the WebSocket.")
    expires_in_s: int = Field(description="How long `access` is good for.")
    refresh: str = Field(description="For the next pair, once. One used twice ends the log-in.")


class Refresh(Schema):
    model_config = ConfigDict(extra="forbid")
    refresh: str = Field(max_length=2_000)


BODY = {
    "requestBody": {
        "required": True,
        "content": {"application/json": {"schema": Credentials.json_schema()}},
    }
}


@router.post("/auth/token", auth=None, response=Tokens, openapi_extra=BODY, summary="Log in")
def token(request: ApiRequest) -> dict[str, Any]:
    """400 for a body that is none, 401 for a wrong name or password, 429 after ten attempts in a
    quarter of an hour. The reason stands in `detail`, and in `error` as well."""
    try:
        username, password = _credentials(request.body)
        user = login_limit.checked(request, username=username, password=password)
    except ValueError as error:
        raise _failed(400, str(error)) from error
    except login_limit.TooManyAttempts as error:
        wait = {"Retry-After": str(login_limit.WINDOW_S)}
        raise _failed(429, "Too many attempts.", wait) from error
    if user is None:
        raise _failed(401, "Wrong username or password.")
    return _shown(tokens.log_in(user, client=request.headers.get("User-Agent", "")))


@router.post("/auth/refresh", auth=None, response=Tokens, summary="Stay logged in")
def refresh(request: ApiRequest, body: Refresh) -> dict[str, Any]:
    """The next pair. A refresh token is good for one use, and for 30 days; one that comes a second
    time ends the log-in, since somebody else has it too."""
    try:
        return _shown(tokens.refresh(body.refresh))
    except tokens.Invalid as error:
        raise Problem(401, "This refresh token holds no more: log in again.") from error


@router.post("/auth/revoke", auth=None, response={204: None}, summary="Log out")
def revoke(request: ApiRequest, body: Refresh) -> Status[None]:
    """Ends the log-in: its access tokens hold no more, and its WebSockets are closed within a
    minute. A refresh token that is no good is answered the same."""
    tokens.revoke(body.refresh)
    return Status(204, None)


def _shown(pair: tokens.Pair) -> dict[str, Any]:
    return {
        "access": pair.access,
        "expires_in_s": settings.ACCESS_TOKEN_S,
        "refresh": pair.refresh,
    }


def _failed(status: int, reason: str, headers: dict[str, str] | None = None) -> Problem:
    """With `error`, where clients from before the problem details look."""
    return Problem(status, reason, headers=headers, error=reason)


def _credentials(body: bytes) -> tuple[str, str]:
    """Raises ValueError that says what a good body looks like."""
    match _json(body):
        case {"username": str(username), "password": str(password)} if username and password:
            if storable(username + password) == username + password:
                return username, password
    raise ValueError(EXPECTED)


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
