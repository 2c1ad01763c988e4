"""What others may want to hear of. Sent after commit, so that a receiver finds what it is told of;
a receiver that fails is logged and stops neither the others nor the writer."""

from typing import Any

from django.db import transaction
from django.dispatch import Signal

context_changed = Signal()
"""agent_id: int | None, conversation_id: UUID | None, version: int, by: int | None (a user). Of the
two one is given: an agent is of this version now, or what one conversation is told beside it. A
running conversation should notice."""
conversation_ended = Signal()
"""conversation_id: UUID. It was hung up; it may be continued later."""


def send_after_commit(signal: Signal, **values: Any) -> None:
    transaction.on_commit(lambda: signal.send_robust(sender=None, **values))
