"""Facts and past turns that bear on what was just said."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import connection
from django.utils import timezone

from conversations import embeddings, facts
from conversations.languages import text_search
from conversations.memory import finding, ranking
from conversations.memory.deadline import in_time
from conversations.memory.kinds import asked_for
from conversations.memory.ranking import Candidate
from conversations.memory.recalled import PastTurn, Recalled
from conversations.memory.speakers import Asked, Role, asked
from conversations.models import Agent, Conversation, Passage, User
from conversations.text import storable

TOKENS_MAX = 1_400
"""Of a prompt, for past turns: some 30 of usual length."""
SEEDS_MAX = 40
"""The best turns, whose neighbours are looked at."""


@dataclass(frozen=True, slots=True)
class Two:
    """Who talk: a user and, in a conversation of theirs, an agent."""

    user_id: int
    user_names: tuple[str, ...]
    agent: str | None
    language: str | None
    is_remembered: bool
    """Whether the user has memory switched on."""
    turns: int
    """Of the user, those that can be recalled; counted up to finding.TURNS_MAX."""


@dataclass(frozen=True, slots=True)
class Question:
    """What past turns are looked for by."""

    user_id: int
    text: str
    role: Role | None
    """Whose words likely answer it."""
    is_about_them: bool
    """The two who talk."""
    is_personal: bool
    """About them, or whom they spoke of."""
    vector: Sequence[float] | None
    config: str
    """PostgreSQL's dictionary for its language."""
    turns: int
    """How many there are to look among, as `Two` has it."""


def recollect(
    user_id: int,
    text: str,
    *,
    vector: Sequence[float] | None,
    conversation_id: UUID | None = None,
    known_from: int = 0,
    tokens_max: int = TOKENS_MAX,
) -> Recalled:
    """What bears on `text`. Nothing for a user who switched memory off.

    vector: the embedding of `text`; without one its words alone decide. conversation_id and
    known_from: in that conversation, user turn `known_from` and what follows stand in the prompt
    already."""
    text = storable(text)
    two = _two(user_id, conversation_id) if text.strip() else None
    if two is None or not two.is_remembered:
        return Recalled()
    turns = [
        turn
        for turn in _best(_question(two, text, vector))
        if turn.conversation != conversation_id or turn.number < known_from
    ]
    return Recalled(
        facts=tuple(facts.recall(user_id, text, vector=vector)),
        turns=tuple(ranking.within(turns, tokens_max)),
    )


def search(user_id: int, text: str, *, limit: int = 20) -> list[PastTurn]:
    """This user's past turns by meaning and words, the best first, for a page."""
    text = storable(text)
    two = _two(user_id, None) if text.strip() else None
    if two is None:
        return []
    return _best(_question(two, text, embeddings.embed_if_ready(text)))[:limit]


def _two(user_id: int, conversation_id: UUID | None) -> Two | None:
    """The user, with whom they talk to there, if it is theirs."""
    with connection.cursor() as cursor:
        cursor.execute(TWO, {"user": user_id, "conversation": conversation_id})
        row = cursor.fetchone()
    if row is None:
        return None
    first, last, username, is_remembered, turns, agent, language = row
    names = (f"{first} {last}".strip(), first, username)
    return Two(user_id, names, agent, language, is_remembered, turns)


TWO = f"""
SELECT person.first_name, person.last_name, person.username, person.memory_on,
       (SELECT count(*) FROM (
           SELECT FROM {Passage._meta.db_table} WHERE user_id = person.id LIMIT {finding.TURNS_MAX}
       ) counted),
       agent.name, agent.language
FROM {User._meta.db_table} person
LEFT JOIN {Conversation._meta.db_table} there
    ON there.id = %(conversation)s AND there.user_id = person.id
LEFT JOIN {Agent._meta.db_table} agent ON agent.id = there.agent_id
WHERE person.id = %(user)s
"""


def _question(two: Two, text: str, vector: Sequence[float] | None) -> Question:
    plain = asked(text, user=two.user_names, assistant=(two.agent,) if two.agent else ())
    if vector is not None and plain.text != text:
        vector = embeddings.embed_if_ready(plain.text)
    config = text_search(two.language or "en")
    is_personal = plain.is_personal or _knows(two, plain, config)
    return Question(
        two.user_id,
        plain.text,
        plain.role,
        plain.is_personal,
        is_personal,
        vector,
        config,
        two.turns,
    )


def _knows(two: Two, plain: Asked, config: str) -> bool:
    """Whether somebody whom it names was ever spoken of, other than in this very question."""
    if not plain.names:
        return False
    terms = finding.terms(" ".join(plain.names), config=config)
    having = in_time(finding.coverage, two.user_id, terms, turns=two.turns) or {}
    spoken_of = finding.described(two.user_id, finding.most_covered(having), None, having)
    return len(spoken_of) > len(ranking.asked_before(plain.text, spoken_of))


def _best(question: Question) -> list[PastTurn]:
    """Of all that may bear on it, the best first."""
    found, links = _candidates(question)
    scores = ranking.with_neighbours(found, _scores(question, found), links)
    # About the world, it is answered as if for the first time.
    again = set() if question.is_about_them else ranking.asked_before(question.text, found)
    candidates = {one.turn.id: one for one in found if one.turn.id not in again}
    bearing = ranking.bearing(candidates.values(), links, is_personal=question.is_personal)
    best = sorted(bearing & candidates.keys(), key=lambda turn: (-scores[turn], turn))
    return list(ranking.distinct(candidates[turn].turn for turn in best))


def _candidates(question: Question) -> tuple[list[Candidate], ranking.Links]:
    """Those near in meaning or in words, and what stands beside the best of them."""
    user_id, vector, turns = question.user_id, question.vector, question.turns
    terms = finding.terms(question.text, config=question.config)
    having = in_time(finding.coverage, user_id, terms, turns=turns) or {}
    near = (in_time(finding.nearest, user_id, vector, turns=turns) or []) if vector else []
    told = {*near, *finding.most_covered(having)}
    found = finding.described(user_id, told, vector, having)
    scores = _scores(question, found)
    links = finding.beside(sorted(scores, key=lambda turn: -scores[turn])[:SEEDS_MAX])
    beside = finding.described(user_id, links.keys() - scores.keys(), vector, having)
    return [*found, *beside], links


def _scores(question: Question, candidates: Iterable[Candidate]) -> dict[int, float]:
    return ranking.scores(candidates, question.role, timezone.now(), asked_for(question.text))
