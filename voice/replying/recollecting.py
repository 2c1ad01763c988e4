"""What a session gathers for its replies: begun early, waited for briefly, and left out when late.

What was gathered belongs to a text: an attempt at the same words takes it over.
"""

import asyncio
from dataclasses import dataclass

import structlog

from voice import store
from voice.plan import Plan
from voice.providers.protocols import Message
from voice.text.words import same_words

log = structlog.get_logger()


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


class Recollections:
    def __init__(self, plan: Plan) -> None:
        self.summary = ("", 0)
        """The newest that was seen, and the last user turn in it."""
        self.forgotten: frozenset[int] = frozenset()
        """The user turns that are not to be told any more, as of then."""
        self._plan = plan
        self._voices = [store.voice_key(plan.opened.agent, name) for name in plan.chain["tts"]]
        self._last: tuple[Asked, store.Recollection] | None = None

    def begin(self, asked: Asked) -> store.Recollection:
        """Gather what bears on these words, unless that is under way; what was gathered for others
        is dropped."""
        if self._last is None or not self._last[0].is_like(asked):
            found = store.recollect(
                self._plan.person,
                self._plan.opened,
                asked.text,
                known_from=asked.known_from,
                model=next(iter(self._plan.chain["llm"]), ""),
                voices=self._voices,
            )
            self._last = asked, found
        return self._last[1]

    async def settle(self, found: store.Recollection) -> None:
        """Wait until all is there, but not for long: what is missing then is left out."""
        if found.done is not None:
            await asyncio.wait([found.done], timeout=self._plan.recall_s)
        if found.summary is not None:
            self.summary, self.forgotten = found.summary, found.forgotten
        if left_out := found.missing:
            log.info("recall.left_out", parts=left_out, skipped=found.done is None)
