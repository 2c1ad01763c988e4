"""What binds a token to the password that its user had when it was made."""

import hmac

from django.utils.crypto import salted_hmac

from conversations.models import User


def sealed(user: User, salt: str) -> str:
    """A digest of their session hash, which changes with the password."""
    return salted_hmac(salt, user.get_session_auth_hash(), algorithm="sha256").hexdigest()


def is_of(seal: str, user: User, salt: str) -> bool:
    return hmac.compare_digest(seal, sealed(user, salt))
