"""Which ends of a connection are as they should be."""

from voice.edge import notices

GOING_AWAY, NO_CODE = 1001, 1005
"""The page was left; the client closed in good order and gave no reason."""
NORMAL = frozenset(
    {
        notices.HUNG_UP,
        GOING_AWAY,
        NO_CODE,
        notices.RESTARTING,
        notices.DRAINING,
        notices.NOT_LOGGED_IN,
        notices.FORBIDDEN,
        notices.TAKEN_OVER,
    }
)
"""Anything else is a connection that vanished (1006), a client that broke the rules (1008, 1009,
4429), or something that broke here (1011)."""


def kind_of(close_code: int) -> str:
    """normal or abnormal."""
    return "normal" if close_code in NORMAL else "abnormal"
