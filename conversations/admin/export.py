"""Many conversations as one zip, written while it is sent: one of them is in memory at a time."""

import zipfile
from collections.abc import Callable, Iterator, Sequence
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from conversations import exports, selectors
from conversations.models import Conversation

EXPORT_MAX = 5_000
"""Conversations in one file; it keeps a thread busy for a minute or two."""
NAMES = {
    "txt": "Text",
    "md": "Markdown",
    "json": "JSON",
    "srt": "Subtitles (srt)",
    "vtt": "Subtitles (vtt)",
}


class ExportForm(forms.Form):
    """In which formats."""

    formats = forms.MultipleChoiceField(
        label="Formats",
        choices=[(form, NAMES[form]) for form in exports.FORMATS],
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        error_messages={"required": "Choose at least one format."},
    )


def archive(
    conversations: Sequence[UUID],
    formats: Sequence[str],
    *,
    zone: ZoneInfo,
    note: Callable[[Conversation], None],
) -> Iterator[bytes]:
    """The file in pieces, its times in `zone`. Queries as it goes; a conversation that is deleted
    in the meantime is left out. note: called before each one that is handed out."""
    sink = _Sink()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as zipped:
        for pk in conversations:
            conversation = _one(pk)
            if conversation is None:
                continue
            note(conversation)
            for name, text in _files(conversation, formats, zone):
                zipped.writestr(name, text)
            yield sink.taken()
    yield sink.taken()


class _Sink:
    """What a ZipFile writes to: a file that can't be wound back."""

    def __init__(self) -> None:
        self._written = bytearray()

    def write(self, data: bytes) -> int:
        self._written += data
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def close(self) -> None:
        """Nor anything to close."""

    def taken(self) -> bytes:
        """What was written since the last time."""
        data = bytes(self._written)
        self._written.clear()
        return data


def _one(pk: UUID) -> Conversation | None:
    return Conversation.objects.select_related("agent", "user").filter(pk=pk).first()


def _files(
    conversation: Conversation, formats: Sequence[str], zone: ZoneInfo
) -> Iterator[tuple[str, str]]:
    user = conversation.user.get_username()
    turns = selectors.turns_of(conversation.pk)
    transcript = exports.transcript_of(conversation, turns, user=user, zone=zone)
    for form in formats:
        yield f"{_path(conversation, zone)}.{form}", exports.FORMATS[form].render(transcript)


def _path(conversation: Conversation, zone: ZoneInfo) -> str:
    """Sorted by user and time; no two are the same, and all are names of files everywhere."""
    began = conversation.started_at.astimezone(zone)
    user = "".join(sign if sign.isalnum() else "_" for sign in conversation.user.get_username())
    return f"{user}/{began:%Y-%m-%d %H.%M.%S} {conversation.pk.hex[:8]}"
