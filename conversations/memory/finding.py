"""Asks the database for past turns of one user: by meaning, by words, and those beside others.

Exact within the user: an index that holds each user's vectors side by side makes 100 turns a matter
of 0.1 ms and 50,000 one of 15 ms, where an index over everybody's misses some.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import combinations
from math import log

from django.db import connection
from pgvector import HalfVector

from conversations.memory.ranking import Candidate, Links
from conversations.memory.recalled import PastTurn
from conversations.models import Passage, Turn

NEAREST_MAX = 40
MATCHING_MAX = 300
"""Turns that share most words with the question; beyond these the words are no help."""
TERMS_MAX = 16
MANY_TURNS, TERMS_OF_MANY_MAX = 10_000, 8
"""Of somebody who said that much, one word in common tells nothing, and thousands of turns have it:
two of them are wanted."""
AWAY_MAX = 2
"""Places in a conversation that count as beside."""


def nearest(user_id: int, vector: Sequence[float]) -> list[int]:
    """Ids of this user's turns, those nearest in meaning first."""
    with connection.cursor() as cursor:
        cursor.execute(NEAREST, [user_id, _halved(vector), NEAREST_MAX])
        return [turn for (turn,) in cursor.fetchall()]


NEAREST = f"""
SELECT turn_id FROM {Passage._meta.db_table}
WHERE user_id = %s ORDER BY embedding <#> %s::halfvec LIMIT %s
"""
"""Reads only what the covering index holds: no row is touched."""


def terms(text: str, *, config: str) -> list[str]:
    """The words of `text` that mean something, as PostgreSQL's dictionary `config` has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))", [config, text])
        return list(cursor.fetchone()[0][:TERMS_MAX])


def coverage(user_id: int, terms: Sequence[str]) -> dict[int, float]:
    """Id → which share of the terms the turn has, each weighed by how rare it is among the turns of
    this user (the IDF of BM25). Those without any are left out."""
    if not terms:
        return {}
    having, frequencies, turns = _having(user_id, terms)
    rarity = [log(1 + (turns - often + 0.5) / (often + 0.5)) for often in frequencies]
    total = sum(rarity)
    return {
        turn: sum(weight for weight, has in zip(rarity, which, strict=True) if has) / total
        for turn, which in having.items()
    }


def most_covered(found: Mapping[int, float]) -> list[int]:
    """Ids of the turns that share most with the question."""
    return sorted(found, key=lambda turn: (-found[turn], -turn))[:NEAREST_MAX]


def described(
    user_id: int,
    turn_ids: Collection[int],
    vector: Sequence[float] | None,
    found: Mapping[int, float],
) -> list[Candidate]:
    """Those of the turns that may be recalled. found: the coverage of some."""
    if not turn_ids:
        return []
    near = None if vector is None else _halved(vector)
    with connection.cursor() as cursor:
        cursor.execute(DESCRIBED, {"user": user_id, "turns": list(turn_ids), "near": near})
        return [
            Candidate(PastTurn(turn, *said), nearness, found.get(turn, 0.0), words)
            for turn, *said, nearness, words in cursor.fetchall()
        ]


DESCRIBED = f"""
SELECT turn.id, turn.conversation_id, turn.number, turn.started_at, turn.role, turn.text,
       coalesce(-(passage.embedding <#> %(near)s::halfvec), 0), length(passage.words)
FROM {Passage._meta.db_table} passage JOIN {Turn._meta.db_table} turn ON turn.id = passage.turn_id
WHERE passage.user_id = %(user)s AND passage.turn_id = ANY(%(turns)s)
"""


def beside(turn_ids: Collection[int]) -> Links:
    """What was said up to AWAY_MAX places before and after each of these turns."""
    links: defaultdict[int, dict[int, int]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute(BESIDE, {"turns": list(turn_ids), "away": AWAY_MAX})
        for turn, other, away in cursor.fetchall():
            links[turn][other] = links[other][turn] = away
    return links


BESIDE = f"""
SELECT said.id, other.id, other.away
FROM {Turn._meta.db_table} said, LATERAL (
    (SELECT id, row_number() OVER (ORDER BY started_at DESC, id DESC) AS away
     FROM {Turn._meta.db_table} before
     WHERE before.conversation_id = said.conversation_id
       AND (before.started_at, before.id) < (said.started_at, said.id)
     ORDER BY started_at DESC, id DESC LIMIT %(away)s)
    UNION ALL
    (SELECT id, row_number() OVER (ORDER BY started_at, id) AS away
     FROM {Turn._meta.db_table} behind
     WHERE behind.conversation_id = said.conversation_id
       AND (behind.started_at, behind.id) > (said.started_at, said.id)
     ORDER BY started_at, id LIMIT %(away)s)
) other
WHERE said.id = ANY(%(turns)s)
"""


def _having(user_id: int, terms: Sequence[str]) -> tuple[dict[int, list[int]], list[int], int]:
    """For the turns with most of the terms, which of them each has (1 or 0); how many turns of this
    user have each term; and how many there are, as far as it matters."""
    turns = _turns(user_id)
    queries = [_quoted(term) for term in terms]
    columns = [f"has_{number}" for number in range(len(terms))]
    statement = HAVING.format(
        matches=", ".join(f"(words @@ %s::tsquery)::int AS {column}" for column in columns),
        which=", ".join(columns),
        often=", ".join(f"sum({column}) OVER ()" for column in columns),
        count=" + ".join(columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*queries, user_id, _matching(queries, turns), MATCHING_MAX])
        rows = cursor.fetchall()
    frequencies = rows[0][2] if rows else [0] * len(terms)
    return {turn: which for turn, which, _ in rows}, frequencies, max(turns, *frequencies)


HAVING = f"""
SELECT turn_id, ARRAY[{{which}}], ARRAY[{{often}}]
FROM (
    SELECT turn_id, {{matches}} FROM {Passage._meta.db_table}
    WHERE ARRAY[user_id] @> ARRAY[%s::bigint] AND words @@ %s::tsquery
) matching
ORDER BY {{count}} DESC, turn_id DESC LIMIT %s
"""


def _turns(user_id: int) -> int:
    """Of the user; counted no further than MANY_TURNS."""
    with connection.cursor() as cursor:
        cursor.execute(TURNS, [user_id, MANY_TURNS + 1])
        turns: int = cursor.fetchone()[0]
        return turns


TURNS = f"""
SELECT count(*) FROM (
    SELECT FROM {Passage._meta.db_table} WHERE user_id = %s LIMIT %s
) counted
"""


def _matching(queries: Sequence[str], turns: int) -> str:
    """Which of so many turns are looked at."""
    if turns <= MANY_TURNS or len(queries) == 1:
        return " | ".join(queries)
    return " | ".join(
        f"{one} & {other}" for one, other in combinations(queries[:TERMS_OF_MANY_MAX], 2)
    )


def _quoted(term: str) -> str:
    """As PostgreSQL writes a word in a tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _halved(vector: Sequence[float]) -> str:
    """As PostgreSQL reads a vector of the precision that passages have."""
    return HalfVector(list(vector)).to_text()
