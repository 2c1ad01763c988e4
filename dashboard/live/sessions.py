"""The running sessions as a page shows them. No words of theirs. Pure."""

from collections.abc import Iterable, Mapping
from typing import Any

from voice.live import LiveState
from voice.steering import Ack

Acks = Mapping[str, Ack]
"""The newest of each conversation."""


def sessions(running: Iterable[LiveState], acks: Acks) -> list[dict[str, Any]]:
    """One row for each, those that began first on top."""
    return [_row(state, acks.get(state.conversation)) for state in _in_order(running)]


def applied(
    agent: int, stored: int | None, running: Iterable[LiveState], acks: Acks
) -> dict[str, Any]:
    """How many sessions of this agent have its newest version, and each of them. stored: its
    version in the database; None where that cannot be had or there is no such agent."""
    rows = [row for row in sessions(running, acks) if row["agent_id"] == agent]
    # A session may have what was saved after the database was read.
    version = max(stored or 0, *(row["version"] for row in rows), 0)
    for row in rows:
        row["applied"] = row["version"] >= version
    return {
        "agent": agent,
        "version": version,
        "applied": sum(row["applied"] for row in rows),
        "of": len(rows),
        "sessions": rows,
    }


def _in_order(running: Iterable[LiveState]) -> list[LiveState]:
    return sorted(running, key=lambda state: (state.since, state.conversation))


def _row(state: LiveState, ack: Ack | None) -> dict[str, Any]:
    """An acknowledgement is news of the same session that its written state has not caught up with
    yet, never the other way round: versions only rise."""
    version, own_version, ms = state.context_version, state.own_version, None
    if ack is not None and ack.version >= version and ack.own_version >= own_version:
        version, own_version, ms = ack.version, ack.own_version, round(ack.ms)
    return {
        "conversation": state.conversation,
        "user": state.user_name,
        "agent": state.agent,
        "agent_id": state.agent_id,
        "phase": state.phase,
        "since": state.since,
        "turn": state.turn,
        "version": version,
        "own_version": own_version,
        "connected": state.is_connected,
        "applied_ms": ms,
    }
