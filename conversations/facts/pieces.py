"""What a language model looks at for facts: a piece of an ended conversation at a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from django.db.models import F
from django.db.models.functions import Now
from procrastinate.contrib.django.models import ProcrastinateJob

from conversations import embeddings, facts
from conversations.models import Conversation, Memory, Turn

PIECE_CHARS = 6000
"""Of a conversation at a time, some 1,500 tokens: small models lose facts in more. A piece has one
exchange at least."""
KNOWN_PER_TURN = 5
KNOWN_MAX = 30
"""Known facts that are shown with a piece, those nearest in meaning to what the user said."""
LEFT_OVER_MAX = timedelta(days=30)
"""So long a conversation waits for a language model."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of an ended conversation that nobody has looked at for facts, without what was
    forgotten. It may be empty, and is to be kept all the same."""

    conversation: UUID
    user_id: int
    time_zone: str
    language: str
    since: int
    to: int
    """Of user turns: after `since`, up to `to`."""
    turns: tuple[Turn, ...]
    known: tuple[Memory, ...]


def next_piece(conversation_id: UUID, *, chars_max: int = PIECE_CHARS) -> Piece | None:
    """None when nothing is left to do: all was looked at, it goes on, its user or agent has memory
    switched off, or it was deleted. Embeds what the user said, some 11 ms for a turn."""
    conversation = (
        Conversation.objects.exclude(state=Conversation.State.OPEN)
        .filter(pk=conversation_id, user__memory_on=True, agent__memory_on=True)
        .select_related("user", "agent")
        .first()
    )
    if conversation is None or conversation.distilled_to >= conversation.turns:
        return None
    since = conversation.distilled_to
    turns = conversation.utterances.filter(number__gt=since, is_forgotten=False)
    piece = whole_exchanges(turns.order_by("number", "started_at", "pk"), chars_max)
    is_rest = len(piece) == turns.count()
    return Piece(
        conversation.pk,
        conversation.user_id,
        conversation.user.time_zone,
        conversation.agent.language,
        since,
        conversation.turns if is_rest else piece[-1].number,
        tuple(piece),
        tuple(_known(conversation.user_id, piece)),
    )


def left_over(*, limit: int = 50) -> list[UUID]:
    """Conversations of the last month that ended, hold something nobody looked at, and for which no
    job is waiting; the newest first."""
    waiting = ProcrastinateJob.objects.filter(task_name="distil", status__in=["todo", "doing"])
    ids = {UUID(args["conversation_id"]) for args in waiting.values_list("args", flat=True)}
    ended = Conversation.objects.exclude(state=Conversation.State.OPEN).filter(
        user__memory_on=True,
        agent__memory_on=True,
        distilled_to__lt=F("turns"),
        ended_at__gte=Now() - LEFT_OVER_MAX,
    )
    return list(ended.exclude(pk__in=ids).values_list("pk", flat=True)[:limit])


def whole_exchanges(turns: Iterable[Turn], chars_max: int) -> list[Turn]:
    """The first of these, in order of their numbers, up to the last exchange that fits; the first
    exchange in any case."""
    taken: list[Turn] = []
    chars = 0
    for turn in turns:
        chars += len(turn.text)
        if chars > chars_max and taken and turn.number != taken[0].number:
            return [other for other in taken if other.number != turn.number]
        taken.append(turn)
    return taken


def _known(user_id: int, turns: Iterable[Turn]) -> list[Memory]:
    """The user's current facts that are nearest in meaning to what they said, the nearest first."""
    rows = facts.current(user_id)
    if not rows.exists():
        return []
    found: dict[int, Memory] = {}
    for turn in turns:
        if turn.role == Turn.Role.USER and len(found) < KNOWN_MAX:
            [vector] = embeddings.embed([turn.text])  # one at a time: a live turn may be waiting
            near = facts.nearest(rows, vector, facts.RELEVANT)[:KNOWN_PER_TURN]
            found |= {fact.pk: fact for fact in near}
    waiting = rows.filter(embedding=None)[:KNOWN_PER_TURN]
    return [*waiting, *found.values()][:KNOWN_MAX]
