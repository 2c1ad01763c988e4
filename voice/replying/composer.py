"""Has answers written, by the model, which may use tools meanwhile, and notes how long it takes. An
answer that was given before to the same question is given again instead.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from voice import store
from voice.plan import Plan
from voice.providers.protocols import Tokens, ToolCall
from voice.replying.briefing import Briefing, Suspected
from voice.replying.making import REPEATED, Making
from voice.replying.minutes import Minutes
from voice.replying.recording import Recording, Tape
from voice.replying.reply import Reply
from voice.runtime import Runtime
from voice.stages.think import TOOL_S, think
from voice.telemetry import Mark, TurnTimings, journal
from voice.telemetry.tool_calls import UNKNOWN, timed
from voice.telemetry.usage import spend
from voice.text.sentences import SentenceSplitter
from voice.tools import HAVE_EFFECTS, MEMORY_TOOLS, Failed, Toolbox

log = structlog.get_logger()


class Composer:
    """For one session, which owns the tasks."""

    def __init__(self, runtime: Runtime, minutes: Minutes) -> None:
        """minutes: the conversation so far, which gets the results of tools."""
        self._plan = plan = runtime.plan
        self._minutes = minutes
        self._create_task = runtime.create_task
        self._toolbox = Toolbox(
            plan.person,
            conversation=plan.opened.conversation,
            search=plan.search,
            allowed=_allowed(plan),
            create_task=runtime.create_task,
        )
        self._briefing = Briefing(plan, minutes.history, self._toolbox)
        self._suspected: dict[int, asyncio.Event] = {}
        """Set once it is certain that this attempt answers what was said."""
        self._speculated = 0
        """How often the turn in the making was answered."""

    def steer(self) -> None:
        """Another context is in force."""
        self._toolbox.allowed = _allowed(self._plan)
        self._briefing.steer()

    def expect(self, turn: int, text: str) -> None:
        """So much was said of this turn: what bears on it is gathered already."""
        self._briefing.expect(turn, text)

    def compose(self, reply: Reply, timings: TurnTimings, *, suspected: str | None = None) -> None:
        """Have the turn answered in the reply's script, and mark in `timings` how that goes.

        suspected: what the user may turn out to have said. Tools with effects wait for `confirm`
        then; otherwise the turn stands in the minutes."""
        if suspected is None:
            self._count(timings)
        else:
            self._suspected[reply.attempt] = asyncio.Event()
            self._speculated += 1
        reply.timings = timings
        reply.voicing.on_sentence = self._mark(timings, "first_sentence_at")
        reply.on_audio = self._mark(timings, "first_audio_at")
        said = None if suspected is None else (reply.turn, suspected)
        reply.making = self._briefing.begin(reply.turn, said)
        answer = partial(self._answer, reply, reply.making, timings, said)
        reply.script.start(answer, self._create_task)

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

    # --- writing --------------------------------------------------------------------------------
    async def _answer(
        self, reply: Reply, making: Making, timings: TurnTimings, said: Suspected
    ) -> None:
        journal.bind_turn(reply.turn)
        await self._briefing.settle(making)
        self._mark(timings, "recalled_at")()
        if making.found.answer is not None:
            await self._repeat(reply, making, timings, making.found.answer)
        else:
            await self._think(reply, making, timings, said)

    async def _repeat(
        self, reply: Reply, making: Making, timings: TurnTimings, answer: store.Answer
    ) -> None:
        making.repeats = answer
        timings.cache_hit = True
        timings.served("llm", REPEATED)
        if answer.spoken is None:
            reply.voicing.tape = Tape()
            splitter = SentenceSplitter()
            sentences = [*splitter.feed(answer.text), *splitter.flush()]
        else:
            reply.voicing.recording = Recording(answer.spoken)
            sentences = [sentence.text for sentence in answer.spoken.sentences]
        self._mark(timings, "first_token_at")()
        for sentence in sentences:
            await reply.script.written.put(sentence.strip())
        await reply.script.written.put(None)

    async def _think(
        self, reply: Reply, making: Making, timings: TurnTimings, said: Suspected
    ) -> None:
        prompt = self._briefing.prompt(making, said)
        if making.found.is_cacheable and not making.used and self._plan.person.memory_on:
            reply.voicing.tape = Tape()

        def serve(name: str) -> None:
            making.models.add(name)
            timings.served("llm", name)

        await think(
            prompt,
            reply.script.written,
            mind=partial(
                making.context.models.chain.think,
                on_served=serve,
                on_tokens=partial(self._spend, making),
                in_words=self._plan.tts.speaks_drafts,
            ),
            call_tool=partial(self._call, reply, making),
            on_token=self._mark(timings, "first_token_at"),
        )

    async def _call(self, reply: Reply, making: Making, call: ToolCall) -> str:
        making.used.add("tools")
        reply.voicing.tape = None
        suspected = self._suspected.get(reply.attempt)
        if suspected is not None and call.name in HAVE_EFFECTS:
            await suspected.wait()
        name = call.name if call.name in self._toolbox.allowed else UNKNOWN
        with timed(name, making.tools, deadline_s=TOOL_S) as timing:
            result = await self._toolbox.call(
                call,
                turn=reply.turn,
                on_sources=making.add_sources,
                on_result=partial(self._minutes.called, reply.turn),
            )
            timing.has_failed = isinstance(result, Failed)
        return result

    def _spend(self, making: Making, name: str, tokens: Tokens) -> None:
        making.add_tokens(tokens)
        spend(
            "llm",
            name,
            self._plan.person.id,
            tokens_in=tokens.prompt,
            tokens_out=tokens.answer,
        )

    def _mark(self, timings: TurnTimings, mark: Mark) -> Callable[[], None]:
        return partial(timings.mark, mark, asyncio.get_running_loop().time)


def _allowed(plan: Plan) -> frozenset[str]:
    """The tools that the agent may use: none that remembers where it is to remember nothing."""
    agent = plan.context.agent
    return agent.tools if agent.memory_on else agent.tools - MEMORY_TOOLS
