"""What clients without a browser come in with: a short-lived access token, stored nowhere, and a
refresh token for the next one, each good for one use.

Both name the log-in that they belong to (`ApiLogin`) and die with it, and with the password.
"""

from conversations.tokens.access import is_revoked, issue, user_of
from conversations.tokens.refresh import Invalid, Pair, log_in, refresh, revoke

__all__ = ["Invalid", "Pair", "is_revoked", "issue", "log_in", "refresh", "revoke", "user_of"]
