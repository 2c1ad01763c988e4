"""Whose data a job is about, as its lines in the log name it. A query for each job that is about a
conversation or a turn; the ids that a job was given are enough for the others."""

from collections.abc import Mapping
from typing import Any

from conversations.models import Conversation, Turn
from voice.background.threads import run


async def subject_of(arguments: Mapping[str, Any]) -> dict[str, object]:
    """conversation, user and turn, as far as there are such. arguments: the job's. What is gone by
    now is left out."""
    if turn_id := arguments.get("turn_id"):
        return await run(_of_turn, turn_id)
    if conversation_id := arguments.get("conversation_id"):
        return await run(_of_conversation, conversation_id)
    return {}


def _of_turn(turn_id: int) -> dict[str, object]:
    rows = Turn.objects.filter(pk=turn_id).order_by()
    for conversation, user, number in rows.values_list(
        "conversation_id", "conversation__user_id", "number"
    ):
        return {"conversation": str(conversation), "user": user, "turn": number}
    return {}


def _of_conversation(conversation_id: str) -> dict[str, object]:
    user = Conversation.objects.filter(pk=conversation_id).values_list("user_id", flat=True).first()
    return {"conversation": conversation_id} | ({"user": user} if user else {})
