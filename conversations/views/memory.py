"""What is known about the user: to look through, search, correct, pin and forget."""

from collections.abc import Callable
from functools import wraps
from typing import Any, ParamSpec

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations import memory, services
from conversations.facts import shown
from conversations.forms import FactForm
from conversations.models import Memory, User
from conversations.views.asker import asker
from conversations.views.query import QUERY_LENGTH, query_of

P = ParamSpec("P")

PER_PAGE = 20
PLACE = ("q", "page")
"""Where in the list somebody was: they come back there."""


def for_own_facts(view: Callable[P, HttpResponse]) -> Callable[P, HttpResponse]:
    """A fact that is gone, or somebody else's, is a 404."""

    @wraps(view)
    def respond(*args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            return view(*args, **kwargs)
        except Memory.DoesNotExist:
            raise Http404("There is no such fact about you.") from None

    return respond


@login_required
@require_GET
def known(request: HttpRequest) -> HttpResponse:
    user = asker(request)
    wanted = query_of(request)
    found = _found(user, wanted) if wanted else _page(user, request.GET.get("page"))
    context = {"query": wanted, "query_length": QUERY_LENGTH, "back": _place(request.GET), **found}
    return render(request, "conversations/memory.html", context)


def _found(user: User, wanted: str) -> dict[str, Any]:
    facts = shown.matching(user.pk, wanted)
    turns = memory.search(user.pk, wanted, limit=shown.FOUND_MAX)
    return {"facts": shown.with_history(user.pk, facts), "turns": turns}


def _page(user: User, number: str | None) -> dict[str, Any]:
    page = Paginator(shown.facts_of(user.pk), PER_PAGE).get_page(number)
    return {"facts": shown.with_history(user.pk, page.object_list), "page": page}


@login_required
@require_http_methods(["GET", "POST"])
@for_own_facts
def correct(request: HttpRequest, memory_id: int) -> HttpResponse:
    fact = shown.fact_of(asker(request).pk, memory_id)
    form = FactForm(request.POST or None, initial={"text": fact.text})
    if form.is_valid():
        corrected = services.correct(fact.pk, fact.user_id, form.cleaned_data["text"])
        messages.success(request, "Corrected. What stood there before is kept as its history.")
        return _back(request, at=corrected.pk)
    context = {"fact": fact, "form": form, "back": request.POST.get("back", "")}
    return render(request, "conversations/memory_correct.html", context)


@login_required
@require_POST
@for_own_facts
def pin(request: HttpRequest, memory_id: int) -> HttpResponse:
    pinned = request.POST.get("pinned") == "1"
    services.pin(memory_id, asker(request).pk, pinned)
    messages.success(
        request, "Pinned: it is always kept in mind." if pinned else "Not pinned any more."
    )
    return _back(request, at=memory_id)


@login_required
@require_http_methods(["GET", "POST"])
@for_own_facts
def forget(request: HttpRequest, memory_id: int) -> HttpResponse:
    fact = shown.fact_of(asker(request).pk, memory_id)
    if request.method == "GET":
        [known] = shown.with_history(fact.user_id, [fact])
        context = {"known": known, "back": _place(request.GET)}
        return render(request, "conversations/memory_forget.html", context)
    services.forget_fact(fact.pk, fact.user_id)
    messages.success(request, "Forgotten for good.")
    return _back(request)


@login_required
@require_http_methods(["GET", "POST"])
def forget_everything(request: HttpRequest) -> HttpResponse:
    user = asker(request)
    if request.method == "GET":
        context = {"stored": shown.stored(user.pk)}
        return render(request, "conversations/memory_forget_everything.html", context)
    services.forget_everything(user.pk)
    messages.success(request, "Everything is forgotten. Your conversations are still here to read.")
    return redirect("memory")


@login_required
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    on = request.POST.get("on") == "1"
    services.set_memory(asker(request).pk, on)
    messages.success(request, f"Memory is {'on' if on else 'off'}.")
    return redirect("account" if request.POST.get("from") == "account" else "memory")


def _place(values: QueryDict) -> str:
    """As a query string."""
    place = QueryDict(mutable=True)
    place.update({name: str(values[name]) for name in PLACE if values.get(name)})
    return place.urlencode()


def _back(request: HttpRequest, *, at: int | None = None) -> HttpResponseRedirect:
    """To the page they came from; at: the fact to look at there."""
    place = _place(QueryDict(request.POST.get("back", "")))
    query = f"?{place}" if place else ""
    fragment = f"#fact-{at}" if at else ""
    return HttpResponseRedirect(reverse("memory") + query + fragment)
