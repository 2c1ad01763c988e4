"""A conversation as a file: txt, md, json, srt, vtt. Pure: values in, text out.

Each format marks where the assistant was interrupted; its text is what was heard, no more.
Subtitles leave out the web pages that it rests on: nobody can follow a link there.
"""

import html
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from conversations.models import Conversation, Turn
from conversations.sources import Source, linked

INTERRUPTED = "[interrupted]"
CUE_MIN = timedelta(seconds=1)
"""A subtitle stays this long if the next one lets it: typed words take no time at all."""
TICK = timedelta(milliseconds=1)


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


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle: from, to (since the first word), and what to show."""

    start: timedelta
    end: timedelta
    line: Line


@dataclass(frozen=True, slots=True)
class Format:
    content_type: str
    render: Callable[[Transcript], str]


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


def as_txt(transcript: Transcript) -> str:
    head = f"{transcript.title}\n{_when(transcript)}\n"
    return "\n".join([head, *(_txt_line(line) for line in transcript.lines), ""])


def as_md(transcript: Transcript) -> str:
    head = f"# {_md_escaped(transcript.title)}\n\n{_md_escaped(_when(transcript))}\n"
    return "\n".join([head, *(_md_line(line) for line in transcript.lines)])


def as_json(transcript: Transcript) -> str:
    document = {
        "title": transcript.title,
        "agent": transcript.agent,
        "started_at": transcript.started_at.isoformat(),
        "time_zone": transcript.zone.key,
        "turns": [_json_line(line) for line in transcript.lines],
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def as_srt(transcript: Transcript) -> str:
    cues = enumerate(cues_of(transcript.lines), start=1)
    return "\n".join(
        f"{number}\n{_timing(cue, ',')}\n{_srt_text(cue.line)}\n" for number, cue in cues
    )


def as_vtt(transcript: Transcript) -> str:
    cues = cues_of(transcript.lines)
    return "\n".join(
        ["WEBVTT\n", *(f"{_timing(cue, '.')}\n{_vtt_text(cue.line)}\n" for cue in cues)]
    )


FORMATS: Mapping[str, Format] = {
    "txt": Format("text/plain; charset=utf-8", as_txt),
    "md": Format("text/markdown; charset=utf-8", as_md),
    "json": Format("application/json", as_json),
    "srt": Format("application/x-subrip; charset=utf-8", as_srt),
    "vtt": Format("text/vtt; charset=utf-8", as_vtt),
}


def cues_of(lines: Iterable[Line]) -> Iterator[Cue]:
    """One cue per line, each at least a millisecond long and over when the next begins: who is
    interrupted leaves the screen."""
    starts = list(_starts(lines := list(lines)))
    nexts = [*starts[1:], timedelta.max]
    for line, start, following in zip(lines, starts, nexts, strict=False):
        end = max(start + CUE_MIN, _since(lines[0], line.ended_at))
        yield Cue(start, min(end, following), line)


def _starts(lines: list[Line]) -> Iterator[timedelta]:
    earliest = timedelta()
    for line in lines:
        start = max(earliest, _since(lines[0], line.started_at))
        yield start
        earliest = start + TICK


def _since(first: Line, moment: datetime) -> timedelta:
    """In UTC, since within one zone Python subtracts what the clocks on the wall show."""
    return (moment.astimezone(UTC) - first.started_at.astimezone(UTC)) // TICK * TICK


def _timing(cue: Cue, point: str) -> str:
    return f"{_clock(cue.start, point)} --> {_clock(cue.end, point)}"


def _clock(position: timedelta, point: str) -> str:
    seconds, milliseconds = divmod(position // TICK, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02}:{minutes:02}:{seconds:02}{point}{milliseconds:03}"


def _srt_text(line: Line) -> str:
    """SubRip has no escaping; an arrow is the one thing that could end a cue's text."""
    return f"{line.speaker}: {_marked(line)}".replace("-->", "→")


def _vtt_text(line: Line) -> str:
    speaker, text = (html.escape(part, quote=False) for part in (line.speaker, _marked(line)))
    return f"<v {speaker}>{text}"


def _txt_line(line: Line) -> str:
    said = f"[{line.started_at:%H:%M:%S}] {line.speaker}: {_marked(line)}"
    return "\n".join([said, *(f"    {one.title}: {one.url}" for one in line.sources)])


def _md_line(line: Line) -> str:
    mark = " *(interrupted)*" if line.interrupted else ""
    text = _md_escaped(_flat(line.text))
    said = f"**{_md_escaped(line.speaker)}** ({line.started_at:%H:%M:%S}): {text}{mark}\n"
    links = "".join(f"- {_md_link(source)}\n" for source in line.sources)
    return f"{said}\n{links}" if links else said


def _md_link(source: Source) -> str:
    """The angle brackets let an address hold parentheses; they themselves are none of its own."""
    url = source.url.replace("<", "%3C").replace(">", "%3E").replace("\\", "%5C")
    return f"[{_md_escaped(source.title)}](<{url}>)"


def _json_line(line: Line) -> dict[str, object]:
    return {
        "turn": line.turn,
        "role": line.role,
        "reply": line.reply,
        "source": line.source,
        "text": line.text,
        "interrupted": line.interrupted,
        "started_at": line.started_at.isoformat(),
        "ended_at": line.ended_at.isoformat(),
        "sources": [{"title": one.title, "url": one.url} for one in line.sources],
    }


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


def _marked(line: Line) -> str:
    return f"{_flat(line.text)} {INTERRUPTED}".strip() if line.interrupted else _flat(line.text)


def _flat(text: str) -> str:
    """On one line: in most formats a line break ends the entry."""
    return " ".join(text.split())


def _md_escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>&~#|])", r"\\\1", text)


def _when(transcript: Transcript) -> str:
    return (
        f"{transcript.started_at:%d %B %Y, %H:%M} ({transcript.zone.key}), with {transcript.agent}"
    )
