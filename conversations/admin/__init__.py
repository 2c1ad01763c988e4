"""The admin: agents and who changed them; what was said, for those who may read it; who did what.

What was said is for reading only, goes only with its conversation or its user, and each look at it
is noted. Saving an agent or what a conversation is told goes through `conversations.context`, so
that running sessions notice.
"""

from conversations.admin import (
    agents,
    answers,
    changes,
    conversations,
    memories,
    noted,
    people,
    sessions,
    site,
    turns,
)

__all__ = [
    "agents",
    "answers",
    "changes",
    "conversations",
    "memories",
    "noted",
    "people",
    "sessions",
    "site",
    "turns",
]
