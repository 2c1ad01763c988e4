"""Running sessions, as values."""

from dataclasses import replace
from uuid import UUID

from voice.live import LiveState

AGENT = 3


def conversation(number: int) -> str:
    return str(UUID(int=number))


def running(number: int, **changes: object) -> LiveState:
    """The session of conversation `number`, of an agent in version 1."""
    state = LiveState(
        conversation=conversation(number),
        session=str(UUID(int=1000 + number)),
        user=number,
        agent="guide",
        owner="voice.here.1",
        phase="listening",
        context_version=1,
        since=100.0 + number,
        agent_id=AGENT,
        user_name=f"user{number}",
    )
    return replace(state, **changes)  # type: ignore[arg-type]
