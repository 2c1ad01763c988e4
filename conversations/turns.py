"""What was said, kept turn by turn while a conversation runs. Part of services.py.

Each call is one transaction; work on what is new in it is put off in that transaction, too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from conversations import jobs
from conversations.models import Conversation, Passage, Turn
from conversations.text import storable
from conversations.titles import title_from

SUMMARY_EVERY = 5
"""Turns that may have left the prompt before the summary takes them in."""


@transaction.atomic
def record_user_turn(
    conversation_id: UUID,
    number: int,
    *,
    text: str,
    source: str,
    started_at: datetime,
    ended_at: datetime,
    metrics: Mapping[str, object] | None = None,
) -> Turn:
    """What the user said in turn `number`. A second call with the same number replaces the first:
    they went on speaking. The first words become the conversation's title.

    metrics: how the microphone sounded, as in `audio_metrics`."""
    conversation = locked(conversation_id)
    before = conversation.utterances.filter(number=number, role=Turn.Role.USER).first()
    if conversation.title in ("", title_from(before.text if before else "")):
        conversation.title = title_from(storable(text))
    grew = number > conversation.turns
    conversation.turns = max(conversation.turns, number)
    conversation.save(update_fields=["title", "turns"])
    turn, _ = conversation.utterances.update_or_create(
        number=number,
        role=Turn.Role.USER,
        defaults={
            "text": storable(text),
            "source": source,
            "started_at": started_at,
            "ended_at": ended_at,
            "metrics": dict(metrics or {}),
        },
    )
    _embed(turn, before)
    if grew and _wants_summary(conversation):
        jobs.defer("summarise", conversation_id=conversation.pk)
    return turn


@transaction.atomic
def record_reply(
    conversation_id: UUID,
    number: int,
    *,
    reply: int,
    text: str,
    source: str,
    interrupted: bool,
    started_at: datetime,
    ended_at: datetime,
    metrics: Mapping[str, Any],
    sources: Sequence[Mapping[str, str]] = (),
) -> Turn:
    """What was heard of reply `reply` to turn `number` (0: to none). A second call with the same
    reply replaces the first. What answers a forgotten turn is forgotten.

    sources: title and url of the web pages that it rests on."""
    conversation = locked(conversation_id)
    conversation.replies = max(conversation.replies, reply)
    conversation.save(update_fields=["replies"])
    before = conversation.utterances.filter(reply=reply).first()
    asked = conversation.utterances.filter(number=number, role=Turn.Role.USER)
    is_forgotten = asked.filter(is_forgotten=True).exists()
    turn, _ = conversation.utterances.update_or_create(
        reply=reply,
        defaults={
            "role": Turn.Role.ASSISTANT,
            "number": number,
            "text": storable(text),
            "source": source,
            "interrupted": interrupted,
            "started_at": started_at,
            "ended_at": ended_at,
            "metrics": dict(metrics),
            "sources": [dict(source) for source in sources],
            **({"is_forgotten": True} if is_forgotten else {}),
        },
    )
    _embed(turn, before)
    return turn


def record_metrics(conversation_id: UUID, *, reply: int, metrics: Mapping[str, Any]) -> bool:
    """Replace the timings of a reply that is recorded already. False when it is not, and nothing
    is kept: give them to `record_reply`."""
    rows = Turn.objects.filter(conversation_id=conversation_id, reply=reply)
    return rows.update(metrics=dict(metrics)) == 1


def _embed(turn: Turn, before: Turn | None) -> None:
    """Its passage is to be of the newest text. The row was written already, and the passage goes
    after that: whoever makes one at this moment (passages.py) holds or waits for the row."""
    if before and before.text == turn.text:
        return
    Passage.objects.filter(turn=turn).delete()
    if turn.text.strip() and not turn.is_forgotten:
        jobs.defer("embed_turn", turn_id=turn.pk)


def _wants_summary(conversation: Conversation) -> bool:
    """Again and again while nobody comes round to it, but not with each turn."""
    left_out = conversation.turns - conversation.summarised_to - conversation.agent.turns_kept
    return left_out > 0 and left_out % SUMMARY_EVERY == 0


def locked(conversation_id: UUID) -> Conversation:
    return Conversation.objects.select_for_update().get(pk=conversation_id)
