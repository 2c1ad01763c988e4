"""Which facts about a user matter to what was just said.

By meaning where there is an embedding, by words where there is none yet (written before the model
was warm). Exact within a user: a person has hundreds of facts, and an index over everybody's would
miss theirs.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, QuerySet

from conversations import embeddings
from conversations.models import Memory, User
from conversations.text import storable, words_alone

RELEVANT = 0.3
"""Cosine similarity below which a fact has nothing to do with what was said. Measured with MiniLM:
a question and the fact that answers it 0.48–0.72, unrelated sentences up to 0.26."""
THE_SAME = 0.9
"""Cosine similarity from which on two sentences state the same fact: "my dog is called Rex" and "my
dog's name is Rex" have 0.94, but blue and green as a favourite colour have 0.85 already."""
MEMORY_OFF = "Memory is switched off, so nothing is remembered."
NAMED_MAX = 5
PINNED_MAX = 10
"""Pinned facts in one prompt, the newest. They take no place of the relevant ones."""


def recall(
    user_id: int, text: str, *, vector: Sequence[float] | None = None, limit: int = 5
) -> list[str]:
    """Facts about this user for a prompt: the pinned ones, whatever was said, then up to `limit`
    that bear on `text`, most relevant first; the newest when it is empty. What a newer fact
    replaced is left out, and facts that have no embedding yet come before those that have, since
    they are the newest. Nothing for a user who switched memory off.

    vector: the embedding of `text`, from whoever has it already."""
    facts, text = current(user_id).filter(user__memory_on=True), storable(text)
    pinned, others = facts.filter(pinned=True), facts.filter(pinned=False)
    return [*_texts(pinned, PINNED_MAX), *_bearing_on(others, text, vector, limit)]


def asked_for(user_id: int, text: str) -> list[str]:
    """As `recall`, for a user who asks; then what speaks of every word in the text, which may be as
    short as "my sister" and then means little like what is known of her. Raises ValueError, in a
    sentence for them, while memory is switched off."""
    if not User.objects.filter(pk=user_id, memory_on=True).exists():
        raise ValueError(MEMORY_OFF)
    named = speaking_of(current(user_id), storable(text))
    return list(dict.fromkeys([*recall(user_id, text), *_texts(named, NAMED_MAX)]))


def stating(user_id: int, text: str) -> set[int]:
    """Ids of the facts that say `text` or speak of every word in it, replaced ones too."""
    facts, text = Memory.objects.filter(user_id=user_id), storable(text)
    found = set(speaking_of(facts, text).values_list("pk", flat=True))
    if not embeddings.ready():
        return found
    [vector] = embeddings.embed([text])
    return {*found, *nearest(facts, vector, THE_SAME).values_list("pk", flat=True)}


def current(user_id: int) -> QuerySet[Memory]:
    """A user's facts that no newer one replaced."""
    return Memory.objects.filter(user_id=user_id, superseded_by=None)


def speaking_of(rows: QuerySet[Any], *texts: str) -> QuerySet[Any]:
    """Those whose own text has every word of one of these; none for a text without a word that
    means anything ("the")."""
    every_word = [_query(text, "plain") for text in texts or ("",)]
    one_of_them = reduce(or_, every_word)
    found: QuerySet[Any] = rows.annotate(spoken=_vector()).filter(spoken=one_of_them)
    return found


def nearest(rows: QuerySet[Any], vector: Sequence[float], floor: float) -> QuerySet[Any]:
    """Those whose embedding has at least this similarity, the most similar first."""
    similarity = embeddings.similarity(vector)
    near: QuerySet[Any] = rows.exclude(embedding=None).annotate(similarity=similarity)
    return near.filter(similarity__gte=floor).order_by("-similarity", "-pk")


def _bearing_on(
    facts: QuerySet[Memory], text: str, vector: Sequence[float] | None, limit: int
) -> list[str]:
    if not text.strip():
        return _texts(facts, limit)
    if vector is None and not embeddings.ready():
        return _texts(_by_words(facts, text), limit)
    unembedded = _texts(_by_words(facts.filter(embedding=None), text), limit)
    vector = vector if vector is not None else embeddings.embed([text])[0]
    return [*unembedded, *_texts(nearest(facts, vector, RELEVANT), limit)][:limit]


def _by_words(facts: QuerySet[Memory], text: str) -> QuerySet[Memory]:
    any_word = _query(" or ".join(words_alone(text)), "websearch")
    ranked = facts.annotate(words=_vector(), rank=SearchRank(F("words"), any_word))
    return ranked.filter(words=any_word).order_by("-rank", "-created_at")


def _vector() -> SearchVector:
    return SearchVector("text", config="english")


def _query(text: str, search_type: str) -> SearchQuery:
    """Any text is a valid query of these types; words without meaning ("the") drop out."""
    return SearchQuery(text, search_type=search_type, config="english")


def _texts(facts: QuerySet[Memory], limit: int) -> list[str]:
    return list(facts.values_list("text", flat=True)[:limit])
