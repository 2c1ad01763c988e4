"""What a page may look at over its socket, and what its reader must be allowed to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, get_args
from urllib.parse import parse_qsl
from uuid import UUID

from conversations.measures import Span
from conversations.roles import READ_WORDS, SEE_HEALTH

SPANS: tuple[Span, ...] = get_args(Span)
_SPANS: dict[str, Span] = {span: span for span in SPANS}


@dataclass(frozen=True, slots=True)
class Figures:
    """How the site has been doing."""

    type: ClassVar[str] = "figures"
    permission: ClassVar[str] = SEE_HEALTH
    span: Span


@dataclass(frozen=True, slots=True)
class Sessions:
    """Who is talking."""

    type: ClassVar[str] = "sessions"
    permission: ClassVar[str] = SEE_HEALTH


@dataclass(frozen=True, slots=True)
class Applied:
    """Which running sessions of an agent have its newest version."""

    type: ClassVar[str] = "applied"
    permission: ClassVar[str] = SEE_HEALTH
    agent: int


@dataclass(frozen=True, slots=True)
class Captions:
    """What both sides say in one conversation."""

    type: ClassVar[str] = "captions"
    permission: ClassVar[str] = READ_WORDS
    conversation: UUID


Topic = Figures | Sessions | Applied
"""Read for everybody at once."""


class Unknown(ValueError):
    """There is no such thing to look at."""


def topic_of(query: str) -> Topic | Captions:
    """What the query of a socket's address asks for. Raises Unknown."""
    asked = dict(parse_qsl(query))
    try:
        return _topic_of(asked)
    except (KeyError, ValueError) as error:
        raise Unknown(query) from error


def _topic_of(asked: Mapping[str, str]) -> Topic | Captions:
    match asked["topic"]:
        case Figures.type:
            return Figures(_SPANS[asked["span"]])
        case Sessions.type:
            return Sessions()
        case Applied.type:
            return Applied(_key(asked["agent"]))
        case Captions.type:
            return Captions(UUID(asked["conversation"]))
    raise Unknown(asked["topic"])


def _key(text: str) -> int:
    """A number that a row may have. Raises ValueError."""
    if not 0 <= int(text) < 2**63:
        raise ValueError(text)
    return int(text)
