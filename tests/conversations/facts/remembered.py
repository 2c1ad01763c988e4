"""Facts that somebody asked for."""

from conversations import services
from conversations.models import User

FACTS = (
    "my dog's name is Rex",
    "I am allergic to nuts",
    "my sister lives in Berlin",
    "I work as a nurse",
)


def remembered(user: User, *facts: str) -> None:
    for fact in facts:
        services.remember(user.pk, fact)
