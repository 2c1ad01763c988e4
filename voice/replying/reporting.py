"""Reports on the replies of one session that answered a turn: one each, once its numbers are final.

They are final when the reply is over and the client has said when it was heard, or has not for a
few seconds.
"""

import asyncio
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import datetime
from functools import partial
from typing import Any
from uuid import UUID

from voice.plan import Plan
from voice.providers.absent import AbsentVoice
from voice.replying.reply import Reply
from voice.telemetry.meters import count
from voice.telemetry.report import ToolUse, TurnReport, Usage
from voice.telemetry.sinks import tell
from voice.telemetry.usage import spend

LATE_S = 3.0
"""A client says it with the first sound, so what is this late will not come."""


class Reporting:
    """Made on the event loop of its session."""

    def __init__(
        self,
        plan: Plan,
        *,
        session: Callable[[], UUID],
        wall: Callable[[float], datetime],
    ) -> None:
        """session: the id of the connection. wall: the time of day at a moment of the session's
        clock."""
        self._plan = plan
        self._session = session
        self._wall = wall
        self._waiting: dict[Reply, asyncio.TimerHandle] = {}
        """Replies that are over and were not measured by the client."""

    def released(self, reply: Reply) -> None:
        """It begins to be heard."""
        reply.session = self._session()
        count("replies", reply.source)

    def over(self, reply: Reply) -> None:
        """It has been heard, or was cut, and is recorded."""
        self._account_for(reply)
        if reply.metrics is None:  # it answers no turn, or has been reported where it began
            return
        if reply.metrics.final:
            self._report(reply)
        else:
            loop = asyncio.get_running_loop()
            self._waiting[reply] = loop.call_later(LATE_S, partial(self._report, reply))

    def measured(self, reply: Reply) -> None:
        """The client has said how long the user waited for it."""
        if reply in self._waiting:
            self._report(reply)

    def dropped(self, reply: Reply) -> None:
        """Nobody heard of it. It is reported where it was to answer a turn and failed."""
        self._account_for(reply)
        timings = reply.timings
        if timings is not None and timings.decided_at and reply.error is not None:
            reply.metrics = timings.metrics(turn=reply.turn, reply=0)
            self._report(reply)

    def close(self) -> None:
        """The session is over: nothing more will be measured."""
        for reply in list(self._waiting):
            self._report(reply)

    def stored(self, reply: Reply) -> dict[str, Any]:
        """What its row keeps of how it came about: `turn_metrics`, and what else a waterfall of
        the turn shows. Nothing of a reply to no turn."""
        if reply.metrics is None:
            return {}
        report = self._report_on(reply)
        return report.metrics.as_dict() | {
            "context_version": report.context_version,
            "speech_ended_at": round(report.speech_ended_at, 4),
            "tools": [asdict(tool) for tool in report.tools],
            "usage": asdict(report.usage),
        }

    def _account_for(self, reply: Reply) -> None:
        """Its voices are paid for, and its failure is somebody's trouble."""
        for name, characters in reply.voicing.characters().items():
            if name != AbsentVoice.name:
                spend("tts", name, self._plan.person.id, characters=characters)
        is_noticed = reply.timings is None or reply.timings.decided_at
        if is_noticed and (stage := _failed_stage(reply)) and not reply.script.is_accounted_for:
            # Who carries the reply on reads the same script.
            reply.script.is_accounted_for = stage == "llm"
            count("errors", stage)

    def _report(self, reply: Reply) -> None:
        if timer := self._waiting.pop(reply, None):
            timer.cancel()
        reply.is_reported = True
        tell(self._report_on(reply))

    def _report_on(self, reply: Reply) -> TurnReport:
        timings, making, metrics = reply.timings, reply.making, reply.metrics
        assert timings is not None
        assert making is not None
        assert metrics is not None
        over_at = reply.over_at if reply.over_at is not None else asyncio.get_running_loop().time()
        return TurnReport(
            conversation=self._plan.opened.conversation,
            session=reply.session or self._session(),
            user=self._plan.person.id,
            agent=making.context.agent.slug,
            context_version=making.context.agent.version,
            turn=reply.turn,
            reply=reply.number,
            source=reply.source,
            was_spoken=timings.was_spoken,
            interrupted=reply.is_interrupted,
            metrics=metrics,
            speech_ended_at=self._wall(timings.speech_ended_at).timestamp(),
            ended_at=self._wall(over_at).timestamp(),
            tools=tuple(self._of_day(tool) for tool in making.tools),
            usage=_usage(reply),
            error=_failed_stage(reply),
            models=dict(making.context.agent.language_models),
        )

    def _of_day(self, tool: ToolUse) -> ToolUse:
        return replace(tool, began_at=round(self._wall(tool.began_at).timestamp(), 4))


def _usage(reply: Reply) -> Usage:
    assert reply.timings is not None
    assert reply.making is not None
    return replace(
        reply.making.usage,
        heard_s=round(reply.timings.heard_s, 2),
        characters=sum(reply.voicing.characters().values()),
    )


def _failed_stage(reply: Reply) -> str:
    """llm or tts; "" where nothing failed."""
    if reply.script.error is not None:
        return "llm"
    return "tts" if reply.voicing.error is not None else ""
