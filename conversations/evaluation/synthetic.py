"""How long recall takes among very many turns: random ones, in a database that is dropped again."""

import random
import struct
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from time import perf_counter
from uuid import UUID, uuid4

import numpy as np
from django.db import connection
from django.db.models import Model
from django.utils import timezone
from numpy.typing import NDArray
from psycopg import Copy

from conversations.evaluation.recall import percentile
from conversations.memory import recollect
from conversations.models import EMBEDDING_DIMENSIONS, Agent, Conversation, Passage, Turn, User

DATABASE = "eval_memory"
USERS = 10_000
HEAVY_SHARE = 0.05
"""Of all turns, those of one user: 50,000 of a million."""
TURNS_PER_CONVERSATION = 40
WORDS_PER_TURN = 12
VOCABULARY = 20_000
COMMON = 50
"""The words that are said most often are no words to search by: "the", "and" …"""
QUESTION_WORDS = 6
RECALLS = 600
MINUTE = timedelta(minutes=1)
BATCH = 10_000
SEED = 20
"""The same turns each time."""

Tell = Callable[[str], object]
Owners = NDArray[np.int64]
Vectors = NDArray[np.float64]


def measure(turns: int, *, tell: Tell) -> dict[str, object]:
    """Load, index, and recall; the figures."""
    with _database():
        started = perf_counter()
        users = _load(turns, tell)
        tell(f"loaded and indexed in {perf_counter() - started:.0f} s")
        return _figures(turns, users)


@contextmanager
def _database() -> Iterator[None]:
    """A new one beside the site's, empty but for the tables."""
    own, options = connection.settings_dict["NAME"], connection.settings_dict["OPTIONS"]
    connection.settings_dict.setdefault("TEST", {})["NAME"] = DATABASE
    connection.close()
    pool = options.pop("pool", None)  # its connections lead to the site's own
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT current_database()")
            assert cursor.fetchone() == (DATABASE,)
        yield
    finally:
        connection.creation.destroy_test_db(own, verbosity=0)
        options |= {"pool": pool} if pool else {}


def _load(turns: int, tell: Tell) -> Owners:
    """Everything but the answers. Returns whose each turn is."""
    rng = np.random.default_rng(SEED)
    agent = Agent.objects.order_by("pk").first()
    assert agent is not None  # migrate makes one
    users = User.objects.bulk_create(User(username=f"user{n}") for n in range(USERS))
    heavy = round(turns * HEAVY_SHARE)
    owner: Owners = np.concatenate([np.zeros(heavy, int), rng.integers(1, USERS, turns - heavy)])
    rng.shuffle(owner)
    owner = np.array([user.pk for user in users])[owner].astype(np.int64)
    with _indexed_after(Passage), _indexed_after(Turn):
        _copy_turns(owner, _conversations(owner, agent))
        tell(f"{turns} turns of {USERS} users")
        _copy_passages(owner, rng)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return owner


@contextmanager
def _indexed_after(model: type[Passage] | type[Turn]) -> Iterator[None]:
    with connection.schema_editor() as schema:
        for index in model._meta.indexes:
            schema.remove_index(model, index)
    yield
    with connection.schema_editor() as schema:
        for index in model._meta.indexes:
            schema.add_index(model, index)


def _conversations(owner: Owners, agent: Agent) -> list[UUID]:
    """The conversation of each turn: a user's turns in order, so many to one."""
    ordinals: Counter[int] = Counter()
    ids: dict[tuple[int, int], UUID] = {}
    of_turn = []
    for user in owner.tolist():
        key = user, ordinals[user] // TURNS_PER_CONVERSATION
        ordinals[user] += 1
        of_turn.append(ids.setdefault(key, uuid4()))
    Conversation.objects.bulk_create(
        (Conversation(pk=pk, user_id=user, agent=agent) for (user, _), pk in ids.items()),
        batch_size=BATCH,
    )
    return of_turn


def _copy_turns(owner: Owners, conversation: Sequence[UUID]) -> None:
    """Turn after turn, a minute apart, user and assistant by turns."""
    first, ordinals = timezone.now() - len(owner) * MINUTE, Counter[UUID]()
    columns = "id, conversation_id, number, reply, role, source, text, interrupted, started_at,"
    columns += " ended_at, metrics, sources, is_forgotten"
    with _copy(Turn, columns) as copy:
        for index, where in enumerate(conversation):
            ordinals[where] += 1
            number, is_user = (ordinals[where] + 1) // 2, ordinals[where] % 2
            at = first + index * MINUTE
            role, reply = ("user", None) if is_user else ("assistant", number)
            said = f"What was said in turn {index}."
            copy.write_row(
                (
                    index + 1,
                    where,
                    number,
                    reply,
                    role,
                    "typed",
                    said,
                    False,
                    at,
                    at,
                    "{}",
                    "[]",
                    False,
                )
            )


def _copy_passages(owner: Owners, rng: np.random.Generator) -> None:
    """Random unit vectors, and words as often as words are said: the nth 1/n as often as the
    first, without the most common ones."""
    often = 1 / np.arange(COMMON, COMMON + VOCABULARY)
    with _copy(Passage, "turn_id, user_id, embedding, words", "BINARY") as copy:
        copy.set_types(["int8", "int8", "bytea", "bytea"])
        for first in range(0, len(owner), BATCH):
            users = owner[first : first + BATCH].tolist()
            vectors = _unit_vectors(len(users), rng)
            said = rng.choice(VOCABULARY, (len(users), WORDS_PER_TURN), p=often / often.sum())
            for row, user in enumerate(users):
                vector, words = _halfvec(vectors[row]), _tsvector(said[row])
                copy.write_row((first + row + 1, user, vector, words))


@contextmanager
def _copy(model: type[Model], columns: str, form: str = "TEXT") -> Iterator[Copy]:
    statement = f"COPY {model._meta.db_table} ({columns}) FROM STDIN (FORMAT {form})"
    with connection.cursor() as cursor, cursor.copy(statement) as copy:
        yield copy


def _unit_vectors(count: int, rng: np.random.Generator) -> Vectors:
    vectors = rng.standard_normal((count, EMBEDDING_DIMENSIONS))
    unit: Vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    return unit


def _halfvec(vector: Vectors) -> bytes:
    """As pgvector sends one."""
    return struct.pack(">HH", len(vector), 0) + vector.astype(">f2").tobytes()


def _tsvector(words: Owners) -> bytes:
    """As PostgreSQL sends one: its different words in order, without positions."""
    names = sorted({_word(number) for number in words.tolist()})
    return struct.pack(">i", len(names)) + b"".join(name + b"\0\0\0" for name in names)


def _word(number: int) -> bytes:
    return b"w%d" % number


def _figures(turns: int, owner: Owners) -> dict[str, object]:
    """Of users drawn evenly; heavy: of the one with the most turns."""
    chance = random.Random(SEED)
    heavy = int(np.bincount(owner).argmax())
    whose = chance.choices(np.unique(owner).tolist(), k=RECALLS)
    took = sorted(_recalls(whose, chance))
    long = sorted(_recalls([heavy] * (RECALLS // 10), chance))
    return {
        "turns": turns,
        "users": USERS,
        "heavy_turns": int((owner == heavy).sum()),
        "p50_ms": percentile(took, 0.5),
        "p95_ms": percentile(took, 0.95),
        "max_ms": percentile(took, 1),
        "heavy_p50_ms": percentile(long, 0.5),
        "heavy_p95_ms": percentile(long, 0.95),
    }


def _recalls(users: Sequence[int], chance: random.Random) -> Iterator[float]:
    """How long each took, in ms; a first one that warms the connection up is not told."""
    rng = np.random.default_rng(SEED)
    for user in (users[0], *users):
        vector = _unit_vectors(1, rng)[0].tolist()
        text = " ".join(f"w{int(VOCABULARY ** chance.random()) - 1}" for _ in range(QUESTION_WORDS))
        started = perf_counter()
        recollect(user, text, vector=vector)
        yield (perf_counter() - started) * 1000
