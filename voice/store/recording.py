"""What was said, and how conversations end. Arguments are those of conversations.services."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from conversations import services
from voice.store.threads import query, written

record_user_turn = written(services.record_user_turn)
record_reply = written(services.record_reply)
end_conversation = written(services.end_conversation)


async def record_metrics(conversation: UUID, reply: int, metrics: Mapping[str, Any]) -> None:
    await query(services.record_metrics, conversation, reply=reply, metrics=metrics)


async def close_session(session: UUID, close_code: int) -> None:
    await query(services.close_session, session, close_code=close_code)


async def mark_broken_off(live: list[UUID]) -> int:
    return await query(services.mark_broken_off, live)
