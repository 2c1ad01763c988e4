"""Which past turns answer best: one score of meaning, words, speaker, kind, substance, neighbours.

Pure. The weights were found on dialogues of our own (bench/memory); each may be halved or doubled
without losing two questions in a hundred.
"""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from conversations.memory.kinds import Kind, has_any
from conversations.memory.recalled import PastTurn
from conversations.memory.speakers import Role
from conversations.text import words_alone

COVERAGE = 0.2
"""What a turn gains that has all words of the question, rare ones counting more."""
SPEAKER = 0.12
"""… whose speaker the question is about."""
SUBSTANCE, WORDS_OF_SUBSTANCE = 0.15, 8
"""… that says something: “yes, totally” is near to everything. In full with eight words."""
KIND = 0.1
"""… that has a time, a number or a name, where that is asked for."""
QUESTION = -0.1
"""A question seldom holds an answer."""
BESIDE, NEARBY = 0.1, 0.1
"""Of the better score among the two next to it, and among the two one further: a question lies
beside its answer, and what a turn is about was often said a little before."""
ANSWER = 0.1
"""Of the score of the question that was asked right before: “Lupe and Mateo” says little alone."""
RECENT, HALF_LIFE_DAYS = 0.02, 30.0
"""Among equals the newer one."""
NEAR_MIN, COVERAGE_MIN = 0.15, 0.0
"""A turn bears on a question about the two who talk, or whom they spoke of, if it is nearer than
this or has more of the words: 92 of 100 answers do, and a third of all turns."""
GENERAL_NEAR_MIN, GENERAL_COVERAGE_MIN = 0.45, 0.5
"""… on a question about the world, which past turns seldom answer: of questions about somebody else
one in fourteen comes so near to any of 500 turns."""
TURN_TOKENS_MAX = 80
"""Of one turn in the prompt; longer ones are cut."""


Links = Mapping[int, Mapping[int, int]]
"""Turn → the turns beside it in its conversation, and how many places away."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A turn as recall found it.

    near: inner product with the question, about -0.2 to 1. coverage: the share of the question's
    words that it has, 0 to 1. words: how many different ones with a meaning it has."""

    turn: PastTurn
    near: float
    coverage: float
    words: int


def scores(
    candidates: Iterable[Candidate],
    role: Role | None,
    now: datetime,
    kinds: Collection[Kind] = (),
) -> dict[int, float]:
    """How well each turn answers, taken alone. role: whose words likely do. kinds: what is asked
    for."""
    return {candidate.turn.id: _score(candidate, role, now, kinds) for candidate in candidates}


def with_neighbours(
    candidates: Iterable[Candidate], alone: Mapping[int, float], links: Links
) -> dict[int, float]:
    """The same scores, raised by what stands beside a turn."""
    turns = {candidate.turn.id: candidate.turn for candidate in candidates}
    beside = {
        turn: {other: away for other, away in links.get(turn, {}).items() if other in turns}
        for turn in turns
    }
    return {
        turn.id: alone[turn.id]
        + _lift(beside[turn.id], alone)
        + ANSWER * _asked_by(turn, beside[turn.id], turns, alone)
        for turn in turns.values()
    }


def bearing(candidates: Iterable[Candidate], links: Links, *, is_personal: bool) -> set[int]:
    """The turns that have to do with the question, and those right beside them."""
    near_min = NEAR_MIN if is_personal else GENERAL_NEAR_MIN
    coverage_min = COVERAGE_MIN if is_personal else GENERAL_COVERAGE_MIN
    found = {
        candidate.turn.id
        for candidate in candidates
        if candidate.near >= near_min or candidate.coverage > coverage_min
    }
    beside = {other for turn in found for other, away in links.get(turn, {}).items() if away == 1}
    return found | beside


def asked_before(text: str, candidates: Iterable[Candidate]) -> set[int]:
    """The turns in which the user asked just this, and the replies to them."""
    turns = [candidate.turn for candidate in candidates]
    words = words_alone(text)
    asking = {
        (turn.conversation, turn.number)
        for turn in turns
        if turn.role == "user" and words_alone(turn.text) == words
    }
    return {turn.id for turn in turns if (turn.conversation, turn.number) in asking}


def distinct(turns: Iterable[PastTurn]) -> Iterator[PastTurn]:
    """Of those that say the same only the first."""
    seen = set()
    for turn in turns:
        said = (turn.role, *words_alone(turn.text))
        if said not in seen:
            seen.add(said)
            yield turn


def within(turns: Iterable[PastTurn], tokens_max: int) -> Iterator[PastTurn]:
    """The first turns that fit into so many tokens together, long ones cut."""
    for turn in map(_cut, turns):
        tokens_max -= tokens(turn.text)
        if tokens_max < 0:
            return
        yield turn


def tokens(text: str) -> int:
    """Roughly, of a line in a prompt with its date and speaker."""
    return len(text) // 4 + 12


def _score(
    candidate: Candidate, role: Role | None, now: datetime, kinds: Collection[Kind]
) -> float:
    turn = candidate.turn
    age_days: float = max(0.0, (now - turn.at).total_seconds() / 86_400)
    recency: float = 0.5 ** (age_days / HALF_LIFE_DAYS)
    substance = min(candidate.words, WORDS_OF_SUBSTANCE) / WORDS_OF_SUBSTANCE
    return (
        candidate.near
        + COVERAGE * candidate.coverage
        + SPEAKER * (turn.role == role)
        + SUBSTANCE * substance
        + KIND * has_any(kinds, turn.text)
        + QUESTION * _asks(turn)
        + RECENT * recency
    )


def _lift(beside: Mapping[int, int], alone: Mapping[int, float]) -> float:
    def best(places: int) -> float:
        return max((alone[turn] for turn, away in beside.items() if away == places), default=0.0)

    return BESIDE * best(1) + NEARBY * best(2)


def _asked_by(
    turn: PastTurn,
    beside: Mapping[int, int],
    turns: Mapping[int, PastTurn],
    alone: Mapping[int, float],
) -> float:
    """The score of the question that it answers; 0 where none was asked."""
    before = (turns[other] for other, away in beside.items() if away == 1)
    return max(
        (
            alone[other.id]
            for other in before
            if _asks(other) and (other.at, other.id) < (turn.at, turn.id)
        ),
        default=0.0,
    )


def _asks(turn: PastTurn) -> bool:
    return turn.text.rstrip().endswith("?")


def _cut(turn: PastTurn) -> PastTurn:
    characters = TURN_TOKENS_MAX * 4
    if len(turn.text) <= characters:
        return turn
    return replace(turn, text=turn.text[:characters].rsplit(" ", 1)[0] + " …")
