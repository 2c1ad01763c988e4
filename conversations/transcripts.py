"""Finding what was said: by oneself, or by anybody, for those of the staff who may read words.

Nothing here looks through ten million turns. Words are found over the whole history in the index
that recall keeps; parts of words, and meaning, among the newest turns of those that are asked
about. Each query has a deadline, and what was left out is said.
"""

from dataclasses import dataclass
from functools import reduce
from operator import or_

from django.contrib.postgres.search import SearchQuery, SearchQueryCombinable
from django.db.models import QuerySet
from pgvector.django import MaxInnerProduct

from conversations import embeddings
from conversations.deadlines import Late, statements_within
from conversations.languages import text_search
from conversations.models import Agent, Turn

FOUND_MAX = 1_000
NEAREST_MAX = 50
NARROW = "Choose a user, an agent or a time."
TOO_LONG = f"That took too long. {NARROW}"


class NotYet(Exception):
    """The model of meaning is still being loaded."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a search may cost: turns that are looked at one by one, whose vectors take the database
    some 100 ms, and milliseconds of a query."""

    newest: int = 50_000
    query_ms: int = 2_000

    @property
    def only_newest(self) -> str:
        return f"Only the newest {self.newest:,} of these turns were looked through. {NARROW}"

    @property
    def only_words(self) -> str:
        return f"Beyond the newest {self.newest:,} of these turns, only whole words were found."


BOUNDS = Bounds()


@dataclass(frozen=True, slots=True)
class Found:
    """Ids of turns, best first; and, unless all were looked at, a sentence that says so."""

    turns: tuple[int, ...]
    left_out: str = ""


def by_words(turns: QuerySet[Turn], text: str, bounds: Bounds = BOUNDS) -> Found:
    """Those of the turns that say this, newest first: the very letters, or all its words in
    whatever form (of which “quoted ones” stand together, and one after a “-” is absent)."""
    try:
        with statements_within(bounds.query_ms):
            floor = _floor(turns, bounds.newest)
            newest = _ids(_from(turns, floor).filter(text__icontains=text))
    except Late:
        return Found((), TOO_LONG)
    try:
        with statements_within(bounds.query_ms):
            indexed = _ids(turns.filter(passage__words=_query(text)))
    except Late:
        return Found(tuple(newest), bounds.only_newest)
    found = sorted({*newest, *indexed}, reverse=True)[:FOUND_MAX]
    return Found(tuple(found), bounds.only_words if floor else "")


def by_meaning(turns: QuerySet[Turn], text: str, bounds: Bounds = BOUNDS) -> Found:
    """Those of the turns that are nearest in meaning. What is forgotten or not embedded yet is not
    among them. Raises NotYet, embeddings.ModelUnusable."""
    vector = embeddings.embed_if_ready(text)
    if vector is None:
        raise NotYet
    try:
        with statements_within(bounds.query_ms):
            floor = _floor(turns, bounds.newest)
            near = _from(turns, floor).filter(passage__isnull=False)
            ranked = near.order_by(MaxInnerProduct("passage__embedding", vector))
            found = tuple(ranked.values_list("pk", flat=True)[:NEAREST_MAX])
    except Late:
        return Found((), TOO_LONG)
    return Found(found, bounds.only_newest if floor else "")


def _floor(turns: QuerySet[Turn], newest: int) -> int | None:
    """The id down to which they are not among the newest; None where there are no more."""
    ids = turns.order_by("-pk").values_list("pk", flat=True)
    return next(iter(ids[newest : newest + 1]), None)


def _from(turns: QuerySet[Turn], floor: int | None) -> QuerySet[Turn]:
    return turns.filter(pk__gt=floor) if floor else turns


def _ids(turns: QuerySet[Turn]) -> list[int]:
    return list(turns.order_by("-pk").values_list("pk", flat=True)[:FOUND_MAX])


def _query(text: str) -> SearchQueryCombinable:
    """Its words in the languages of all agents: each turn is indexed in that of its own."""
    languages = Agent.objects.order_by().values_list("language", flat=True).distinct()
    dictionaries = sorted({text_search(language) for language in languages} or {"simple"})
    queries: list[SearchQueryCombinable] = [
        SearchQuery(text, config=name, search_type="websearch") for name in dictionaries
    ]
    return reduce(or_, queries)
