"""Reads for the page of what is known about somebody."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from django.db.models import Q, QuerySet

from conversations import embeddings, facts
from conversations.models import CachedReply, Conversation, Memory, Passage, Turn

UNSURE = 0.7
"""Confidence below which the page says that a fact may be wrong."""
FOUND_MAX = 20


class Origin(Enum):
    TOLD = "told"
    """They asked for it to be remembered."""
    CORRECTED = "corrected"
    """They wrote it on the page, in place of another."""
    GATHERED = "gathered"
    """Taken from what they said."""


@dataclass(frozen=True, slots=True)
class Known:
    """A fact as the page shows it."""

    fact: Memory
    earlier: tuple[Memory, ...]
    """What it replaced, directly or by way of others, the newest first."""

    @property
    def origin(self) -> str:
        return _origin(self.fact, replaces=bool(self.earlier)).value

    @property
    def is_unsure(self) -> bool:
        return self.fact.confidence < UNSURE

    @property
    def turn(self) -> Turn | None:
        """Where it was said, with its conversation; None where that is gone or was nowhere."""
        return self.fact.source


@dataclass(frozen=True, slots=True)
class Stored:
    """How much there is to forget."""

    facts: int
    earlier: int
    turns: int
    summaries: int
    answers: int

    @property
    def is_nothing(self) -> bool:
        return not any((self.facts, self.earlier, self.turns, self.summaries, self.answers))


def facts_of(user_id: int) -> QuerySet[Memory]:
    """What holds today, pinned ones first, then the newest."""
    return _shown(facts.current(user_id)).order_by("-pinned", "-created_at", "-pk")


def fact_of(user_id: int, memory_id: int) -> Memory:
    """A fact that holds today. Raises Memory.DoesNotExist, for somebody else's too."""
    return _shown(facts.current(user_id)).get(pk=memory_id)


def matching(user_id: int, text: str) -> list[Memory]:
    """Facts that have every word of `text`, then those that are near in meaning, once the model is
    warm."""
    rows = _shown(facts.current(user_id))
    found = {fact.pk: fact for fact in facts.speaking_of(rows, text)[:FOUND_MAX]}
    if vector := embeddings.embed_if_ready(text):
        near = facts.nearest(rows, vector, facts.RELEVANT)[:FOUND_MAX]
        found |= {fact.pk: fact for fact in near if fact.pk not in found}
    return list(found.values())[:FOUND_MAX]


def with_history(user_id: int, shown: Iterable[Memory]) -> list[Known]:
    """Each with what it replaced, in one query for all."""
    replaced: dict[int, list[Memory]] = defaultdict(list)
    rows = Memory.objects.filter(user_id=user_id, superseded_by__isnull=False)
    for old in rows.defer("embedding"):
        assert old.superseded_by_id is not None
        replaced[old.superseded_by_id].append(old)
    return [Known(fact, tuple(_earlier(fact, replaced))) for fact in shown]


def stored(user_id: int) -> Stored:
    rows = Memory.objects.filter(user_id=user_id)
    return Stored(
        facts=rows.filter(superseded_by=None).count(),
        earlier=rows.exclude(superseded_by=None).count(),
        turns=Passage.objects.filter(user_id=user_id).count(),
        summaries=Conversation.objects.filter(user_id=user_id).exclude(summary="").count(),
        answers=answers_of(user_id).count(),
    )


def answers_of(user_id: int) -> QuerySet[CachedReply]:
    """Cached answers that were given to them, whoever may get them again."""
    return CachedReply.objects.filter(Q(user=user_id) | Q(source__conversation__user=user_id))


def learnt_from(conversation: Conversation) -> QuerySet[Memory]:
    return Memory.objects.filter(source__conversation=conversation).defer("embedding")


def _origin(fact: Memory, *, replaces: bool) -> Origin:
    """Nothing but the user's own request is certain; what they write on the page has no turn."""
    if fact.confidence < 1.0:
        return Origin.GATHERED
    return Origin.CORRECTED if replaces and fact.source_id is None else Origin.TOLD


def _earlier(fact: Memory, replaced: dict[int, list[Memory]]) -> Sequence[Memory]:
    found: list[Memory] = []
    waiting = [fact.pk]
    seen = {fact.pk}
    while waiting:
        olds = [old for old in replaced[waiting.pop()] if old.pk not in seen]
        seen.update(old.pk for old in olds)
        waiting += [old.pk for old in olds]
        found += olds
    return sorted(found, key=lambda old: (old.created_at, old.pk), reverse=True)


def _shown(rows: QuerySet[Memory]) -> QuerySet[Memory]:
    return rows.select_related("source__conversation").defer("embedding")
