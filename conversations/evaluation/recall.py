"""How much of what a question needs the real recall finds in a dialogue."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from time import perf_counter
from uuid import uuid4

from django.db import transaction

from conversations import embeddings
from conversations.evaluation.dialogues import Dialogue, Question, Said
from conversations.memory import passages, recollect
from conversations.models import Agent, Conversation, Turn, User

TICK = timedelta(microseconds=1)
"""Keeps turns of the same moment in order."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, the ids of the turns that would enter the prompt for it in their order, and how
    long finding them took beyond the question's embedding."""

    question: Question
    found: tuple[str, ...]
    took_ms: float

    def recall(self, k: int) -> float:
        """The share of the evidence among the first k."""
        evidence = self.question.evidence
        return len(evidence.intersection(self.found[:k])) / len(evidence)


def ask_all(dialogue: Dialogue) -> list[Asked]:
    """Import the dialogue as this user's conversations, ask each question in a new conversation,
    and leave nothing behind, whatever happens."""
    with transaction.atomic():
        user, agent = _two(dialogue)
        ids = dict(_imported(dialogue, user, agent))
        passages.embed(ids.keys())
        now = Conversation.objects.create(user=user, agent=agent)
        asked = [_ask(user, now, question, ids) for question in dialogue.answerable()]
        transaction.set_rollback(True)
    return asked


def figures(asked: Sequence[Asked], ks: Sequence[int]) -> dict[str, object]:
    """The line of JSON that the command ends with. by_category is at k = 10."""
    took = sorted(one.took_ms for one in asked)
    return {
        **{f"recall@{k}": _mean([one.recall(k) for one in asked]) for k in ks},
        "by_category": {
            category: _mean([one.recall(10) for one in asked if one.question.category == category])
            for category in sorted({one.question.category for one in asked})
        },
        "questions": len(asked),
        "p50_ms": percentile(took, 0.5),
        "p95_ms": percentile(took, 0.95),
    }


def percentile(ordered: Sequence[float], share: float) -> float | None:
    """Of sorted values; None of none."""
    return round(ordered[int(share * (len(ordered) - 1))], 2) if ordered else None


def _two(dialogue: Dialogue) -> tuple[User, Agent]:
    name = f"eval-{uuid4().hex}"
    called = dialogue.called("user")[:150]
    user = User.objects.create(username=name, first_name=called, is_active=False)
    return user, Agent.objects.create(name=dialogue.called("assistant")[:80], slug=name)


def _imported(dialogue: Dialogue, user: User, agent: Agent) -> Iterator[tuple[int, str]]:
    """Turn → the id that the file gives it."""
    for turns in dialogue.conversations():
        conversation = Conversation.objects.create(user=user, agent=agent, started_at=turns[0].at)
        rows = Turn.objects.bulk_create(_rows(conversation, turns))
        yield from zip((row.pk for row in rows), (turn.id for turn in turns), strict=True)


def _rows(conversation: Conversation, turns: Sequence[Said]) -> Iterator[Turn]:
    number = replies = 0
    for index, turn in enumerate(turns):
        is_reply = turn.role == Turn.Role.ASSISTANT
        number, replies = number + (not is_reply), replies + is_reply
        at = turn.at + index * TICK
        yield Turn(
            conversation=conversation,
            number=number,
            reply=replies if is_reply else None,
            role=turn.role,
            text=turn.text,
            started_at=at,
            ended_at=at,
        )


def _ask(user: User, now: Conversation, question: Question, ids: dict[int, str]) -> Asked:
    [vector] = embeddings.embed([question.text])
    started = perf_counter()
    recalled = recollect(user.pk, question.text, vector=vector, conversation_id=now.pk)
    took_ms = (perf_counter() - started) * 1000
    return Asked(question, tuple(ids[turn.id] for turn in recalled.turns), took_ms)


def _mean(values: Sequence[float]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None
