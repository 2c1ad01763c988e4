"""Who of the staff may see and do what here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

from conversations.models import User

P = ParamSpec("P")
View = Callable[Concatenate[HttpRequest, P], HttpResponseBase]


def may(user: User, permission: str) -> bool:
    """permission: one of conversations/roles.py. It counts for the staff only."""
    return user.is_active and user.is_staff and user.has_perm(permission)


def allowed(permission: str) -> Callable[[View[P]], View[P]]:
    """The view is for those who may; others get a 403, and who is not logged in is asked to."""

    def decorate(view: View[P]) -> View[P]:
        @wraps(view)
        def checked(request: HttpRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not may(member(request), permission):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return login_required(checked)

    return decorate


def member(request: HttpRequest) -> User:
    """Who is logged in; for views behind `allowed`."""
    assert isinstance(request.user, User)
    return request.user
