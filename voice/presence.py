"""What other processes know of a session, so that one of them can go on with its conversation."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from time import time

from voice.live import LiveState
from voice.plan import Plan
from voice.replying.released import Released
from voice.runtime import Runtime
from voice.turns.events import Began
from voice.turns.state import Phase, TurnState


class Presence:
    def __init__(
        self,
        runtime: Runtime,
        *,
        replies: Released,
        state: Callable[[], TurnState],
        changed: asyncio.Event,
    ) -> None:
        """changed: set whenever others should hear of it."""
        self._runtime = runtime
        self._plan = runtime.plan
        self._replies = replies
        self._state = state
        self._changed = changed
        self._began_at = time()
        self._left_behind: LiveState | None = None

    async def keep(self) -> None:
        """Write the state at each change, and often enough that it does not lapse meanwhile, until
        cancelled."""
        window_s = self._plan.resume_window_s
        while True:
            self._changed.clear()
            await self._plan.live.put(self.live_state(), lifetime_s=max(1.0, window_s))
            try:
                async with asyncio.timeout(max(0.5, window_s / 3)):
                    await self._changed.wait()
            except TimeoutError:
                continue

    def leave_behind(self) -> None:
        """Another process will go on with the conversation as it stands now."""
        self._left_behind = replace(self.live_state(), owner="")

    async def close(self) -> None:
        """Let others have what was left behind; where nothing was, the conversation is over."""
        live, opened = self._plan.live, self._plan.opened
        if self._left_behind is None:
            await live.remove(opened.conversation, owner=self._plan.owner)
        else:
            await live.put(self._left_behind, lifetime_s=self._plan.resume_window_s)

    def live_state(self) -> LiveState:
        opened, reply, state = self._plan.opened, self._replies.open(), self._state()
        agent = self._plan.context.agent
        live = LiveState(
            conversation=str(opened.conversation),
            session=str(self._runtime.current.session),
            user=self._plan.person.id,
            agent=agent.slug,
            owner=self._plan.owner,
            phase=state.phase.value,
            context_version=agent.version,
            own_version=self._plan.context.told.own.version,
            agent_id=agent.id,
            user_name=self._plan.person.name,
            is_connected=self._runtime.line.is_connected,
            since=self._began_at,
            turn=state.turn,
            reply=state.reply,
        )
        return live if reply is None else reply.as_live(live)


def beginning(plan: Plan, carried: LiveState | None, now: float) -> Began:
    """How the conversation stands. carried: how another process left it."""
    opened, usual_pause_s = plan.opened, plan.person.usual_pause_s
    if carried is None:
        greeting = "" if opened.turns or opened.replies else plan.context.agent.greeting
        return Began(
            now, opened.turns, opened.replies, greeting=greeting, usual_pause_s=usual_pause_s
        )
    is_thinking = carried.phase == Phase.THINKING.value
    return Began(
        now,
        turn=max(opened.turns, carried.turn),
        reply=max(opened.replies, carried.reply),
        is_unanswered=is_thinking and 0 < carried.turn <= opened.turns,
        carries=carried.carries,
        usual_pause_s=usual_pause_s,
    )
