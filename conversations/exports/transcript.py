"""What was said in a conversation, as values to be written down."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from conversations.models import Conversation, Turn
from conversations.sources import Source, linked

INTERRUPTED = "[interrupted]"


@dataclass(frozen=True, slots=True)
class Line:
    """Something that one side said."""

    turn: int
    role: str
    speaker: str
    text: str
    started_at: datetime
    ended_at: datetime
    source: str = ""
    reply: int | None = None
    interrupted: bool = False
    sources: tuple[Source, ...] = ()
    """Of a reply: the web pages that it rests on."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """What is written down; the lines in the order in which they began, the times in `zone`."""

    title: str
    agent: str
    started_at: datetime
    zone: ZoneInfo
    lines: tuple[Line, ...]


def transcript_of(
    conversation: Conversation, turns: Iterable[Turn], *, user: str, zone: ZoneInfo
) -> Transcript:
    """The values behind a conversation's rows. turns: oldest first. user: what to call them."""
    speakers = {Turn.Role.USER.value: user, Turn.Role.ASSISTANT.value: conversation.agent.name}
    return Transcript(
        title=str(conversation),
        agent=conversation.agent.name,
        started_at=conversation.started_at.astimezone(zone),
        zone=zone,
        lines=tuple(_line(turn, speakers[turn.role], zone) for turn in turns),
    )


def _line(turn: Turn, speaker: str, zone: ZoneInfo) -> Line:
    return Line(
        turn=turn.number,
        role=turn.role,
        speaker=speaker,
        text=turn.text,
        started_at=turn.started_at.astimezone(zone),
        ended_at=turn.ended_at.astimezone(zone),
        source=turn.source,
        reply=turn.reply,
        interrupted=turn.interrupted,
        sources=tuple(linked(turn.sources)),
    )


def marked(line: Line) -> str:
    """Its text, and whether it was cut off."""
    return f"{flat(line.text)} {INTERRUPTED}".strip() if line.interrupted else flat(line.text)


def flat(text: str) -> str:
    """On one line: in most formats a line break ends the entry."""
    return " ".join(text.split())
