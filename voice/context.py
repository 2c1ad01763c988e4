"""What the agent is told and how it sounds in one session, as it stands at this moment."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from voice.providers.failover.thinking import ThinkingChain
from voice.store import AgentContext, Opened, OwnContext
from voice.turns.endpointing import PATIENCE
from voice.turns.policy import Policy


@dataclass(frozen=True, slots=True)
class Models:
    """The language models that an agent asks."""

    chain: ThinkingChain
    names: Sequence[str]
    """In order, as in `session`."""
    family: str
    """Whose answers may stand for one another: the first of them, with its model."""

    @property
    def first(self) -> str:
        return next(iter(self.names), "")


@dataclass(frozen=True, slots=True)
class Told:
    """One state of it."""

    agent: AgentContext
    own: OwnContext
    models: Models

    @property
    def instructions(self) -> str:
        """The agent's, and what holds in this conversation alone."""
        return "\n\n".join(text for text in (self.agent.instructions, self.own.text) if text)

    @property
    def versions(self) -> tuple[int, int]:
        """The agent's and the conversation's own."""
        return self.agent.version, self.own.version

    def policy(self, policy: Policy, *, before: "Told | None" = None) -> Policy:
        """`policy` with this agent's patience and language.

        before: what was told while `policy` was in force. An agent that is as patient as that one
        keeps its endpointing."""
        if before is None or self.agent.patience != before.agent.patience:
            policy = replace(policy, endpointing=PATIENCE[self.agent.patience])
        return replace(policy, language=self.agent.language)


async def nothing_to_build(agent: AgentContext) -> None:
    """Every model that any agent asks is there."""


class Context:
    """Asked anew for each reply, since it changes between two of them."""

    def __init__(
        self,
        opened: Opened,
        models_of: Callable[[AgentContext], Models],
        *,
        build: Callable[[AgentContext], Awaitable[None]] = nothing_to_build,
    ) -> None:
        """build: makes the clients that an agent's models need, off the event loop; called before
        its models are asked for."""
        self._models_of = models_of
        self.build = build
        self.told = Told(opened.agent, opened.own, models_of(opened.agent))

    def become(self, agent: AgentContext, own: OwnContext) -> Told:
        """What is told from here on. Returns what was told before."""
        before, self.told = self.told, Told(agent, own, self._models_of(agent))
        return before

    @property
    def agent(self) -> AgentContext:
        return self.told.agent
