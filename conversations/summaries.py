"""The rolling summary of a conversation: what of it is due, and what was made of that."""

from dataclasses import dataclass
from uuid import UUID

from django.db import connection, transaction

from conversations.facts.pieces import whole_exchanges
from conversations.models import Conversation, Turn
from conversations.text import storable

STRETCH_CHARS = 12_000
"""Of a conversation at a time, some 3,000 tokens. A stretch has one exchange at least."""
SUMMARY_CHARS = 1500
"""Of a summary, some 200 words and more: it stands in every prompt."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What comes next into the summary: turns that are old enough, without those forgotten."""

    conversation: UUID
    language: str
    summary: str
    """Of all before."""
    since: int
    to: int
    """Of user turns: after `since`, up to `to`."""
    turns: tuple[Turn, ...]


@dataclass(frozen=True, slots=True)
class Outline:
    """What stands for the turns of a conversation that are not told word for word."""

    summary: str = ""
    summarised_to: int = 0
    """The last user turn in it."""
    forgotten: frozenset[int] = frozenset()
    """User turns that are not to be told any more, nor their replies."""


def outline(conversation_id: UUID) -> Outline:
    """As it stands; an empty one of a conversation that is gone. Asked several times in a turn."""
    with connection.cursor() as cursor:
        cursor.execute(OUTLINE, [Turn.Role.USER, conversation_id])
        row = cursor.fetchone()
    if row is None:
        return Outline()
    summary, summarised_to, forgotten = row
    return Outline(summary, summarised_to, frozenset(forgotten))


OUTLINE = f"""
SELECT summary, summarised_to, ARRAY(
    SELECT number FROM {Turn._meta.db_table} turn
    WHERE turn.conversation_id = conversation.id AND turn.is_forgotten AND turn.role = %s
)
FROM {Conversation._meta.db_table} conversation WHERE id = %s
"""


def next_stretch(conversation_id: UUID, *, chars_max: int = STRETCH_CHARS) -> Stretch | None:
    """None when all turns but those that the agent keeps word for word are summed up, or the
    conversation is gone."""
    conversation = Conversation.objects.filter(pk=conversation_id).select_related("agent").first()
    if conversation is None:
        return None
    since, to = conversation.summarised_to, conversation.turns - conversation.agent.turns_kept
    if to <= since:
        return None
    turns = conversation.utterances.filter(number__gt=since, number__lte=to, is_forgotten=False)
    stretch = whole_exchanges(turns.order_by("number", "started_at", "pk"), chars_max)
    is_rest = len(stretch) == turns.count()
    return Stretch(
        conversation.pk,
        conversation.agent.language,
        conversation.summary,
        since,
        to if is_rest else stretch[-1].number,
        tuple(stretch),
    )


@transaction.atomic
def keep_summary(stretch: Stretch, summary: str) -> bool:
    """Write the new summary. False, and nothing is written, when another was written meanwhile,
    something of it was forgotten, or the conversation is gone."""
    unchanged = Conversation.objects.select_for_update().filter(
        pk=stretch.conversation, summarised_to=stretch.since, summary=stretch.summary
    )
    forgotten = Turn.objects.filter(pk__in=[turn.pk for turn in stretch.turns], is_forgotten=True)
    if unchanged.first() is None or forgotten.exists():
        return False
    text = storable(summary)[:SUMMARY_CHARS]
    Conversation.objects.filter(pk=stretch.conversation).update(
        summary=text, summarised_to=stretch.to
    )
    return True
