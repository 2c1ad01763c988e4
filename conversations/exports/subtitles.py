"""A transcript to be shown beside its sound: srt, vtt. Pure.

The web pages that a reply rests on are left out: nobody can follow a link there.
"""

import html
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from conversations.exports.transcript import Line, Transcript, marked

CUE_MIN = timedelta(seconds=1)
"""A subtitle stays this long if the next one lets it: typed words take no time at all."""
TICK = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True)
class Cue:
    """A subtitle: from, to (since the first word), and what to show."""

    start: timedelta
    end: timedelta
    line: Line


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
    return f"{line.speaker}: {marked(line)}".replace("-->", "→")


def _vtt_text(line: Line) -> str:
    speaker, text = (html.escape(part, quote=False) for part in (line.speaker, marked(line)))
    return f"<v {speaker}>{text}"
