"""The passages that recall finds turns by: made in the background, once for each text.

Nothing is locked while the model works. What a turn says is looked at again when its passage is
stored, under a lock on the turn; whoever changes or forgets a turn deletes its passage after that
change and in the same transaction, so that either they see our passage or we see their change.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from django.contrib.postgres.search import SearchVector
from django.db import connection, transaction
from django.db.models import QuerySet, Value

from conversations.languages import text_search
from conversations.memory.meaning import meanings
from conversations.models import Passage, Turn, User

BATCH_TURNS = 4
BATCH_CHARACTERS = 400
"""What is stored together, some 100 ms of the model's work: between reading a turn and storing its
passage little can change, and the thread is soon free for others."""
REACH = 64
"""How far ahead of a turn others are looked for, in ids."""
LOCK_WITHIN_MS = 500
"""Less than the second after which PostgreSQL ends one of two that wait for each other: it is we
who give way."""


def embed(turn_ids: Collection[int]) -> int:
    """Make the passages that are missing for these turns, and return how many that were. Left out
    are turns that are gone, say nothing or are forgotten, and those of users or agents without
    memory. Safe to be done twice at once. Raises embeddings.ModelUnusable, and
    django.db.OperationalError where somebody else holds a turn for too long."""
    texts = dict(lacking().filter(pk__in=turn_ids).order_by("pk").values_list("pk", "text"))
    return sum(_keep(batch, meanings(batch)) for batch in batches(texts))


def lacking() -> QuerySet[Turn]:
    """The turns that should have a passage and have none."""
    return Turn.objects.filter(
        passage=None,
        is_forgotten=False,
        conversation__user__memory_on=True,
        conversation__agent__memory_on=True,
        text__regex=r"\S",
    )


def batch_from(turn_id: int) -> list[int]:
    """This turn, where it lacks its passage, and with it others stored just after it that do: a
    batch at most. Their own jobs then have nothing left to do."""
    near = lacking().filter(pk__range=(turn_id, turn_id + REACH))
    ids = list(near.order_by("pk").values_list("pk", flat=True)[:BATCH_TURNS])
    return ids if turn_id in ids else []


def batches(texts: Mapping[int, str]) -> Iterator[dict[int, str]]:
    """The same in order, BATCH_TURNS and BATCH_CHARACTERS at a time at most; a longer text goes
    alone."""
    batch: dict[int, str] = {}
    for turn_id, text in texts.items():
        characters = sum(map(len, batch.values())) + len(text)
        if batch and (len(batch) == BATCH_TURNS or characters > BATCH_CHARACTERS):
            yield batch
            batch = {}
        batch[turn_id] = text
    if batch:
        yield batch


@transaction.atomic
def _keep(texts: Mapping[int, str], vectors: Mapping[int, Sequence[float]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = {LOCK_WITHIN_MS}")
    turns = list(_locked(texts))
    kept = set(Passage.objects.filter(turn__in=turns).values_list("turn_id", flat=True))
    made = [
        Passage(
            turn=turn,
            user_id=turn.conversation.user_id,
            embedding=vectors[turn.pk],
            words=_words(turn),
        )
        for turn in turns
        if turn.text == texts[turn.pk] and turn.pk not in kept
    ]
    return len(Passage.objects.bulk_create(made))


def _locked(turn_ids: Iterable[int]) -> QuerySet[Turn]:
    """As they are now. Their users first, as everybody does who changes what is remembered."""
    turns = Turn.objects.filter(pk__in=list(turn_ids), is_forgotten=False).order_by("pk")
    users = User.objects.filter(memory_on=True, pk__in=turns.values("conversation__user"))
    remembered = [user.pk for user in users.order_by("pk").select_for_update(no_key=True)]
    return (
        turns.filter(conversation__user__in=remembered)
        .select_related("conversation__agent")
        .select_for_update(of=("self",), no_key=True)
    )


def _words(turn: Turn) -> SearchVector:
    language = turn.conversation.agent.language
    return SearchVector(Value(turn.text), config=text_search(language))
