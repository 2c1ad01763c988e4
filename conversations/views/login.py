"""Getting in: sign-up, log-in, password, and tokens for clients without a browser."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordChangeDoneView, PasswordChangeView
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST

from conversations import login_limit, services, tokens
from conversations.forms import LoginForm, SignUpForm
from conversations.text import storable


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
