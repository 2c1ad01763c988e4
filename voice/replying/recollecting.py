"""What a session gathers for its replies: begun early, waited for briefly, and left out when late.

What was gathered belongs to a text: an attempt at the same words takes it over. While somebody
speaks it is gathered for what they have said so far, and does for the whole if that came late.
"""

import asyncio
from dataclasses import dataclass

import structlog

from voice import store
from voice.plan import Plan
from voice.providers.protocols import Message
from voice.text.words import same_words, words_of

log = structlog.get_logger()

WORDS_MIN = 4
"""Fewer say too little of what the turn is about."""
MORE = 1.25
"""It is gathered anew when the turn has grown by so much: four times in one of ten words. What was
gathered for less of it is not taken for the whole: of our dialogues' questions without their last
words 84 % find their turns among twenty, with all of them 87 %; at 1.5 it would be 81 %."""


@dataclass(frozen=True, slots=True)
class Asked:
    """The turn that is answered, as far as it is known."""

    turn: int
    text: str
    messages: tuple[Message, ...]
    """The conversation up to it."""

    @property
    def known_from(self) -> int:
        """The first user turn among the messages."""
        return self.turn + 1 - sum(message.role == "user" for message in self.messages)

    def is_like(self, other: "Asked") -> bool:
        return self.turn == other.turn and same_words(self.text, other.text)

    def begins(self, other: "Asked") -> bool:
        """Whether the other is this with a few words more."""
        ours, theirs = words_of(self.text), words_of(other.text)
        is_most = len(theirs) < len(ours) * MORE
        return self.turn == other.turn and theirs[: len(ours)] == ours and is_most


class Recollections:
    def __init__(self, plan: Plan) -> None:
        self.summary = ("", 0)
        """The newest that was seen, and the last user turn in it."""
        self.forgotten: frozenset[int] = frozenset()
        """The user turns that are not to be told any more, as of then."""
        self._plan = plan
        self._voices = self._voice_keys()
        self._last: tuple[Asked, store.Recollection] | None = None
        self._expected: tuple[Asked, store.Recollection] | None = None

    def steer(self) -> None:
        """Another context is in force: what was gathered may not be what it asks for."""
        self._last = self._expected = None
        self._voices = self._voice_keys()

    def expect(self, asked: Asked) -> None:
        """They have said so much of their turn: gather what bears on it, if that is much more than
        before and nothing is being gathered."""
        count = len(words_of(asked.text))
        if count < WORDS_MIN:
            return
        if self._expected is not None:
            before, found = self._expected
            is_known = before.turn == asked.turn and count < len(words_of(before.text)) * MORE
            if is_known or (found.done is not None and not found.done.done()):
                return
        found = self._gather(asked, is_early=True)
        if found.done is not None:
            self._expected = asked, found

    def begin(self, asked: Asked) -> store.Recollection:
        """Gather what bears on these words, unless that is under way; what was gathered for others
        is dropped."""
        for known in (self._last, self._expected):
            if known is not None and known[0].is_like(asked):
                self._last = known
                return known[1]
        found = self._gone_on(asked) or self._gather(asked)
        self._last = asked, found
        return found

    def _gone_on(self, asked: Asked) -> store.Recollection | None:
        """What was gathered for all but the last words, where that will do."""
        if self._expected is None or not self._expected[0].begins(asked):
            return None
        is_cacheable = self._may_repeat and store.may_be_repeated(
            asked.text, self._plan.context.agent
        )
        return self._expected[1].with_more_said(asked.text, is_cacheable=is_cacheable)

    @property
    def _may_repeat(self) -> bool:
        """What an answer owes to this conversation's own context is nobody else's."""
        told = self._plan.context.told
        return told.agent.cache_on and not told.own.text

    def _gather(self, asked: Asked, *, is_early: bool = False) -> store.Recollection:
        told = self._plan.context.told
        return store.recollect(
            self._plan.person,
            self._plan.opened.conversation,
            told.agent,
            asked.text,
            known_from=asked.known_from,
            family=told.models.family,
            voices=self._voices,
            may_repeat=self._may_repeat,
            is_early=is_early,
        )

    def _voice_keys(self) -> list[str]:
        agent = self._plan.context.agent
        return [store.voice_key(agent, name) for name in self._plan.chain["tts"]]

    async def settle(self, found: store.Recollection) -> None:
        """Wait until all is there, but not for long: what is missing then is left out."""
        if found.done is not None:
            await asyncio.wait([found.done], timeout=self._plan.recall_s)
        if left_out := found.missing:
            log.info("recall.left_out", parts=left_out, skipped=found.done is None)
        if found.summary is not None:
            self.summary, self.forgotten = found.summary, found.forgotten
