"""Who is talking, one of them, and which of an agent's sessions have its newest version. The pages
are frames: what is in them comes over the socket."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from conversations import audit
from conversations.context import OWN_MAX
from conversations.models import Agent, Conversation
from conversations.roles import READ_WORDS, SEE_HEALTH, STEER
from dashboard.pages.steering import SAID_MAX
from dashboard.staff import allowed, may, member

NIL = UUID(int=0)
"""Where a page puts the id of a conversation."""


@allowed(SEE_HEALTH)
@require_safe
def sessions(request: HttpRequest) -> HttpResponse:
    return render(request, "dashboard/sessions.html", {"config": _links()})


@allowed(SEE_HEALTH)
@require_safe
def session(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    """One of them; its words and what steers it for those who may. What it was told is words, too:
    a look at it is noted."""
    conversation = get_object_or_404(
        Conversation.objects.select_related("user", "agent"), pk=conversation_id
    )
    user = member(request)
    reads, steers = may(user, READ_WORDS), may(user, STEER)
    if reads and steers:
        audit.note(user, "read", conversation=conversation.pk, what="context")
    context = {
        "conversation": conversation,
        "config": {"conversation": str(conversation_id), "reads": reads},
        "reads": reads,
        "steers": steers,
        "said_max": SAID_MAX,
        "own_max": OWN_MAX,
    }
    return render(request, "dashboard/session.html", context)


@allowed(SEE_HEALTH)
@require_safe
def applied(request: HttpRequest, agent_id: int) -> HttpResponse:
    agent = get_object_or_404(Agent, pk=agent_id)
    config = _links() | {"agent": agent_id}
    return render(request, "dashboard/applied.html", {"agent": agent, "config": config})


def _links() -> dict[str, str | int]:
    return {"session": reverse("dashboard_session", args=[NIL]), "nil": str(NIL)}
