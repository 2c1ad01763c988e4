"""One conversation: where the time of every turn went."""

from uuid import UUID

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from conversations import audit
from conversations.models import Conversation
from conversations.roles import READ_WORDS
from conversations.selectors import turns_of
from dashboard.pages import flights, waterfall
from dashboard.pages.waterfall import Connection
from dashboard.staff import allowed, member
from voice.telemetry import tracing

PER_PAGE = 50


@allowed(READ_WORDS)
@require_safe
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """?page=2 goes on; a page is read with three queries, however long the conversation is."""
    found = get_object_or_404(
        Conversation.objects.select_related("user", "agent"), pk=conversation_id
    )
    page = Paginator(turns_of(found.pk), PER_PAGE).get_page(request.GET.get("page"))
    audit.note(member(request), "read", conversation=found.pk, what="waterfall", page=page.number)
    connections = _connections(found)
    context = {
        "conversation": found,
        "page": page,
        "rows": waterfall.rows(list(page.object_list), connections),
        "connections": connections,
        "scale": waterfall.SCALE,
    }
    return render(request, "dashboard/conversation.html", context)


def _connections(found: Conversation) -> list[Connection]:
    records = flights.recorded(found.pk)
    return [
        Connection(session, tracing.link(session.pk), str(session.pk) in records)
        for session in found.sessions.order_by("opened_at")
    ]
