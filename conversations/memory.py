"""Which facts about a user matter to what was just said.

By meaning where there is an embedding, by words where there is none yet (written before the model
was warm). Exact within a user: a person has hundreds of facts, and an index over everybody's would
miss theirs.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank, SearchVector
from django.db.models import F, FloatField, QuerySet, Value
from django.db.models.functions import Cast
from pgvector.django import CosineDistance

from conversations import embeddings
from conversations.models import Memory
from conversations.text import storable

RELEVANT = 0.3
"""Cosine similarity below which a fact has nothing to do with what was said. Measured with MiniLM:
a question and the fact that answers it 0.48–0.72, unrelated sentences up to 0.26."""
THE_SAME = 0.9
"""Cosine similarity from which on two sentences state the same fact: "my dog is called Rex" and "my
dog's name is Rex" have 0.94, but blue and green as a favourite colour have 0.85 already."""


def recall(user_id: int, text: str, *, limit: int = 5) -> list[str]:
    """Facts about this user that bear on `text`, most relevant first; the newest when it is empty.
    What a newer fact replaced is left out. Facts that have no embedding yet come first, since they
    are the newest."""
    facts, text = current(user_id), storable(text)
    if not text.strip():
        return _texts(facts, limit)
    if not embeddings.ready():
        return _texts(_by_words(facts, text), limit)
    unembedded = _texts(_by_words(facts.filter(embedding=None), text), limit)
    return [*unembedded, *_texts(_by_meaning(facts, text, RELEVANT), limit)][:limit]


def stating(user_id: int, text: str) -> set[int]:
    """Ids of the facts that say `text` or speak of every word in it, replaced ones too."""
    facts, text = Memory.objects.filter(user_id=user_id), storable(text)
    found = facts.annotate(words=_vector()).filter(words=_query(text)).values_list("pk", flat=True)
    if not embeddings.ready():
        return set(found)
    return {*found, *_by_meaning(facts, text, THE_SAME).values_list("pk", flat=True)}


def current(user_id: int) -> QuerySet[Memory]:
    """A user's facts that no newer one replaced."""
    return Memory.objects.filter(user_id=user_id, superseded_by=None)


def _by_meaning(facts: QuerySet[Memory], text: str, floor: float) -> QuerySet[Memory]:
    """Sorted by similarity and not by distance, which would let Postgres take the HNSW index: it
    finds the nearest facts of everybody and then throws the others' away."""
    [vector] = embeddings.embed([text])
    similarity = Value(1.0) - Cast(CosineDistance("embedding", vector), FloatField())
    near = facts.exclude(embedding=None).annotate(similarity=similarity)
    return near.filter(similarity__gte=floor).order_by("-similarity", "-created_at")


def _by_words(facts: QuerySet[Memory], text: str) -> QuerySet[Memory]:
    any_word = _query(" or ".join(text.split()))
    ranked = facts.annotate(words=_vector(), rank=SearchRank(F("words"), any_word))
    return ranked.filter(words=any_word).order_by("-rank", "-created_at")


def _vector() -> SearchVector:
    return SearchVector("text", config="english")


def _query(text: str) -> SearchQuery:
    """Any text is a valid query in this syntax; words without meaning ("the") drop out."""
    return SearchQuery(text, search_type="websearch", config="english")


def _texts(facts: QuerySet[Memory], limit: int) -> list[str]:
    return list(facts.values_list("text", flat=True)[:limit])
