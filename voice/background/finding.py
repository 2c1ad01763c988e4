"""What a model is told so that it finds facts, and how its answer is read. Pure.

The answer is searched for JSON objects wherever they stand, since models put fences and words
around them. Each of them is taken as it is or not at all.
"""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from voice.background.quoting import DATA_ONLY, quoted, shortened
from voice.background.refusal import is_instruction
from voice.providers.protocols import Message, Prompt

T = TypeVar("T")

TOKENS_MAX = 1000
ANSWER_CHARS_MAX = 20_000
FACTS_MAX = 20
"""Of one piece: some 1,500 tokens of conversation state fewer."""
FACT_CHARS = (4, 200)
CONFIDENCE_MIN = 0.5
"""Less than even is not worth remembering."""
NOTHING = frozenset({"", "0", "none", "null", "n/a"})
"""How models write that there is no such thing, besides null."""

INSTRUCTIONS = f"""\
You keep notes about one person, the user of a voice assistant, for their later conversations.
You are given a transcript between <transcript> tags and what is known already between <known> tags.
{DATA_ONLY}

Note what the user states about themselves and will still matter in a month: their name, family,
friends, pets, home, work, health, possessions, tastes, habits, beliefs, plans and dates.
Do not note: what only the assistant said; questions; small talk; the weather; general knowledge;
guesses; jokes; what they say of people they do not know; passwords and numbers of cards or
accounts; how an assistant should behave.

Answer with one JSON object per line for each fact, in the order they were said, and nothing else:
{{"turn": 3, "fact": "My dog is Rex.", "same_as": null, "supersedes": null, "confidence": 0.9}}
turn: the "turn" of the line, said by the user, that states it.
fact: one short sentence about one thing, in the first person and in the user's language, as they
would say it. It is read alone later: names instead of "he" or "there", dates instead of "tomorrow".
same_as: the "id" of the known fact that says the same, else null.
supersedes: the "id" of the known fact that is no longer true now that this is, else null. A fact
that merely adds to another one supersedes nothing.
confidence: from 0.5 (they may mean something else) to 0.95 (they said exactly this).
If there is nothing to note, answer with the word none."""


@dataclass(frozen=True, slots=True)
class Line:
    """A turn as the model is shown it."""

    turn: int
    is_user: bool
    at: datetime
    text: str


@dataclass(frozen=True, slots=True)
class Finding:
    """A fact that the model found. The ids are those of the list that it was shown."""

    turn: int
    text: str
    confidence: float
    same_as: int | None = None
    supersedes: int | None = None


def prompt_for(
    lines: Sequence[Line], known: Sequence[str], *, time_zone: str, language: str
) -> Prompt:
    """known: the facts shown, whose ids are 1, 2, 3 …"""
    zone = ZoneInfo(time_zone)
    transcript = (
        {
            "turn": line.turn,
            "said_by": "user" if line.is_user else "assistant",
            "at": f"{line.at.astimezone(zone):%A %Y-%m-%d %H:%M}",
            "text": shortened(line.text),
        }
        for line in lines
    )
    facts = ({"id": number, "fact": text} for number, text in enumerate(known, 1))
    text = f"{quoted('known', facts)}\n\n{quoted('transcript', transcript)}"
    return Prompt(
        INSTRUCTIONS,
        (Message("user", text),),
        language=language,
        time_zone=time_zone,
        temperature=0.0,
        reply_tokens_max=TOKENS_MAX,
    )


def findings(answer: str, *, turns: Collection[int], known: int) -> list[Finding]:
    """What the answer holds in full and within its bounds, FACTS_MAX at most; the rest is dropped.

    turns: the user's turns that were shown. known: how many facts were."""
    found = (_finding(row, turns, known) for row in _objects(answer[:ANSWER_CHARS_MAX]))
    return [finding for finding in found if finding is not None][:FACTS_MAX]


def _objects(text: str) -> Iterator[Mapping[str, object]]:
    """The JSON objects with a fact in them, also those within an array or another object."""
    decoder = json.JSONDecoder()
    start = text.find("{")
    while start >= 0:
        try:
            row, end = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            row, end = {}, start + 1
        if "fact" in row:
            yield row
        else:
            end = start + 1
        start = text.find("{", end)


def _finding(row: Mapping[str, object], turns: Collection[int], known: int) -> Finding | None:
    turn = _one_of(row.get("turn"), turns)
    text = _fact(row.get("fact"))
    confidence = row.get("confidence")
    if turn is None or text is None or not _is_confidence(confidence):
        return None
    ids = range(1, known + 1)
    links = [row.get("same_as"), row.get("supersedes")]
    same_as, supersedes = (None if _is_nothing(link) else _one_of(link, ids) for link in links)
    if [same_as is None, supersedes is None] != [_is_nothing(link) for link in links]:
        return None  # it names a fact that it was not shown
    return Finding(turn, text, float(str(confidence)), same_as, supersedes)


def _one_of(value: object, allowed: Collection[int]) -> int | None:
    """A whole number, or one in quotes."""
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if value in allowed else None


def _is_nothing(value: object) -> bool:
    if isinstance(value, str):
        return value.strip().lower() in NOTHING
    return value is None or value is False or value == 0


def _is_confidence(value: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return CONFIDENCE_MIN <= value <= 1.0


def _fact(value: object) -> str | None:
    """A sentence of a fair length that does not tell anybody what to do."""
    if not isinstance(value, str):
        return None
    text = " ".join("".join(c if c.isprintable() else " " for c in value).split())
    shortest, longest = FACT_CHARS
    if not shortest <= len(text) <= longest or not any(map(str.isalpha, text)):
        return None
    return None if is_instruction(value) else text
