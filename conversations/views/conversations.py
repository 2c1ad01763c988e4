"""Past conversations: the list and its search, one of them, its transcript as a file, its end."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_http_methods

from conversations import exports, selectors, transcripts
from conversations.account import erasure
from conversations.facts import shown
from conversations.forms import DeleteConversationForm
from conversations.models import Conversation, Turn
from conversations.views.asker import asker
from conversations.views.query import QUERY_LENGTH, query_of

PER_PAGE = 20


@login_required
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    user, wanted = asker(request), query_of(request)
    rows = selectors.conversations_of(user.pk)
    context = {"query": wanted, "query_length": QUERY_LENGTH}
    if wanted:
        found = transcripts.by_words(Turn.objects.filter(conversation__user=user), wanted)
        said = Turn.objects.filter(pk__in=found.turns).values("conversation")
        rows = rows.filter(Q(title__icontains=wanted) | Q(pk__in=said))
        context["is_partial"] = bool(found.left_out)
    context["page"] = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "conversations/list.html", context)


@login_required
@require_GET
def conversation(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    found = _own(request, conversation_id)
    turns = selectors.turns_of(found.pk)
    context = {"conversation": found, "turns": turns, "formats": exports.FORMATS}
    return render(request, "conversations/detail.html", context)


@login_required
@require_GET
def transcript(request: HttpRequest, conversation_id: UUID, form: str) -> HttpResponse:
    found = _own(request, conversation_id)
    if form not in exports.FORMATS:
        raise Http404(f"There is no transcript as {form}; there are {', '.join(exports.FORMATS)}.")
    values = exports.transcript_of(
        found,
        selectors.turns_of(found.pk),
        user=request.user.get_username(),
        zone=timezone.get_current_timezone(),
    )
    headers = {"Content-Disposition": content_disposition_header(True, f"{found}.{form}")}
    chosen = exports.FORMATS[form]
    return HttpResponse(chosen.render(values), content_type=chosen.content_type, headers=headers)


@login_required
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest, conversation_id: UUID) -> HttpResponse:
    found = _own(request, conversation_id)
    form = DeleteConversationForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        context = {"conversation": found, "form": form, "learnt": shown.learnt_from(found)}
        return render(request, "conversations/delete.html", context)
    erasure.delete_conversation(found.pk, with_facts=form.cleaned_data["with_facts"])
    messages.success(request, f"“{found}” is deleted.")
    return redirect("conversations")


def _own(request: HttpRequest, conversation_id: UUID) -> Conversation:
    try:
        found = selectors.conversation_of(asker(request).pk, conversation_id)
    except selectors.NotYours:
        found = None
    if found is None:
        raise Http404("There is no such conversation of yours.")
    return found
