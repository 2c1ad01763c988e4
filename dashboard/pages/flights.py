"""The flight records of a conversation: what its turn machine was told and decided (voice/flight).
They hold what was said, so who takes one is in the audit log."""

from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest
from django.views.decorators.http import require_safe

from conversations import audit
from conversations.roles import READ_WORDS
from dashboard.staff import allowed, member


@allowed(READ_WORDS)
@require_safe
def flight(request: HttpRequest, conversation_id: UUID, session_id: UUID) -> FileResponse:
    """The record of one session, as a download."""
    path = recorded(conversation_id).get(str(session_id))
    if path is None:
        raise Http404("There is no flight record of this session.")
    audit.note(
        member(request),
        "export",
        conversation=conversation_id,
        what="flight record",
        session=str(session_id),
    )
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name)


def recorded(conversation_id: UUID) -> dict[str, Path]:
    """The newest record of each session of this conversation, by the session's id. Names are made
    of ids alone, and a link that somebody put there is not followed."""
    if not settings.FLIGHT_RECORD_DIR:
        return {}
    found = Path(settings.FLIGHT_RECORD_DIR).glob(f"*-{conversation_id}-*.jsonl")
    files = sorted(path for path in found if path.is_file() and not path.is_symlink())
    return {path.stem.partition(f"-{conversation_id}-")[2]: path for path in files}
