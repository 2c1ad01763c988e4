"""Asks the database for past turns of one user: by meaning, by words, and those beside others.

Within the user only: an index that holds each user's vectors side by side makes 100 turns a matter
of 0.1 ms and 20,000 one of 6 ms, where an index over everybody's misses some. Above that the signs
of the vectors, which are read in a third of the time, choose which are compared.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from itertools import chain
from math import log

from django.db import connection
from pgvector import HalfVector

from conversations.memory.ranking import Candidate, Links
from conversations.memory.recalled import PastTurn
from conversations.models import EMBEDDING_DIMENSIONS, Passage, Turn

NEAREST_MAX = 40
EXACT_MAX, ALIKE_MAX = 20_000, 800
"""Of more turns than that, so many are compared: those whose vectors agree in most signs. Of 50,000
English sentences they have 99.2 in a hundred of the 40 nearest (200: 92.5; 400: 97.3)."""
TURNS_MAX = EXACT_MAX + 1
"""A user's turns are counted no further: how many more there are changes nothing."""
MATCHING_MAX = 300
"""Turns that share most words with the question; beyond these the words are no help."""
TERMS_MAX = 16
MANY_TURNS, TERMS_OF_MANY_MAX = 10_000, 8
"""Of somebody who said that much, one word in common tells nothing, and thousands of turns have it:
two of them are wanted."""
AWAY_MAX = 2
"""Places in a conversation that count as beside."""


def nearest(user_id: int, vector: Sequence[float], *, turns: int) -> list[int]:
    """Ids of this user's turns, those nearest in meaning first. turns: how many the user has."""
    statement = NEAREST if turns <= EXACT_MAX else NEAREST_OF_MANY
    with connection.cursor() as cursor:
        cursor.execute(statement, {"user": user_id, "near": _halved(vector)})
        return [turn for (turn,) in cursor.fetchall()]


NEAREST = f"""
SELECT turn_id FROM {Passage._meta.db_table}
WHERE user_id = %(user)s ORDER BY embedding <#> %(near)s::halfvec LIMIT {NEAREST_MAX}
"""
"""Reads only what the covering index holds: no row is touched."""
NEAREST_OF_MANY = f"""
SELECT turn_id FROM (
    SELECT turn_id FROM {Passage._meta.db_table} WHERE user_id = %(user)s
    ORDER BY signs <~> binary_quantize(%(near)s::halfvec)::bit({EMBEDDING_DIMENSIONS})
    LIMIT {ALIKE_MAX}
) alike JOIN {Passage._meta.db_table} USING (turn_id)
WHERE user_id = %(user)s ORDER BY embedding <#> %(near)s::halfvec LIMIT {NEAREST_MAX}
"""
"""Reads a narrow index instead, and of the covering one what is alike."""


def terms(text: str, *, config: str) -> list[str]:
    """The words of `text` that mean something, as PostgreSQL's dictionary `config` has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tsvector_to_array(to_tsvector(%s::regconfig, %s))", [config, text])
        return list(cursor.fetchone()[0][:TERMS_MAX])


def coverage(user_id: int, terms: Sequence[str], *, turns: int) -> dict[int, float]:
    """Id → which share of the terms the turn has, each weighed by how rare it is among the turns of
    this user (the IDF of BM25). Those without any are left out. turns: how many the user has."""
    if not terms:
        return {}
    having, frequencies = _having(user_id, terms, turns)
    counted = max(min(turns, MANY_TURNS), *frequencies)
    rarity = [log(1 + (counted - often + 0.5) / (often + 0.5)) for often in frequencies]
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


def _having(
    user_id: int, terms: Sequence[str], turns: int
) -> tuple[dict[int, list[int]], list[int]]:
    """For the turns with most of the terms, which of them each has (1 or 0); and how many turns of
    this user have each term."""
    queries = [_quoted(term) for term in terms]
    wanted = _wanted(queries, turns)
    columns = [f"has_{number}" for number in range(len(terms))]
    statement = HAVING.format(
        matches=", ".join(f"(words @@ %s::tsquery)::int AS {column}" for column in columns),
        which=", ".join(columns),
        often=", ".join(f"sum({column}) OVER ()" for column in columns),
        wanted=" OR ".join(
            " AND ".join(["words @@ %s::tsquery"] * len(all_of)) for all_of in wanted
        ),
        count=" + ".join(columns),
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [*queries, user_id, *chain(*wanted), MATCHING_MAX])
        rows = cursor.fetchall()
    frequencies = rows[0][2] if rows else [0] * len(terms)
    return {turn: which for turn, which, _ in rows}, frequencies


HAVING = f"""
SELECT turn_id, ARRAY[{{which}}], ARRAY[{{often}}]
FROM (
    SELECT turn_id, {{matches}} FROM {Passage._meta.db_table}
    WHERE ARRAY[user_id] @> ARRAY[%s::bigint] AND ({{wanted}})
) matching
ORDER BY {{count}} DESC, turn_id DESC LIMIT %s
"""


def _wanted(queries: Sequence[str], turns: int) -> list[tuple[str, ...]]:
    """Which of so many turns are looked at: those for which all of one of these hold. Any two words
    are asked for as “this and one of those behind it”, which takes half as long as pair by pair."""
    if turns <= MANY_TURNS or len(queries) == 1:
        return [(" | ".join(queries),)]
    some = queries[:TERMS_OF_MANY_MAX]
    return [(one, " | ".join(some[place:])) for place, one in enumerate(some[:-1], 1)]


def _quoted(term: str) -> str:
    """As PostgreSQL writes a word in a tsquery."""
    return "'" + term.replace("\\", "\\\\").replace("'", "''") + "'"


def _halved(vector: Sequence[float]) -> str:
    """As PostgreSQL reads a vector of the precision that passages have."""
    return HalfVector(list(vector)).to_text()
