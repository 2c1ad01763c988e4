"""`manage.py eval_cache`: would one question of each pair be answered with the other's answer?"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from conversations import cache, embeddings

BATCH = 256
LABELS = {"true": True, "1": True, "false": False, "0": False}
"""What a label may be, as a value or in quotes."""


@dataclass(frozen=True, slots=True)
class Pair:
    a: str
    b: str
    same: bool


@dataclass(frozen=True, slots=True)
class Judged:
    pair: Pair
    similarity: float
    hit: bool


class Command(BaseCommand):
    help = (
        'Judge pairs of questions, a line each: {"a": …, "b": …, "same": true or false}. Lists the '
        "wrong hits, and ends with one line of JSON: precision, recall, hits."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help="Pairs as JSON lines.")
        parser.add_argument("--language", default="en", help="A BCP 47 tag.")

    def handle(self, *args: Any, file: Path, language: str, **options: Any) -> None:
        judged = list(judge(read(file), language))
        hits = [one for one in judged if one.hit]
        for wrong in sorted((one for one in hits if not one.pair.same), key=_near, reverse=True):
            self.stdout.write(f"{wrong.similarity:.3f}  {wrong.pair.a}  |  {wrong.pair.b}")
        self.stdout.write(json.dumps(figures(judged)))


def read(file: Path) -> Iterator[Pair]:
    """Raises CommandError that names the line."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _pair(line, f"{file}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{file}: {error}") from error


def _pair(line: str, where: str) -> Pair:
    try:
        row = json.loads(line)
        return Pair(str(row["a"]), str(row["b"]), LABELS[str(row["same"]).lower()])
    except (ValueError, KeyError, TypeError) as error:
        wanted = '{"a": "…", "b": "…", "same": true}'
        raise CommandError(f"{where}: wanted {wanted}, got {line.strip()[:80]!r}") from error


def judge(pairs: Iterator[Pair], language: str) -> Iterator[Judged]:
    """As the cache would."""
    while some := list(islice(pairs, BATCH)):
        vectors = iter(embeddings.embed([text for pair in some for text in (pair.a, pair.b)]))
        for pair, one, other in zip(some, vectors, vectors, strict=True):
            similarity = cache.cosine(one, other)
            hit = cache.may_answer(pair.a, pair.b, similarity, language=language)
            yield Judged(pair, similarity, hit)


def figures(judged: Sequence[Judged]) -> dict[str, float | None]:
    """precision and recall are None where there is nothing to divide by."""
    right = sum(one.hit and one.pair.same for one in judged)
    hits, same = sum(one.hit for one in judged), sum(one.pair.same for one in judged)
    return {
        "precision": round(right / hits, 4) if hits else None,
        "recall": round(right / same, 4) if same else None,
        "hits": hits,
    }


def _near(one: Judged) -> float:
    return one.similarity
