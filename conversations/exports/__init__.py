"""A conversation as a file: txt, md, json, srt, vtt. Pure: values in, text out.

Each format marks where the assistant was interrupted; its text is what was heard, no more.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from conversations.exports.documents import as_json, as_md, as_txt
from conversations.exports.subtitles import as_srt, as_vtt
from conversations.exports.transcript import Transcript as Transcript
from conversations.exports.transcript import transcript_of as transcript_of


@dataclass(frozen=True, slots=True)
class Format:
    content_type: str
    render: Callable[[Transcript], str]


FORMATS: Mapping[str, Format] = {
    "txt": Format("text/plain; charset=utf-8", as_txt),
    "md": Format("text/markdown; charset=utf-8", as_md),
    "json": Format("application/json", as_json),
    "srt": Format("application/x-subrip; charset=utf-8", as_srt),
    "vtt": Format("text/vtt; charset=utf-8", as_vtt),
}
