"""The rows of the cache: kept, counted, dropped."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.db.models.functions import Now

from conversations.cache.deciding import said
from conversations.cache.finding import Partition
from conversations.cache.keeping import Given, why_not_kept
from conversations.cache.questions import is_personal, why_not_asked
from conversations.models import Agent, CachedReply, Turn
from conversations.text import storable, words_alone

TTL = timedelta(days=7)
ENTRIES_MAX = 5_000
"""What was not used for longest goes first. A partition of that size is searched in 5 ms."""


@transaction.atomic
def keep(
    partition: Partition,
    given: Given,
    vector: Sequence[float],
    *,
    conversation: UUID,
    reply: int,
) -> int | str:
    """The id of the entry that holds this answer from now on, or why it is not kept.

    conversation, reply: where it was given; the entry goes when that goes. One that touches the
    person, or was given after something that did, is kept for them alone. Whoever has memory
    switched off leaves nothing behind."""
    if reason := why_not_kept(given):
        return reason
    # One at a time for each agent: two who ask the same at once make one entry.
    agents = Agent.objects.select_for_update(no_key=True)
    if not agents.filter(pk=partition.agent, version=partition.version).exists():
        return "version"
    source = _source(conversation, reply)
    if source is None or not source.conversation.user.memory_on:
        return "forgotten"
    user = None if _is_anybodys(given) else partition.user
    if known := _same(partition, given.question, user):
        return "known" if known.answer != given.answer else known.pk
    entry = CachedReply.objects.create(
        agent_id=partition.agent,
        agent_version=partition.version,
        language=partition.language,
        model_family=partition.model_family,
        user_id=user,
        question=storable(given.question),
        answer=storable(given.answer),
        expires_at=Now() + TTL,
        source=source,
        embedding=vector,
    )
    clear()
    return entry.pk


def _is_anybodys(given: Given) -> bool:
    """Nothing in it, and nothing that the model was told beside it, is of the one who asked: all
    they said before were questions that anybody asks."""
    said_before = (why_not_asked(said, language=given.language) for said in given.said_before)
    return not is_personal(given.question, given.answer) and not any(said_before)


def _source(conversation: UUID, reply: int) -> Turn | None:
    """Locked, so that whoever forgets it just now forgets this with it."""
    turns = Turn.objects.select_for_update(of=("self",)).select_related("conversation__user")
    return turns.filter(conversation_id=conversation, reply=reply, is_forgotten=False).first()


def _same(partition: Partition, question: str, user: int | None) -> CachedReply | None:
    words = words_alone(question)
    owner = Q(user=None) if user is None else Q(user_id=user)
    rows = _of(partition).filter(owner, expires_at__gt=Now()).defer("embedding")
    likely = rows.filter(question__istartswith=words[0]) if words else rows.none()
    wanted = said(question)
    return next((row for row in likely if said(row.question) == wanted), None)


def _of(partition: Partition) -> QuerySet[CachedReply]:
    return CachedReply.objects.filter(
        Q(user=None) | Q(user_id=partition.user, user__memory_on=True),
        agent_id=partition.agent,
        agent_version=partition.version,
        language=partition.language,
        model_family=partition.model_family,
    )


def count_hit(entry: int) -> None:
    """It was given again."""
    CachedReply.objects.filter(pk=entry).update(hits=F("hits") + 1, used_at=Now())


def drop(entry: int) -> None:
    """It was no good. Nothing happens when it is gone already."""
    CachedReply.objects.filter(pk=entry).delete()


def purge(agent_id: int | None = None) -> int:
    """Forget all answers, or those of one agent. Returns how many."""
    rows = CachedReply.objects.all() if agent_id is None else _of_agent(agent_id)
    return _deleted(rows)


def clear(entries_max: int = ENTRIES_MAX) -> int:
    """Remove what nobody can reach any more, and beyond `entries_max` what was not used for
    longest. Returns how many answers."""
    stale = Q(expires_at__lte=Now()) | ~Q(agent__version=F("agent_version"))
    newest_first = CachedReply.objects.order_by("-used_at", "-pk").values_list("pk", flat=True)
    return _deleted(CachedReply.objects.filter(stale)) + _deleted(
        CachedReply.objects.filter(pk__in=list(newest_first[entries_max:]))
    )


def _of_agent(agent_id: int) -> QuerySet[CachedReply]:
    return CachedReply.objects.filter(agent_id=agent_id)


def _deleted(rows: QuerySet[CachedReply]) -> int:
    _, counts = rows.delete()
    return counts.get(CachedReply._meta.label, 0)
