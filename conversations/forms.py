"""Sign-up and log-in. Both carry the browser's time zone in a hidden field, which a script fills;
a zone that is missing or unknown is left out of account and never stops anybody."""

from typing import Any

from django import forms
from django.contrib.auth.forms import AuthenticationForm, UserCreationForm
from django.core.exceptions import ValidationError

from conversations import login_limit
from conversations.models import User
from conversations.time_zones import zone_named


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
            raise ValidationError(
                "Too many failed attempts. Try again in a quarter of an hour.", code="too_many"
            ) from None
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
