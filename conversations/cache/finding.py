"""An answer is only ever looked for in its own partition, which is searched exactly: an index over
everybody's questions would find the nearest of all and then throw the others' away.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from django.db import connection
from pgvector import Vector

from conversations.cache.audio import Spoken, audio_of
from conversations.cache.deciding import may_answer
from conversations.cache.questions import why_not_asked
from conversations.models import Agent, CachedReply, User

NEAREST_MAX = 5
"""So many of the nearest questions are looked at."""


@dataclass(frozen=True, slots=True)
class Partition:
    """What an answer depends on beside its question. No answer crosses from one to another."""

    agent: int
    version: int
    language: str
    model_family: str
    user: int
    """Who asks: sees what is nobody's in particular, and their own."""


@dataclass(frozen=True, slots=True)
class Answer:
    entry: int
    text: str
    spoken: Spoken | None = None


def find(
    partition: Partition, question: str, vector: Sequence[float], *, voices: Sequence[str] = ()
) -> Answer | None:
    """An answer that was given to this question in this partition, with the sound of the first of
    these `voices` that has spoken it.

    Nothing where the question is none for the cache, or the agent was changed since."""
    if why_not_asked(question, language=partition.language):
        return None
    for entry, known, answer, similarity in _nearest(partition, vector):
        if may_answer(known, question, similarity, language=partition.language):
            return Answer(entry, answer, audio_of(entry, voices))
    return None


def _nearest(partition: Partition, vector: Sequence[float]) -> list[tuple[int, str, str, float]]:
    """Id, question, answer and similarity of the nearest that are in force there."""
    asked = asdict(partition) | {"vector": Vector(list(vector)).to_text(), "max": NEAREST_MAX}
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, asked)
        rows: list[tuple[int, str, str, float]] = cursor.fetchall()
        return rows


NEAREST = f"""
SELECT given.id, given.question, given.answer,
       1 - (given.embedding <=> %(vector)s::vector) AS similarity
FROM {CachedReply._meta.db_table} given
JOIN {Agent._meta.db_table} agent ON agent.id = given.agent_id AND agent.version = %(version)s
LEFT JOIN {User._meta.db_table} person ON person.id = given.user_id
WHERE given.agent_id = %(agent)s AND given.agent_version = %(version)s
  AND given.language = %(language)s AND given.model_family = %(model_family)s
  AND given.expires_at > statement_timestamp()
  AND (given.user_id IS NULL OR (given.user_id = %(user)s AND person.memory_on))
ORDER BY similarity DESC, given.used_at DESC LIMIT %(max)s
"""
"""Sorted by similarity, and not by distance, so that no index of nearest ones is used."""
