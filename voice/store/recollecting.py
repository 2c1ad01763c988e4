"""What a reply is made of: gathered on a thread, part by part, while the session goes on."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from uuid import UUID

import structlog

from conversations import cache, embeddings, facts, memory, summaries
from conversations.cache import Answer, Partition
from conversations.memory import Recalled
from voice.store import threads
from voice.store.answers import partition
from voice.store.values import AgentContext, Person

log = structlog.get_logger()


@dataclass(slots=True, eq=False)
class Recollection:
    """What bears on one text that was, or may have been, said. A store thread fills it part by
    part; what is None is not there, or not yet."""

    text: str
    asks_for_time: bool
    is_cacheable: bool = False
    """The question is one whose answer others may have."""
    vector: Sequence[float] | None = None
    summary: tuple[str, int] | None = None
    """Of the conversation so far, and the last user turn in it."""
    forgotten: frozenset[int] = frozenset()
    """User turns of the conversation that are not to be told any more, nor their replies."""
    is_looked_up: bool = False
    answer: Answer | None = None
    """That was given to the same question before, and is to be given again."""
    recalled: Recalled | None = None
    done: "asyncio.Future[None] | None" = None
    """None: too many are under way, and this one is left out."""

    def with_more_said(self, text: str, *, is_cacheable: bool) -> "Recollection | None":
        """The same for a text that goes on from this one; None where not all is there, or where an
        answer that was given before may be looked for: that needs the last word."""
        if is_cacheable or self.missing or self.answer is not None:
            return None
        return replace(
            self,
            text=text,
            asks_for_time=cache.asks_for_time(text),
            is_cacheable=False,
            vector=None,
            done=None,
        )

    @property
    def missing(self) -> list[str]:
        parts = {
            "summary": self.summary is None,
            "answer": not self.is_looked_up,
            "memory": self.recalled is None,
        }
        return [name for name, is_missing in parts.items() if is_missing]


@dataclass(frozen=True, slots=True)
class Place:
    """Who asks, and where: what is looked through."""

    person: Person
    conversation: UUID
    known_from: int
    """The first user turn that stands in the prompt word for word."""
    answers: Partition
    voices: Sequence[str]
    recalls: bool


_under_way: set[Recollection] = set()
"""In all sessions. They share the threads with what must not wait for them."""


def recollect(
    person: Person,
    conversation: UUID,
    agent: AgentContext,
    text: str,
    *,
    known_from: int,
    family: str,
    voices: Sequence[str],
    may_repeat: bool = True,
    is_early: bool = False,
) -> Recollection:
    """Begin to gather what a reply to `text` is made of; await `done`, but not for long.

    known_from: the first user turn that stands in the prompt word for word. family: of the model
    that would be asked. voices: those in force, as `voice_key` names them. may_repeat: an answer
    that was given before will do. is_early: nobody waits for it yet. Where half of the threads are
    at it already, nothing is gathered; early, where a quarter is."""
    is_cacheable = may_repeat and may_be_repeated(text, agent)
    found = Recollection(text, cache.asks_for_time(text), is_cacheable)
    room = max(1, threads.count() // 2)
    if len(_under_way) >= (room // 2 if is_early else room):
        return found
    _under_way.add(found)
    answers = partition(person, agent, family)
    place = Place(person, conversation, known_from, answers, voices, recalls=agent.memory_on)
    found.done = threads.begin(_recollect, found, place)
    found.done.add_done_callback(partial(_recollected, found))
    return found


def may_be_repeated(text: str, agent: AgentContext) -> bool:
    """Whether an answer to it may be somebody else's."""
    return cache.why_not_asked(text, language=agent.language) is None


def _recollected(found: Recollection, done: "asyncio.Future[None]") -> None:
    _under_way.discard(found)
    if not done.cancelled() and (error := done.exception()):
        log.warning("recall.failed", error=type(error).__name__, missing=found.missing)


def _recollect(found: Recollection, place: Place) -> None:
    try:
        outline = summaries.outline(place.conversation)
        found.forgotten = outline.forgotten
        found.summary = outline.summary, outline.summarised_to
        found.vector = embeddings.embed_if_ready(found.text)
        if answer := _answer(found, place):
            found.answer, found.recalled = answer, Recalled()
        found.is_looked_up = True
        if found.answer is None:
            found.recalled = _recalled(found, place, summarised_to=outline.summarised_to)
    finally:
        _under_way.discard(found)


def _answer(found: Recollection, place: Place) -> Answer | None:
    if not found.is_cacheable or found.vector is None:
        return None
    answer = cache.find(place.answers, found.text, found.vector, voices=place.voices)
    # What is known of them and bears on the question goes before what others were told.
    return None if answer and facts.is_known(place.person.id, found.vector) else answer


def _recalled(found: Recollection, place: Place, *, summarised_to: int) -> Recalled:
    if not place.recalls:
        return Recalled()
    return memory.recollect(
        place.person.id,
        found.text,
        vector=found.vector,
        conversation_id=place.conversation,
        known_from=max(place.known_from, summarised_to + 1),
    )
