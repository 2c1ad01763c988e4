"""The admin's own log-in."""

from django.contrib import admin
from unfold.forms import AuthenticationForm

from conversations.forms import LimitedLogin


class AdminLoginForm(LimitedLogin, AuthenticationForm):
    """With the limit on guessing."""


admin.site.login_form = AdminLoginForm
