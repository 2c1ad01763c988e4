"""Writes of facts about a user: kept, corrected, pinned, replaced by newer ones.

All that changes somebody's facts holds a lock on their row, so that what is being forgotten is not
written again beside it. Called through services.py.
"""

from uuid import UUID

from django.db import transaction
from django.utils.timezone import now

from conversations import embeddings, facts
from conversations.facts.known import MEMORY_OFF
from conversations.facts.slots import slot
from conversations.models import FACT_LENGTH, Conversation, Memory, Turn, User
from conversations.text import storable


def locked_user(user_id: int) -> User:
    """Held to the end of the transaction: one change of somebody's facts at a time. Raises
    User.DoesNotExist."""
    return User.objects.select_for_update(no_key=True).get(pk=user_id)


@transaction.atomic
def remember(
    user_id: int, text: str, conversation_id: UUID | None = None, number: int | None = None
) -> Memory:
    """Keep a fact that the user asked for; the same words again are the fact that is there. It
    replaces the newest that gave another value to the same thing (slots.py).

    conversation_id and number: the user turn in which it was asked for, recorded or not yet. Raises
    ValueError, in a sentence for the user, unless the text has 1 to 500 characters and memory is
    on, Conversation.DoesNotExist for somebody else's."""
    text = _fact_text(text)
    if not locked_user(user_id).memory_on:
        raise ValueError(MEMORY_OFF)
    if known := facts.current(user_id).filter(text__iexact=text).first():
        return _confirmed(known)
    source_id = None
    if conversation_id is not None and number is not None:
        source_id = user_turn(user_id, conversation_id, number).pk
    fact = _create(user_id, text, source_id=source_id)
    for old in of_the_same_slot(user_id, text):
        if old != fact:
            replace(old, fact)
    return fact


@transaction.atomic
def correct(memory_id: int, user_id: int, text: str) -> Memory:
    """Put the user's own words in place of a fact; it is kept as what was replaced. Raises
    Memory.DoesNotExist unless it is a current fact of theirs, ValueError like `remember`."""
    text = _fact_text(text)
    locked_user(user_id)
    old = facts.current(user_id).get(pk=memory_id)
    if old.text == text:
        return old
    known = facts.current(user_id).filter(text__iexact=text).exclude(pk=old.pk).first()
    fact = _confirmed(known) if known else _create(user_id, text)
    replace(old, fact)
    return fact


@transaction.atomic
def pin(memory_id: int, user_id: int, pinned: bool) -> None:
    """A pinned fact is in every prompt. Raises Memory.DoesNotExist unless it is a current fact of
    theirs."""
    if not facts.current(user_id).filter(pk=memory_id).update(pinned=pinned):
        raise Memory.DoesNotExist(memory_id)


def user_turn(user_id: int, conversation_id: UUID, number: int) -> Turn:
    """The turn of that number; an empty one to be filled where it is on its way here. Raises
    Conversation.DoesNotExist unless it is theirs."""
    conversation = Conversation.objects.select_for_update().get(pk=conversation_id, user_id=user_id)
    moment = now()
    turn, _ = conversation.utterances.get_or_create(
        number=number,
        role=Turn.Role.USER,
        defaults={"text": "", "started_at": moment, "ended_at": moment},
    )
    return turn


def of_the_same_slot(user_id: int, text: str) -> list[Memory]:
    """The current facts that give a value to what `text` gives one to, and which has only one."""
    if (its_slot := slot(text)) is None:
        return []
    return [fact for fact in facts.current(user_id) if slot(fact.text) == its_slot]


def replace(old: Memory, new: Memory) -> None:
    """A pin goes over to what replaces it."""
    old.superseded_by = new
    old.save(update_fields=["superseded_by"])
    if old.pinned and not new.pinned:
        new.pinned = True
        new.save(update_fields=["pinned"])


def _fact_text(text: str) -> str:
    text = " ".join(storable(text).split())
    if not 0 < len(text) <= FACT_LENGTH:
        raise ValueError(f"A fact to remember has 1 to {FACT_LENGTH} characters, not {len(text)}.")
    return text


def _confirmed(fact: Memory) -> Memory:
    """What a model had found is the user's own word now."""
    if fact.confidence < 1.0:
        fact.confidence = 1.0
        fact.save(update_fields=["confidence"])
    return fact


def _create(user_id: int, text: str, *, source_id: int | None = None) -> Memory:
    return Memory.objects.create(
        user_id=user_id,
        text=text,
        source_id=source_id,
        embedding=embeddings.embed_if_ready(text),
    )
