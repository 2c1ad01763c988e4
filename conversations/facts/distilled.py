"""What becomes of the facts that a language model found in a piece of a conversation.

They are written together with `distilled_to`: whoever dies before that repeats this one piece, and
nothing is written twice.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Q

from conversations import embeddings, facts
from conversations.facts.pieces import Piece
from conversations.facts.remembering import of_the_same_slot, replace
from conversations.models import FACT_LENGTH, Conversation, Memory, Turn, User
from conversations.sameness.question import Question
from conversations.sameness.rules import negation, numbers
from conversations.text import storable, words_alone

CONFIDENCE_MAX = 0.95
"""Of what a model found. What the user asked to remember or corrected has 1.0."""
WORDS_OF_CHANGE = frozenset(
    {"actually", "anymore", "changed", "correction", "instead", "longer", "meant", "moved", "now"}
    | {"remember", "since", "switched", "used", "wrong"}
)


@dataclass(frozen=True, slots=True)
class DistilledFact:
    text: str
    turn: int
    """The user turn that states it."""
    confidence: float
    supersedes: int | None = None
    """Id of a known fact that is not true any more."""


@transaction.atomic
def keep(piece: Piece, found: Sequence[DistilledFact]) -> int:
    """Write what was found in a piece, and that it was looked at. Returns how many facts were new.
    Nothing is written when the piece was kept before, the conversation went on or is gone, or
    memory was switched off meanwhile; nor is a fact whose source is not a user turn of the piece,
    or was forgotten."""
    vectors = [embeddings.embed([fact.text])[0] for fact in found]
    owner = User.objects.select_for_update(no_key=True).filter(pk=piece.user_id, memory_on=True)
    due = Conversation.objects.filter(
        pk=piece.conversation, user=piece.user_id, distilled_to=piece.since
    ).exclude(state=Conversation.State.OPEN)
    if owner.first() is None or not due.update(distilled_to=piece.to):
        return 0
    return sum(_keep_fact(piece, fact, vector) for fact, vector in zip(found, vectors, strict=True))


def _keep_fact(piece: Piece, found: DistilledFact, vector: Sequence[float]) -> bool:
    text, source = " ".join(storable(found.text).split())[:FACT_LENGTH], _source(piece, found)
    if source is None:
        return False
    old = _replaced_by(piece, found, text)
    if _is_known(piece.user_id, text, vector, source.started_at, is_change=bool(old)):
        return False
    confidence = min(found.confidence, CONFIDENCE_MAX)
    if any(_is_protected(fact, confidence) for fact in old) and not says_so(source.text, text):
        return False
    new = Memory.objects.create(
        user_id=piece.user_id,
        text=text,
        source=source,
        confidence=confidence,
        created_at=source.started_at,
        embedding=vector,
    )
    for fact in old:
        _order(fact, new)
    return True


def _source(piece: Piece, found: DistilledFact) -> Turn | None:
    if not piece.since < found.turn <= piece.to:
        return None
    said_by_user = Turn.objects.filter(role=Turn.Role.USER, is_forgotten=False)
    return said_by_user.filter(conversation=piece.conversation, number=found.turn).first()


def _replaced_by(piece: Piece, found: DistilledFact, text: str) -> list[Memory]:
    """What the model was shown and says is over, and what can have one value only."""
    shown = {fact.pk for fact in piece.known}
    named = facts.current(piece.user_id).filter(pk__in=shown & {found.supersedes})
    old = {fact.pk: fact for fact in [*named, *of_the_same_slot(piece.user_id, text)]}
    return list(old.values())


def _is_known(
    user_id: int, text: str, vector: Sequence[float], said_at: datetime, *, is_change: bool
) -> bool:
    """Whether a fact says the same that holds, or that held and was replaced after this was said.
    is_change: it replaces one, so that only the same words are no news."""
    rows = Memory.objects.filter(user=user_id).filter(
        Q(superseded_by=None) | Q(superseded_by__created_at__gte=said_at)
    )
    if rows.filter(text__iexact=text).exists():
        return True
    is_same = _in_the_same_words if is_change else _of_the_same_values
    return any(is_same(fact.text, text) for fact in facts.nearest(rows, vector, facts.THE_SAME))


def _in_the_same_words(one: str, other: str) -> bool:
    return words_alone(one) == words_alone(other)


def _of_the_same_values(one: str, other: str) -> bool:
    """“Two children” and “three children” are nearly one to an embedding, as are two names."""
    a, b = Question.of(one), Question.of(other)
    is_same = numbers(a) == numbers(b) and negation(a) == negation(b)
    return is_same and a.names <= _words(b) and b.names <= _words(a)


def _words(fact: Question) -> set[str]:
    """However they are written: ears forget capitals."""
    return {word.removesuffix("'s") for word in fact.words}


def _is_protected(fact: Memory, confidence: float) -> bool:
    """What the user pinned or said in so many words, against what a model found."""
    return (fact.pinned or fact.confidence > CONFIDENCE_MAX) and confidence < fact.confidence


def says_so(said: str, fact: str) -> bool:
    """Whether somebody who said this states the fact in these very words, or speaks of a change.
    Pure."""
    words = words_alone(said)
    stated = f" {' '.join(words_alone(fact))} " in f" {' '.join(words)} "
    return stated or not WORDS_OF_CHANGE.isdisjoint(words)


def _order(old: Memory, new: Memory) -> None:
    """What was said later holds, whichever was found first."""
    if old.created_at > new.created_at:
        new.superseded_by = old
        new.save(update_fields=["superseded_by"])
    else:
        replace(old, new)
