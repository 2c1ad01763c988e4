"""Who asks for a page."""

from django.http import HttpRequest

from conversations.models import User


def asker(request: HttpRequest) -> User:
    """Whoever is logged in; for views behind `login_required`."""
    assert isinstance(request.user, User)
    return request.user
