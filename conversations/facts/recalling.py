"""The facts that go into a prompt, in one query: it is asked several times in each turn."""

from collections.abc import Sequence

from django.db import connection
from pgvector import Vector

from conversations import embeddings
from conversations.facts.known import MEMORY_OFF, RELEVANT, current, speaking_of
from conversations.models import Memory, User
from conversations.text import storable, words_alone

Asked = dict[str, str | float | None]
"""The parameters of a query."""

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
    text = storable(text)
    if vector is None and text.strip():
        vector = embeddings.embed_if_ready(text)
    asked: Asked = {
        "user": user_id,
        "is_empty": not text.strip(),
        "any_word": " or ".join(words_alone(text)),
        "vector": None if vector is None else Vector(list(vector)).to_text(),
        "relevant": RELEVANT,
        "pinned_max": PINNED_MAX,
        "limit": limit,
    }
    with connection.cursor() as cursor:
        cursor.execute(RECALL, asked)
        return [fact for (fact,) in cursor.fetchall()]


def asked_for(user_id: int, text: str) -> list[str]:
    """As `recall`, for a user who asks; then what speaks of every word in the text, which may be as
    short as "my sister" and then means little like what is known of her. Raises ValueError, in a
    sentence for them, while memory is switched off."""
    if not User.objects.filter(pk=user_id, memory_on=True).exists():
        raise ValueError(MEMORY_OFF)
    named = speaking_of(current(user_id), storable(text)).values_list("text", flat=True)
    return list(dict.fromkeys([*recall(user_id, text), *named[:NAMED_MAX]]))


def is_known(user_id: int, vector: Sequence[float]) -> bool:
    """Whether there are facts that bear on what has this embedding, or facts of which nobody can
    say yet. Not of a user who switched memory off."""
    asked: Asked = {"user": user_id, "vector": Vector(list(vector)).to_text(), "relevant": RELEVANT}
    with connection.cursor() as cursor:
        cursor.execute(IS_KNOWN, asked)
        found: bool = cursor.fetchone()[0]
        return found


CURRENT = f"""
{Memory._meta.db_table} fact
JOIN {User._meta.db_table} person ON person.id = fact.user_id AND person.memory_on
WHERE fact.user_id = %(user)s AND fact.superseded_by_id IS NULL
"""
"""The facts that count, as in `known.current`."""
IS_KNOWN = f"""
SELECT EXISTS (
    SELECT FROM {CURRENT}
    AND coalesce(1 - (fact.embedding <=> %(vector)s::vector) >= %(relevant)s, true)
)
"""
RECALL = f"""
WITH known AS NOT MATERIALIZED (
    SELECT fact.id, fact.text, fact.pinned, fact.created_at,
           1 - (fact.embedding <=> %(vector)s::vector) AS similarity,
           to_tsvector('english', fact.text) AS words,
           websearch_to_tsquery('english', %(any_word)s) AS any_word
    FROM {CURRENT}
)
(SELECT text FROM known WHERE pinned ORDER BY created_at DESC LIMIT %(pinned_max)s)
UNION ALL
(SELECT text FROM known
 WHERE NOT pinned
   AND (%(is_empty)s OR CASE WHEN similarity IS NULL THEN words @@ any_word
                             ELSE similarity >= %(relevant)s END)
 ORDER BY CASE WHEN similarity IS NULL AND NOT %(is_empty)s THEN ts_rank(words, any_word) END
              DESC NULLS LAST,
          similarity DESC NULLS LAST, created_at DESC, id DESC
 LIMIT %(limit)s)
"""
"""Without a vector, of the fact or of the question, the similarity is NULL: then words decide.
Not materialized: the words of a fact are only looked at where they decide."""
