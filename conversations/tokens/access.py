"""Access tokens: signed, short-lived, stored nowhere.

A token names its user and carries a digest of their session hash, so it dies with the password.
"""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q
from django.db.models.functions import Now

from conversations.models import User
from conversations.tokens.seal import is_of, sealed

SALT = "conversations.access-token"


def issue(user: User, login: UUID | None = None) -> str:
    """A token that stands for this user for settings.ACCESS_TOKEN_S seconds, and no longer than the
    log-in that it belongs to, where there is one."""
    return signing.dumps([user.pk, sealed(user, SALT), login and login.hex], salt=SALT)


def user_of(token: str) -> User | None:
    """Whom the token stands for; None when it is forged or over, its log-in was revoked, or the
    user changed their password or was deactivated."""
    holds = Q(api_logins__revoked_at=None, api_logins__expires_at__gt=Now())
    return _user_of(token, holds, max_age_s=settings.ACCESS_TOKEN_S)


def is_revoked(token: str) -> bool:
    """Whether somebody who got in with it must go: not because it is over, which counts at the door
    only, but because its log-in was revoked, the password changed or the user was deactivated."""
    return _user_of(token, Q(api_logins__revoked_at=None), max_age_s=None) is None


def _user_of(token: str, login_holds: Q, *, max_age_s: int | None) -> User | None:
    try:
        user_id, seal, *login = signing.loads(token, salt=SALT, max_age=max_age_s)
    except signing.BadSignature:
        return None
    users = User.objects.filter(pk=user_id, is_active=True)
    if login and login[0]:
        users = users.filter(login_holds, api_logins=UUID(login[0]))
    user = users.first()
    return user if user and is_of(seal, user, SALT) else None
