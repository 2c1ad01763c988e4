"""Dialogues with questions about them, as a file holds them: values in, values out."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SHAPE = (
    '{"user": "…", "turns": [{"id", "at", "role", "speaker", "text"}, …],'
    ' "questions": [{"text", "evidence": [id, …], "category"}, …]}'
)
PAUSE = timedelta(hours=1)
"""After such a silence another conversation begins."""


class Unreadable(ValueError):
    """The message names the line and what was wanted."""


@dataclass(frozen=True, slots=True)
class Said:
    id: str
    at: datetime
    role: str
    speaker: str
    text: str


@dataclass(frozen=True, slots=True)
class Question:
    text: str
    evidence: frozenset[str]
    category: str


@dataclass(frozen=True, slots=True)
class Dialogue:
    user: str
    turns: tuple[Said, ...]
    questions: tuple[Question, ...]

    def answerable(self) -> Iterator[Question]:
        """The questions that have evidence in the dialogue, with no other evidence."""
        known = {turn.id for turn in self.turns}
        for question in self.questions:
            if evidence := question.evidence & known:
                yield replace(question, evidence=evidence)

    def called(self, role: str) -> str:
        """What whoever has this role is called, as others would: by the first of their names."""
        names = (turn.speaker for turn in self.turns if turn.role == role)
        first = next(names, self.user if role == "user" else "").split()
        return first[0] if first else "Somebody"

    def conversations(self) -> Iterator[list[Said]]:
        """The turns in the order of the file, parted where nobody spoke for an hour."""
        some: list[Said] = []
        for turn in self.turns:
            if some and abs(turn.at - some[-1].at) > PAUSE:
                yield some
                some = []
            some.append(turn)
        if some:
            yield some


def read(file: Path) -> Iterator[Dialogue]:
    """One from each line. Raises Unreadable."""
    try:
        with file.open(encoding="utf-8") as lines:
            for number, line in enumerate(lines, 1):
                if line.strip():
                    yield _dialogue(line, f"{file}, line {number}")
    except (OSError, UnicodeDecodeError) as error:
        raise Unreadable(f"{file}: {error}") from error


def _dialogue(line: str, where: str) -> Dialogue:
    try:
        row = json.loads(line)
        return Dialogue(
            str(row["user"]),
            tuple(map(_said, row["turns"])),
            tuple(map(_question, row["questions"])),
        )
    except (ValueError, KeyError, TypeError) as error:
        raise Unreadable(f"{where}: {error!r}. Wanted {SHAPE}.") from error


def _said(row: dict[str, Any]) -> Said:
    if row["role"] not in ("user", "assistant"):
        raise ValueError(f"a role is user or assistant, not {row['role']!r}")
    return Said(str(row["id"]), _moment(row["at"]), row["role"], str(row["speaker"]), row["text"])


def _question(row: dict[str, Any]) -> Question:
    evidence = frozenset(map(str, row["evidence"]))
    return Question(str(row["text"]), evidence, str(row.get("category", "")))


def _moment(at: str | float) -> datetime:
    """ISO 8601, in UTC unless it says otherwise, or seconds since 1970."""
    if isinstance(at, int | float):
        return datetime.fromtimestamp(at, UTC)
    moment = datetime.fromisoformat(at)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
