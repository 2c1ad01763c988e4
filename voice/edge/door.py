"""Who may connect, and to what: reads a socket's address, cookie, token and origin.

Raises Refused with the close code that docs/protocol.md gives.
"""

from collections.abc import Mapping
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit
from uuid import UUID

from django.conf import settings
from django.http import parse_cookie
from django.http.request import split_domain_port, validate_host

from voice import store
from voice.edge import notices
from voice.edge.notices import BAD_REQUEST, Refused, final
from voice.edge.plain import PlainForms
from voice.store import Person

RATES_HZ = (8_000, 16_000, 24_000, 44_100, 48_000)

Scope = Mapping[str, Any]


class Address:
    """What the client asked for in path, query and headers."""

    def __init__(self, scope: Scope) -> None:
        self._query: dict[str, list[str]] = parse_qs(scope["query_string"].decode("latin-1"))
        self._headers: dict[str, str] = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        self._id = scope["url_route"]["kwargs"].get("id", "new")
        self.is_plain = "id" not in scope["url_route"]["kwargs"]
        """`/ws`: no id, and every message in a plain form too."""

    @property
    def agent(self) -> str | None:
        slug = self._asked("agent")
        if slug and "\0" in slug:  # PostgreSQL refuses to look for it
            raise Refused(notices.no_such_agent(slug))
        return slug

    @property
    def client(self) -> str:
        return self._headers.get("user-agent", "")

    @property
    def request_id(self) -> str | None:
        """What it calls this connection."""
        return self._headers.get("x-request-id")

    @property
    def audio(self) -> Literal["binary", "base64"]:
        match self._asked("audio") or ("base64" if self.is_plain else "binary"):
            case "binary":
                return "binary"
            case "base64":
                return "base64"
        raise Refused(final(BAD_REQUEST, "“audio” is “binary” or “base64”."))

    @property
    def rate_hz(self) -> int:
        asked = self._asked("rate") or "16000"
        if asked not in map(str, RATES_HZ):
            allowed = ", ".join(map(str, RATES_HZ))
            raise Refused(final(BAD_REQUEST, f"“rate” is one of {allowed}."))
        return int(asked)

    @property
    def conversation(self) -> UUID | None:
        """None for a new one."""
        if self._id == "new":
            return None
        try:
            return UUID(self._id)
        except ValueError as error:
            raise Refused(notices.WRONG_ID) from error

    @property
    def plain(self) -> PlainForms | None:
        return PlainForms() if self.is_plain else None

    @property
    def token(self) -> str | None:
        kind, _, credentials = self._headers.get("authorization", "").partition(" ")
        return self._asked("token") or (credentials.strip() if kind.lower() == "bearer" else None)

    @property
    def login(self) -> str | None:
        """The key of the browser's Django session."""
        return parse_cookie(self._headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME)

    @property
    def is_from_this_site(self) -> bool:
        origin, host = self._headers.get("origin", ""), self._headers.get("host", "")
        if origin in settings.CSRF_TRUSTED_ORIGINS:
            return True
        domain, _ = split_domain_port(host)
        return urlsplit(origin).netloc == host and validate_host(domain, settings.ALLOWED_HOSTS)

    def _asked(self, name: str) -> str | None:
        return self._query.get(name, [None])[0]


async def identify(address: Address) -> Person:
    """Who it is, by token or by cookie. A cookie counts only from a page of this site: browsers
    send it along from any."""
    if address.token is not None:
        person = await store.person_of_token(address.token)
        if person is None:
            raise Refused(notices.WRONG_TOKEN)
        return person
    if not address.is_from_this_site:
        raise Refused(notices.WRONG_ORIGIN)
    person = await store.person_of_login(address.login)
    if person is None:
        raise Refused(notices.NO_LOGIN)
    return person
