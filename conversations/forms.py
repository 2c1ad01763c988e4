"""Sign-up and log-in; an account and what is known about its user.

The first two carry the browser's time zone in a hidden field, which a script fills; a zone that is
missing or unknown is left out of account and never stops anybody.
"""

import zoneinfo
from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from conversations import login_limit
from conversations.models import FACT_LENGTH, User
from conversations.time_zones import zone_named

TOO_MANY = "Too many failed attempts. Try again in a quarter of an hour."


class BrowserZoneField(forms.CharField):
    """A time zone's name, "" where the browser gave none that is known."""

    def __init__(self) -> None:
        super().__init__(
            required=False, widget=forms.HiddenInput(attrs={"data-browser-time-zone": ""})
        )

    def clean(self, value: Any) -> str:
        name = str(value or "")
        return name if zone_named(name) else ""


class LimitedLogin(AuthenticationForm):
    """Says so when somebody guesses passwords."""

    def clean(self) -> dict[str, Any]:
        username, password = (self.cleaned_data.get(name) for name in ("username", "password"))
        if username and password:
            self.user_cache = self._checked(username, password)
        return self.cleaned_data

    def _checked(self, username: str, password: str) -> User:
        assert self.request is not None
        try:
            user = login_limit.checked(self.request, username=username, password=password)
        except login_limit.TooManyAttempts:
            raise ValidationError(TOO_MANY, code="too_many") from None
        if user is None:
            raise self.get_invalid_login_error()
        self.confirm_login_allowed(user)
        return user


class LoginForm(LimitedLogin):
    time_zone = BrowserZoneField()


class SignUpForm(UserCreationForm):  # type: ignore[type-arg]
    time_zone = BrowserZoneField()

    class Meta:
        model = User
        fields = ("username", "time_zone")
        help_texts = {"username": "Letters, digits and any of @ . + - _"}

    def clean_time_zone(self) -> str:
        return self.cleaned_data["time_zone"] or "UTC"


class FactForm(forms.Form):
    """A fact in the user's own words."""

    text = forms.CharField(
        label="What is right",
        max_length=FACT_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text="A short sentence, as you would say it.",
    )


class TimeZoneForm(forms.Form):
    time_zone = forms.ChoiceField(label="Where you are", choices=lambda: _zones())


class DeleteAccountForm(forms.Form):
    """Wants the password, which may be guessed as often as at the log-in page."""

    password = forms.CharField(
        strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        self._request = request

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        username = self._request.user.get_username()
        try:
            user = login_limit.checked(self._request, username=username, password=password)
        except login_limit.TooManyAttempts:
            raise ValidationError(TOO_MANY, code="too_many") from None
        if user is None:
            raise ValidationError("That is not your password.", code="wrong")
        return password


class DeleteConversationForm(forms.Form):
    with_facts = forms.BooleanField(
        label="Also forget what was learnt from it", required=False, initial=True
    )


def _zones() -> list[tuple[str, str]]:
    return [(name, name.replace("_", " ")) for name in sorted(zoneinfo.available_timezones())]
