"""What became of every turn, against what its writers said of it."""

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot
from pathlib import Path

from django.db import connection

from conversations.memory.meaning import meanings
from conversations.models import Passage, Turn

SAME = 0.999
"""Cosine similarity: a half has three digits, and a batch rounds otherwise than a text alone."""

COUNT_PASSAGES = """
CREATE TABLE bench_made (turn_id bigint, text text);
CREATE FUNCTION bench_count() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    INSERT INTO bench_made SELECT id, md5(text) FROM conversations_turn WHERE id = NEW.turn_id;
    RETURN NULL;
END $$;
CREATE TRIGGER bench_count AFTER INSERT ON conversations_passage
    FOR EACH ROW EXECUTE FUNCTION bench_count();
"""
"""Each passage that was ever made, with the text that its turn had then."""


@dataclass
class Story:
    """What the writers of one turn said."""

    kept: str | None = None
    tried: set[str] = field(default_factory=set)
    """Since then: what a kill may have left uncertain."""

    def may_be(self, text: str | None) -> bool:
        return text in self.tried or text == self.kept


@dataclass
class Verdict:
    turns: int = 0
    lost: int = 0
    """Acknowledged and not there, or with an older text."""
    without_passage: int = 0
    of_another_text: int = 0
    made_twice: int = 0

    @property
    def is_clean(self) -> bool:
        return not (self.lost or self.without_passage or self.of_another_text or self.made_twice)


def verdict(folder: Path) -> Verdict:
    """To be asked when no job is left."""
    texts = {
        (str(turn.conversation_id), turn.number, turn.role): turn.text
        for turn in Turn.objects.only("conversation", "number", "role", "text")
    }
    told = stories(folder)
    return Verdict(
        turns=len(texts),
        lost=sum(not story.may_be(texts.get(key)) for key, story in told.items()),
        without_passage=Turn.objects.filter(passage=None).count(),
        of_another_text=of_another_text(),
        made_twice=sum(times > 1 for times in made().values()),
    )


def stories(folder: Path) -> dict[tuple[str, int, str], Story]:
    told: dict[tuple[str, int, str], Story] = {}
    for path in folder.glob("*.jsonl"):
        for line in path.read_text().splitlines():
            said = json.loads(line)
            story = told.setdefault(tuple(said["key"]), Story())
            if said["event"] == "kept":
                story.kept, story.tried = said["text"], set()
            else:
                story.tried.add(said["text"])
    return told


def of_another_text() -> int:
    rows = list(Passage.objects.values_list("turn", "turn__text", "embedding"))
    wanted = meanings({turn: text for turn, text, _ in rows})
    return sum(cosine(vector, wanted[turn]) < SAME for turn, _, vector in rows)


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True)) / hypot(*one) / hypot(*other)


def made() -> Counter[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT turn_id, text FROM bench_made")
        return Counter(cursor.fetchall())
