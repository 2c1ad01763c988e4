"""What the database would hold: the store's queries, answered without a thread."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import OperationalError

from tests.scenarios.timeline import Database
from voice.store import AgentContext, Opened, OwnContext, Person, Recalled, Recollection, Said

PERSON = Person(1, "alice", "UTC")
CONVERSATION = UUID(int=1)


@dataclass
class Stored:
    """What the agent and the conversation are told."""

    agent: AgentContext
    own: OwnContext = field(default_factory=OwnContext)


@dataclass
class Rows:
    """One conversation. Called with what `store` would have a thread do."""

    plan: Database
    greeting: str = ""
    began_at: float = 0.0
    """When the timeline begins, on the loop's clock."""
    turns: dict[int, str] = field(default_factory=dict)
    replies: dict[int, dict[str, Any]] = field(default_factory=dict)
    sessions: int = 0
    closed: dict[UUID, int] = field(default_factory=dict)
    """Close codes."""
    remembered: list[tuple[float, str]] = field(default_factory=list)
    """When, and which fact."""
    is_over: bool = False

    def __post_init__(self) -> None:
        self.context = Stored(agent(self.greeting))

    def save(self, **changes: Any) -> None:
        """The agent, as another version."""
        before = self.context.agent
        self.context.agent = replace(before, version=before.version + 1, **changes)

    def __call__(self, work: Callable[..., Any]) -> Any:
        assert isinstance(work, partial)
        [query] = work.args  # to be run in the caller's context
        function, *arguments = query.args
        if any(since <= self._now() < until for since, until in self.plan.away):
            raise OperationalError("the database is away, as planned")
        answer = getattr(self, function.__name__, None)
        if answer is None:
            raise AssertionError(f"no answer is written for {function.__name__}")
        return answer(*arguments, **query.keywords)

    def _now(self) -> float:
        return asyncio.get_running_loop().time() - self.began_at

    # --- under the names of the functions that are called ----------------------------------------
    def _open(self, *_: Any) -> Opened:
        return Opened(
            CONVERSATION,
            self.open_session().id,
            self.context.agent,
            max(self.turns, default=0),
            max(self.replies, default=0),
            (
                *(Said("user", number, None, text) for number, text in self.turns.items()),
                *(Said("assistant", r["turn"], n, r["text"]) for n, r in self.replies.items()),
            ),
            self.context.own,
        )

    def open_session(self, *_: Any, **__: Any) -> SimpleNamespace:
        self.sessions += 1
        return SimpleNamespace(id=UUID(int=1000 + self.sessions))

    def close_session(self, session: UUID, *, close_code: int) -> None:
        self.closed.setdefault(session, close_code)

    def end_conversation(self, _: UUID) -> None:
        self.is_over = True

    def record_user_turn(self, _: UUID, number: int, *, text: str, **__: Any) -> None:
        self.turns[number] = text

    def record_reply(self, _: UUID, turn: int, *, reply: int, **fields: Any) -> None:
        self.replies[reply] = fields | {"turn": turn}

    def remember(self, _: int, fact: str, *_turn: object) -> None:
        self.remembered.append((self._now(), fact))

    def _recollect(self, found: Recollection, *_: Any, **__: Any) -> None:
        """Nothing bears on anything."""
        found.summary, found.is_looked_up, found.recalled = ("", 0), True, Recalled()

    def versions(self, *_: Any) -> tuple[int, int]:
        return self.context.agent.version, self.context.own.version

    def _context_of(self, *_: Any) -> tuple[AgentContext, OwnContext, str]:
        return self.context.agent, self.context.own, "the operator"

    def _keep(self, *_: Any, **__: Any) -> None:
        """No answer is good for anybody else."""

    def keep_pause(self, *_: Any) -> None:
        return None

    def record_metrics(self, _: UUID, *, reply: int, metrics: dict[str, Any]) -> None:
        self.replies[reply]["metrics"] = metrics


def agent(greeting: str) -> AgentContext:
    return AgentContext(
        id=1,
        slug="assistant",
        version=1,
        instructions="Be brief.",
        greeting=greeting,
        voice="",
        language="en",
        temperature=0.7,
        reply_tokens_max=150,
        turns_kept=20,
    )
