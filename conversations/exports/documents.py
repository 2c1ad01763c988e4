"""A transcript to be read: txt, md, json. Pure."""

import json
import re

from conversations.exports.transcript import Line, Transcript, flat, marked
from conversations.sources import Source


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


def _txt_line(line: Line) -> str:
    said = f"[{line.started_at:%H:%M:%S}] {line.speaker}: {marked(line)}"
    return "\n".join([said, *(f"    {one.title}: {one.url}" for one in line.sources)])


def _md_line(line: Line) -> str:
    mark = " *(interrupted)*" if line.interrupted else ""
    text = _md_escaped(flat(line.text))
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


def _md_escaped(text: str) -> str:
    return re.sub(r"([\\`*_\[\]<>&~#|])", r"\\\1", text)


def _when(transcript: Transcript) -> str:
    return (
        f"{transcript.started_at:%d %B %Y, %H:%M} ({transcript.zone.key}), with {transcript.agent}"
    )
