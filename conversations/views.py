"""Pages of people: their account and their past conversations. What is somebody else's is a 404.

All synchronous: Django runs them in a thread, and none stands in the way of a voice.
"""

import json
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_required
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordChangeDoneView, PasswordChangeView
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from conversations import exports, login_limit, selectors, services, tokens
from conversations.forms import LoginForm, SignUpForm
from conversations.models import Conversation, User
from conversations.text import storable

PER_PAGE = 20


@require_http_methods(["GET", "POST"])
def sign_up(request: HttpRequest) -> HttpResponse:
    if not settings.SIGNUP_OPEN:
        return render(request, "registration/signup_closed.html", status=403)
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    form = SignUpForm(request.POST or None)
    if not form.is_valid():
        return render(request, "registration/signup.html", {"form": form})
    login(request, form.save())
    return redirect(settings.LOGIN_REDIRECT_URL)


class LogIn(LoginView):
    form_class = LoginForm
    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(signup_open=settings.SIGNUP_OPEN, **kwargs)

    def form_valid(self, form: AuthenticationForm) -> HttpResponse:
        services.move_user(form.get_user().pk, time_zone=form.cleaned_data["time_zone"])
        return super().form_valid(form)


class ChangePassword(PasswordChangeView):
    template_name = "registration/password.html"
    success_url = reverse_lazy("password_change_done")


class PasswordChanged(PasswordChangeDoneView):
    template_name = "registration/password_done.html"


@login_required
@require_GET
def conversations(request: HttpRequest) -> HttpResponse:
    pages = Paginator(selectors.conversations_of(_id(request)), PER_PAGE)
    page = pages.get_page(request.GET.get("page"))
    return render(request, "conversations/list.html", {"page": page})


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
    if request.method == "GET":
        return render(request, "conversations/delete.html", {"conversation": found})
    services.delete_conversation(found.pk)
    messages.success(request, f"“{found}” is deleted.")
    return redirect("conversations")


@csrf_exempt  # without a cookie there is nothing to forge
@never_cache
@require_POST
def auth_token(request: HttpRequest) -> JsonResponse:
    """POST {"username", "password"} → {"access", "expires_in_s"}; 400, 401 or 429 with "error"."""
    try:
        username, password = _credentials(request.body)
        user = login_limit.checked(request, username=username, password=password)
    except ValueError as error:
        return JsonResponse({"error": str(error)}, status=400)
    except login_limit.TooManyAttempts:
        wait = {"Retry-After": str(login_limit.WINDOW_S)}
        return JsonResponse({"error": "Too many attempts."}, status=429, headers=wait)
    if user is None:
        return JsonResponse({"error": "Wrong username or password."}, status=401)
    return JsonResponse({"access": tokens.issue(user), "expires_in_s": settings.ACCESS_TOKEN_S})


def _credentials(body: bytes) -> tuple[str, str]:
    """Raises ValueError that says what a good body looks like."""
    match _json(body):
        case {"username": str(username), "password": str(password)} if username and password:
            if storable(username + password) == username + password:
                return username, password
    raise ValueError('Send a JSON object {"username": "…", "password": "…"}, both as text.')


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


def _own(request: HttpRequest, conversation_id: UUID) -> Conversation:
    try:
        found = selectors.conversation_of(_id(request), conversation_id)
    except selectors.NotYours:
        found = None
    if found is None:
        raise Http404("There is no such conversation of yours.")
    return found


def _id(request: HttpRequest) -> int:
    assert isinstance(request.user, User)  # behind login_required
    return request.user.pk
