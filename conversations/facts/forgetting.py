"""Deleting what is remembered of a user. What was said stays in the transcript, marked so that
nobody recalls it, distils it or sums it up again. Called through services.py.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, F, OuterRef, QuerySet

from conversations import embeddings, facts, jobs
from conversations.cache import cosine
from conversations.facts import THE_SAME
from conversations.facts.remembering import locked_user, user_turn
from conversations.facts.shown import answers_of
from conversations.memory.meaning import knowing_of
from conversations.models import CachedReply, Conversation, Memory, Passage, Turn, User
from conversations.text import storable

NEARLY_THE_SAME, COMPARED_MAX = 0.6, 32
"""Passages whose turns are looked at more closely. Half of a passage's vector is of what was said
before the turn, which takes some 0.1 to 0.2 off its similarity."""
WORDS_MIN = 3
"""Words with a meaning that a deleted fact needs for its words alone to tell where else it was
said: “I have a dog” is no reason to forget whatever was said of dogs."""


@transaction.atomic
def forget(
    user_id: int, text: str, conversation_id: UUID | None = None, number: int | None = None
) -> int:
    """Delete for good what is remembered in these or like words: facts, with those that they
    replaced, and the passages that state the same. Returns how many facts.

    conversation_id and number: the user turn in which it was asked for, which is forgotten itself,
    recorded or not yet. Raises Conversation.DoesNotExist for somebody else's."""
    locked_user(user_id)
    text = storable(text)
    doomed = _with_replaced(user_id, facts.stating(user_id, text))
    turns = _turns_stating(user_id, [text], [embeddings.embed_if_ready(text)])
    turns |= _turns_of(user_id, doomed)
    if conversation_id is not None and number is not None:
        turns.add(user_turn(user_id, conversation_id, number).pk)
    _forget_turns(turns)
    return _delete(doomed)


@transaction.atomic
def forget_fact(memory_id: int, user_id: int) -> None:
    """Delete a fact, what it replaced, and the passages that state the same. Raises
    Memory.DoesNotExist for somebody else's."""
    locked_user(user_id)
    fact = Memory.objects.get(pk=memory_id, user_id=user_id)
    doomed = _with_replaced(user_id, {fact.pk})
    _forget_turns(_turns_of(user_id, doomed))
    _delete(doomed)


@transaction.atomic
def forget_everything(user_id: int) -> None:
    """Delete all facts, passages, summaries and cached answers of a user. Their conversations stay,
    and nothing said so far is recalled, distilled or summed up again."""
    locked_user(user_id)
    _lock_conversations(Conversation.objects.filter(user=user_id))
    Turn.objects.filter(conversation__user=user_id).update(is_forgotten=True)
    Conversation.objects.filter(user=user_id).update(summary="", distilled_to=F("turns"))
    Passage.objects.filter(user=user_id).delete()
    Memory.objects.filter(user=user_id).delete()
    answers_of(user_id).delete()


@transaction.atomic
def set_memory(user_id: int, on: bool) -> None:
    """Switch memory on or off. What is known stays, unused while it is off; what is said meanwhile
    is not looked at for facts afterwards either."""
    if locked_user(user_id).memory_on == on:
        return
    User.objects.filter(pk=user_id).update(memory_on=on)
    if on:
        Conversation.objects.filter(user=user_id).update(distilled_to=F("turns"))


def _with_replaced(user_id: int, ids: Collection[int]) -> list[Memory]:
    """These facts and all that they replaced, however long ago: else those would hold again."""
    found: dict[int, Memory] = {}
    rows = Memory.objects.filter(user=user_id)
    newest = rows.filter(pk__in=ids)
    while new := {fact.pk: fact for fact in newest if fact.pk not in found}:
        found |= new
        newest = rows.filter(superseded_by__in=new)
    return list(found.values())


def _turns_stating(
    user_id: int, texts: Iterable[str], vectors: Iterable[Sequence[float] | None]
) -> set[int]:
    """Turns of both sides that speak of every word in one of the texts, or mean one of the
    vectors."""
    turns = Turn.objects.filter(conversation__user=user_id)
    found = set(facts.speaking_of(turns, *texts).values_list("pk", flat=True))
    return found.union(*(_meaning(user_id, each) for each in vectors if each is not None))


def _meaning(user_id: int, vector: Sequence[float]) -> set[int]:
    """Turns that mean this when taken alone; a passage's own vector knows what was said before."""
    near = facts.nearest(Passage.objects.filter(user=user_id), vector, NEARLY_THE_SAME)
    texts = dict(near.values_list("turn", "turn__text")[:COMPARED_MAX])
    alone = embeddings.embed(list(texts.values()))
    pairs = zip(texts, alone, strict=True)
    return {pk for pk, each in pairs if cosine(vector, each) >= THE_SAME}


def _turns_of(user_id: int, doomed: Collection[Memory]) -> set[int]:
    """Where these facts were said, as far as can be told."""
    texts = [fact.text for fact in doomed if _words_in(fact.text) >= WORDS_MIN]
    sources = {fact.source_id for fact in doomed if fact.source_id is not None}
    return sources | _turns_stating(user_id, texts, [fact.embedding for fact in doomed])


def _words_in(text: str) -> int:
    """Those that mean something, as full-text search counts them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT length(to_tsvector('english', %s))", [text])
        (count,) = cursor.fetchone()
    return int(count)


def _forget_turns(ids: Collection[int]) -> None:
    """Mark them and the replies to them, and delete what was made of them. Marking comes first: it
    waits for whoever embeds one of them just now."""
    _lock_conversations(Conversation.objects.filter(pk__in=_conversations_of(ids)))
    turns = {*ids, *_replies_to(ids)}
    Turn.objects.filter(pk__in=turns).update(is_forgotten=True)
    Passage.objects.filter(turn__in=turns).delete()
    CachedReply.objects.filter(source__in=turns).delete()
    _embed_anew(knowing_of(turns))
    # Summed up anew from the start, without them.
    conversations = Conversation.objects.filter(pk__in=_conversations_of(turns))
    conversations.update(summary="", summarised_to=0)


def _lock_conversations(conversations: QuerySet[Conversation]) -> None:
    """Before their turns, as whoever records one does: a reply that is just being recorded is there
    by then, and one that comes later finds its turn forgotten."""
    list(conversations.order_by("pk").select_for_update().values_list("pk"))


def _conversations_of(turn_ids: Collection[int]) -> QuerySet[Turn, Any]:
    return Turn.objects.filter(pk__in=turn_ids).order_by().values("conversation")


def _embed_anew(ids: Collection[int]) -> None:
    Passage.objects.filter(turn__in=ids).delete()
    for turn_id in ids:
        jobs.defer("embed_turn", turn_id=turn_id)


def _replies_to(ids: Collection[int]) -> set[int]:
    asked = Turn.objects.filter(pk__in=ids, role=Turn.Role.USER)
    of_the_same_number = asked.filter(
        conversation=OuterRef("conversation"), number=OuterRef("number")
    )
    replies = Turn.objects.filter(
        Exists(of_the_same_number),
        conversation__in=asked.values("conversation"),
        role=Turn.Role.ASSISTANT,
    )
    return set(replies.values_list("pk", flat=True))


def _delete(doomed: Collection[Memory]) -> int:
    _, deleted = Memory.objects.filter(pk__in=[fact.pk for fact in doomed]).delete()
    return deleted.get(Memory._meta.label, 0)
