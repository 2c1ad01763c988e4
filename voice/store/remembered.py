"""What a person asks to be remembered, recalled and forgotten."""

from uuid import UUID

from conversations import facts, services
from voice.store.threads import query
from voice.store.values import Person


async def remember(
    person: Person, fact: str, *, conversation: UUID | None = None, number: int | None = None
) -> None:
    """conversation and number: the turn in which it was asked for. Raises ValueError, in a sentence
    for the user, for a fact that is empty or too long, and while memory is switched off."""
    await query(services.remember, person.id, fact, conversation, number)


async def recall(person: Person, text: str) -> list[str]:
    """Raises ValueError, in a sentence for the user, while memory is switched off."""
    return await query(facts.asked_for, person.id, text)


async def forget(
    person: Person, fact: str, *, conversation: UUID | None = None, number: int | None = None
) -> int:
    """conversation and number: the turn in which it was asked for, which is forgotten too."""
    return await query(services.forget, person.id, fact, conversation, number)
