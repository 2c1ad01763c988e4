"""What was said and what is remembered. Each docstring says what one row means.

Writes go through services.py, reads through selectors.py; neither knows a vendor or a socket.
"""

from conversations.models.agents import TOOLS, Agent, ContextChange
from conversations.models.audit import AuditEntry
from conversations.models.cache import CachedAudio, CachedReply
from conversations.models.dimensions import EMBEDDING_DIMENSIONS
from conversations.models.facts import FACT_LENGTH, Memory
from conversations.models.logins import ApiLogin
from conversations.models.passages import AsArray, Passage, Signs
from conversations.models.people import User
from conversations.models.rollups import Rollup
from conversations.models.talk import Conversation, Session, Turn

__all__ = [
    "EMBEDDING_DIMENSIONS",
    "FACT_LENGTH",
    "TOOLS",
    "Agent",
    "ApiLogin",
    "AsArray",
    "AuditEntry",
    "CachedAudio",
    "CachedReply",
    "ContextChange",
    "Conversation",
    "Memory",
    "Passage",
    "Rollup",
    "Session",
    "Signs",
    "Turn",
    "User",
]
