"""Which facts about a user matter to what was just said.

By meaning where there is an embedding, by words where there is none yet (written before the model
was warm). Exact within a user: a person has hundreds of facts, and an index over everybody's would
miss theirs.
"""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db.models import QuerySet

from conversations import embeddings
from conversations.models import Memory
from conversations.text import storable

RELEVANT = 0.3
"""Cosine similarity below which a fact has nothing to do with what was said. Measured with MiniLM:
a question and the fact that answers it 0.48–0.72, unrelated sentences up to 0.26."""
THE_SAME = 0.9
"""Cosine similarity from which on two sentences state the same fact: "my dog is called Rex" and "my
dog's name is Rex" have 0.94, but blue and green as a favourite colour have 0.85 already."""
MEMORY_OFF = "Memory is switched off, so nothing is remembered."


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
    # Any text is a valid query; words without meaning ("the") drop out.
    every_word = [SearchQuery(text, config="english") for text in texts or ("",)]
    spoken = SearchVector("text", config="english")
    found: QuerySet[Any] = rows.annotate(spoken=spoken).filter(spoken=reduce(or_, every_word))
    return found


def nearest(rows: QuerySet[Any], vector: Sequence[float], floor: float) -> QuerySet[Any]:
    """Those whose embedding has at least this similarity, the most similar first."""
    similarity = embeddings.similarity(vector)
    near: QuerySet[Any] = rows.exclude(embedding=None).annotate(similarity=similarity)
    return near.filter(similarity__gte=floor).order_by("-similarity", "-pk")
