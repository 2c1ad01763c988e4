"""A user's account: what they can set, all that is kept of them as a file, and deleting it all."""

from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from conversations import services
from conversations.account import erasure, takeout
from conversations.account.streaming import Streamed
from conversations.facts import shown
from conversations.forms import DeleteAccountForm, TimeZoneForm
from conversations.views.asker import asker


@login_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    user = asker(request)
    form = TimeZoneForm(request.POST or None, initial={"time_zone": user.time_zone})
    if not form.is_valid():
        return render(request, "conversations/account.html", {"form": form})
    services.move_user(user.pk, time_zone=form.cleaned_data["time_zone"])
    messages.success(request, f"Times are those of {form.cleaned_data['time_zone']} from now on.")
    return redirect("account")


@login_required
@never_cache
@require_GET
def data(request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse(
        Streamed(takeout.document_of(asker(request))),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="voice-assistant-data.json"'},
    )


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def delete(request: HttpRequest) -> HttpResponse:
    user = asker(request)
    form = DeleteAccountForm(request)
    if request.method == "GET" or not form.is_valid():
        context = {
            "form": form,
            "conversations": user.conversations.count(),
            "stored": shown.stored(user.pk),
            "must_stay": erasure.is_last_superuser(user),
        }
        return render(request, "conversations/account_delete.html", context)
    try:
        erasure.delete_account(user.pk)
    except erasure.LastSuperuser:
        return redirect("account_delete")  # which says so
    logout(request)
    messages.success(request, "Your account is deleted, with everything in it.")
    return redirect("login")
