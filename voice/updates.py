"""What a running session's agent is told, changed: fetched off the voice path, applied between two
turns and acknowledged.

Whoever saved it sends a group message. One that was lost is made good within a turn: each time
that nobody has the floor any more, the versions are compared with what is stored.
"""

from collections.abc import Callable
from dataclasses import dataclass
from time import time

import structlog
from django.core.exceptions import ObjectDoesNotExist
from django.db import Error as DatabaseError

from voice import steering, store
from voice.runtime import Runtime
from voice.turns.events import ContextChanged
from voice.turns.policy import Policy
from voice.turns.state import Phase

log = structlog.get_logger()

BETWEEN_TURNS = (Phase.LISTENING, Phase.HEARING, Phase.ENDPOINTING)
"""No reply is open: the next one may be another agent's."""


@dataclass(frozen=True, slots=True)
class Update:
    """A context that is stored and not yet in force."""

    agent: store.AgentContext
    own: store.OwnContext
    by: str
    """Who made it, where that is known."""
    saved_at: float
    """Unix seconds."""


class Updates:
    """For one session, on its event loop."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        phase: Callable[[], Phase],
        policy: Callable[[], Policy],
        on_applied: Callable[[Update], None],
    ) -> None:
        """policy: how turns are taken now. on_applied: told what is in force now."""
        self._runtime = runtime
        self._plan = runtime.plan
        self._phase = phase
        self._policy = policy
        self._on_applied = on_applied
        self._waiting: Update | None = None
        self._is_fetching = False
        self._asked: steering.Change | None = None
        """The newest change that was told of and is not fetched."""

    @property
    def is_waiting(self) -> bool:
        """Something is fetched and not yet in force."""
        return self._waiting is not None

    def changed(self, change: steering.Change) -> None:
        """Something newer is stored. Never waits."""
        self._asked = change
        if not self._is_fetching:
            self._is_fetching = self._runtime.spawn(self._fetch())

    def check(self) -> None:
        """A turn is over: have it found out whether something newer is stored. Never waits."""
        if not self._is_fetching:
            self._is_fetching = self._runtime.spawn(self._compare())

    def apply(self) -> None:
        """A reply is about to be asked for, or nobody has the floor: what waits is in force."""
        update, self._waiting = self._waiting, None
        if update is None:
            return
        before = self._plan.context.become(update.agent, update.own)
        told = self._plan.context.told
        policy = told.policy(self._policy(), before=before)
        self._runtime.emit(ContextChanged(self._runtime.clock.now(), policy))
        log.info("context.applied", version=told.agent.version, own_version=told.own.version)
        self._on_applied(update)
        self._runtime.spawn(self._acknowledge(update))

    def apply_between_turns(self) -> None:
        if self._waiting is not None and self._phase() in BETWEEN_TURNS:
            self.apply()

    async def _compare(self) -> None:
        try:
            agent, conversation = self._plan.context.agent.id, self._plan.opened.conversation
            stored = await store.versions(agent, conversation)
        except ObjectDoesNotExist:  # the user deleted it while it ran
            return
        except (DatabaseError, OSError) as error:  # TimeoutError is one
            log.warning("context.not_compared", error=str(error))
            return
        finally:
            self._is_fetching = False
        if stored != self._plan.context.told.versions:
            log.info("context.missed", version=stored[0], own_version=stored[1])
            missed = steering.Change(agent, None, by=None, saved_at=time())
            self.changed(self._asked or missed)
        elif self._asked is not None:
            self.changed(self._asked)

    async def _fetch(self) -> None:
        try:
            while (change := self._asked) is not None:
                self._asked = None
                self._waiting = await self._fetched(change)
                self.apply_between_turns()
        except ObjectDoesNotExist:
            log.info("context.gone")
        except (DatabaseError, OSError) as error:  # the end of the next turn asks again
            log.warning("context.not_fetched", error=str(error))
        finally:
            self._is_fetching = False

    async def _fetched(self, change: steering.Change) -> Update | None:
        """None where that is in force already."""
        agent, own, by = await store.context_of(self._plan.opened.conversation, by=change.by)
        if (agent.version, own.version) == self._plan.context.told.versions:
            return None
        await self._plan.context.build(agent)
        return Update(agent, own, by, change.saved_at)

    async def _acknowledge(self, update: Update) -> None:
        await self._plan.acknowledge(
            steering.Ack(
                agent=update.agent.id,
                conversation=str(self._plan.opened.conversation),
                session=str(self._runtime.current.session),
                version=update.agent.version,
                own_version=update.own.version,
                ms=round((time() - update.saved_at) * 1000, 1),
            )
        )
