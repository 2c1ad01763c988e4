"""All that is kept of somebody, as one JSON document in pieces, however long their history is.

`"format": 1` is {"format", "exported_at", "account", "conversations", "facts", "cached_answers"};
fields may be added to it, and never change their meaning. Times are ISO 8601 with the offset of the
user's zone. A fact's `replaced_by` is the `id` of a newer one, `turn_id` that of the turn it comes
from. Not in it: the password, and vectors and sound, which are made from the text that is.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.utils import timezone

from conversations.facts import shown
from conversations.models import CachedReply, Conversation, Memory, Session, Turn, User
from conversations.time_zones import zone_named

FORMAT = 1
ROWS = 500
"""Rows that are in memory at a time."""

Row = TypeVar("Row")


def document_of(user: User) -> Iterator[str]:
    """The pieces, to be written one after the other. Queries as it goes."""
    document = _Document(user)
    yield f'{{"format": {FORMAT}, "exported_at": {_json(document.time(timezone.now()))}'
    yield f',\n"account": {_json(document.account())}'
    yield ',\n"conversations": '
    yield from _array(_own(user.conversations.select_related("agent")), document.conversation)
    yield ',\n"facts": '
    facts = Memory.objects.filter(user=user).select_related("source").defer("embedding")
    yield from _array(_own(facts.order_by("pk")), _piece(document.fact))
    yield ',\n"cached_answers": '
    answers = shown.answers_of(user.pk).select_related("agent").defer("embedding")
    yield from _array(_own(answers.order_by("pk")), _piece(document.answer))
    yield "}\n"


class _Document:
    """What each row is in the document of one user."""

    def __init__(self, user: User) -> None:
        self._user = user
        self._zone = zone_named(user.time_zone) or ZoneInfo("UTC")

    def account(self) -> dict[str, Any]:
        user = self._user
        return {
            "id": user.pk,
            "username": user.get_username(),
            "first_name": user.first_name,
            "last_name": user.last_name,
            "email": user.email,
            "time_zone": user.time_zone,
            "key_terms": user.key_terms,
            "usual_pause_s": user.usual_pause_s,
            "memory_on": user.memory_on,
            "joined_at": self.time(user.date_joined),
            "last_login_at": self.time(user.last_login),
        }

    def conversation(self, row: Conversation) -> Iterator[str]:
        head = {
            "id": str(row.pk),
            "title": row.title,
            "agent": row.agent.name,
            "state": row.state,
            "started_at": self.time(row.started_at),
            "ended_at": self.time(row.ended_at),
            "summary": row.summary,
            "context": row.context,
            "summarised_to": row.summarised_to,
        }
        yield _json(head)[:-1]
        yield ',\n  "sessions": '
        yield from _array(_own(row.sessions.order_by("opened_at", "pk")), _piece(self.session))
        yield ',\n  "turns": '
        yield from _array(_own(row.utterances.order_by("started_at", "pk")), _piece(self.turn))
        yield "}"

    def session(self, row: Session) -> dict[str, Any]:
        return {
            "id": str(row.pk),
            "opened_at": self.time(row.opened_at),
            "closed_at": self.time(row.closed_at),
            "close_code": row.close_code,
            "providers": row.providers,
            "client": row.client,
        }

    def turn(self, row: Turn) -> dict[str, Any]:
        return {
            "id": row.pk,
            "turn": row.number,
            "role": row.role,
            "reply": row.reply,
            "source": row.source,
            "text": row.text,
            "interrupted": row.interrupted,
            "started_at": self.time(row.started_at),
            "ended_at": self.time(row.ended_at),
            "metrics": row.metrics,
            "sources": row.sources,
            "forgotten": row.is_forgotten,
        }

    def fact(self, row: Memory) -> dict[str, Any]:
        return {
            "id": row.pk,
            "text": row.text,
            "created_at": self.time(row.created_at),
            "confidence": row.confidence,
            "pinned": row.pinned,
            "replaced_by": row.superseded_by_id,
            "conversation_id": str(row.source.conversation_id) if row.source else None,
            "turn_id": row.source_id,
        }

    def answer(self, row: CachedReply) -> dict[str, Any]:
        return {
            "question": row.question,
            "answer": row.answer,
            "agent": row.agent.name,
            "language": row.language,
            "model_family": row.model_family,
            "only_for_you": row.user_id is not None,
            "hits": row.hits,
            "created_at": self.time(row.created_at),
            "used_at": self.time(row.used_at),
            "expires_at": self.time(row.expires_at),
            "turn_id": row.source_id,
        }

    def time(self, moment: datetime | None) -> str | None:
        return moment.astimezone(self._zone).isoformat() if moment else None


def _array(rows: Iterable[Row], pieces: Callable[[Row], Iterable[str]]) -> Iterator[str]:
    separator = "[\n"
    for row in rows:
        yield separator
        yield from pieces(row)
        separator = ",\n"
    yield "[]" if separator == "[\n" else "]"


def _piece(values: Callable[[Row], dict[str, Any]]) -> Callable[[Row], Iterable[str]]:
    return lambda row: [_json(values(row))]


def _own(rows: Any) -> Iterator[Any]:
    iterator: Iterator[Any] = rows.iterator(chunk_size=ROWS)
    return iterator


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
