"""Has answers written: what the model is told, which tools it may use, and how long it takes."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any

import structlog

from voice.plan import Plan
from voice.providers.protocols import Message, Prompt, ToolCall
from voice.replying.reply import Reply
from voice.stages.think import think
from voice.telemetry import TurnTimings
from voice.tools import HAVE_EFFECTS, TOOLS, Toolbox

log = structlog.get_logger()

CreateTask = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
NO_SEARCH = "You cannot look things up on the web; say so when you are asked to."


class Composer:
    """For one session, which owns the tasks made with `create_task`."""

    def __init__(self, plan: Plan, create_task: CreateTask) -> None:
        self._plan = plan
        self._create_task = create_task
        self._toolbox = Toolbox(plan.person)
        self._suspected: dict[int, asyncio.Event] = {}
        """Set once it is certain that this attempt answers what was said."""
        self._speculated = 0
        """How often the turn in the making was answered."""

    def compose(
        self,
        reply: Reply,
        messages: tuple[Message, ...],
        timings: TurnTimings,
        *,
        is_certain: bool = True,
    ) -> None:
        """Have the model answer `messages` in the reply's script, and mark in `timings` how that
        goes. Unless it is certain, tools with effects wait for `confirm`."""
        if is_certain:
            self._count(timings)
        else:
            self._suspected[reply.attempt] = asyncio.Event()
            self._speculated += 1
        reply.timings = timings
        now = asyncio.get_running_loop().time
        reply.on_sentence = partial(timings.mark, "first_sentence_at", now)
        reply.on_audio = partial(timings.mark, "first_audio_at", now)
        thinking = think(
            self._prompt(messages),
            reply.script.written,
            mind=partial(
                self._plan.llm.think,
                on_served=partial(timings.served, "llm"),
                in_words=self._plan.tts.speaks_drafts,
            ),
            call_tool=partial(self._call, reply.attempt),
            on_token=partial(timings.mark, "first_token_at", now),
        )
        reply.script.start(thinking, self._create_task)

    def confirm(self, attempt: int, timings: TurnTimings) -> None:
        """It answers what was said."""
        suspected = self._suspected.pop(attempt, None)
        if suspected is not None:
            suspected.set()
        timings.adopted = suspected is not None
        self._count(timings)

    def forget(self, attempt: int) -> None:
        """It was dropped."""
        self._suspected.pop(attempt, None)

    def _count(self, timings: TurnTimings) -> None:
        """What speculation cost this turn."""
        timings.speculated, self._speculated = self._speculated, 0
        if timings.speculated:
            dropped = timings.speculated - timings.adopted
            log.info("speculation.over", adopted=timings.adopted, dropped=dropped)

    async def _call(self, attempt: int, call: ToolCall) -> str:
        suspected = self._suspected.get(attempt)
        if suspected is not None and call.name in HAVE_EFFECTS:
            await suspected.wait()
        return await self._toolbox.call(call)

    def _prompt(self, messages: tuple[Message, ...]) -> Prompt:
        agent = self._plan.opened.agent
        return Prompt(
            instructions=f"{agent.instructions}\n\n{NO_SEARCH}".strip(),
            messages=messages,
            tools=TOOLS,
            language=agent.language,
            time_zone=self._plan.person.time_zone,
            temperature=agent.temperature,
            reply_tokens_max=agent.reply_tokens_max,
        )
