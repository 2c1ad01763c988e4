"""Getting in: sign-up, log-in, password. Tokens for clients without a browser: the API."""

from typing import Any

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.forms import AuthenticationForm
from django.contrib.auth.views import LoginView, PasswordChangeDoneView, PasswordChangeView
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse_lazy
from django.views.decorators.http import require_http_methods

from conversations import services
from conversations.forms import LoginForm, SignUpForm


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
