"""Access tokens for clients without a browser: signed, short-lived, stored nowhere.

A token names its user and carries a digest of their session hash, so it dies with the password.
"""

import hmac

from django.conf import settings
from django.core import signing
from django.utils.crypto import salted_hmac

from conversations.models import User

SALT = "conversations.access-token"


def issue(user: User) -> str:
    """A token that stands for this user for settings.ACCESS_TOKEN_S seconds."""
    return signing.dumps([user.pk, _digest(user)], salt=SALT)


def user_of(token: str) -> User | None:
    """Whom the token stands for; None when it is forged, over, or the user changed their password
    or was deactivated."""
    return _user_of(token, max_age_s=settings.ACCESS_TOKEN_S)


def is_revoked(token: str) -> bool:
    """Whether somebody who got in with it must go: not because it is over, which counts at the door
    only, but because the password changed or the user was deactivated."""
    return _user_of(token, max_age_s=None) is None


def _user_of(token: str, *, max_age_s: int | None) -> User | None:
    try:
        user_id, digest = signing.loads(token, salt=SALT, max_age=max_age_s)
    except signing.BadSignature:
        return None
    user = User.objects.filter(pk=user_id, is_active=True).first()
    return user if user and hmac.compare_digest(digest, _digest(user)) else None


def _digest(user: User) -> str:
    return salted_hmac(SALT, user.get_session_auth_hash(), algorithm="sha256").hexdigest()
