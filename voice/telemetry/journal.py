"""Whose line of the log it is, and the line for each turn that is over.

The ids stand in context variables, which every task takes over from the one that started it: they
are bound where a socket, a session, a turn and a reply begin. The log holds no words.
"""

import re
from uuid import UUID, uuid4

import structlog
from structlog.contextvars import bind_contextvars, clear_contextvars, unbind_contextvars

from voice.telemetry.report import TurnReport
from voice.telemetry.series import PARTS

log = structlog.get_logger()

_SANE = re.compile(r"[A-Za-z0-9._:-]{1,64}")


class Current:
    """The session of a conversation, which changes when somebody resumes it, while the tasks that
    bound it go on: its id is looked up for each line. It holds nothing else, since a context lives
    as long as whatever was begun in it."""

    def __init__(self, session: UUID) -> None:
        self.session = session

    def __repr__(self) -> str:
        return str(self.session)

    __structlog__ = __repr__


def request_id(offered: str | None) -> str:
    """What a client calls its request in X-Request-ID, or an id of ours where that is no plain word
    of up to 64 characters."""
    return offered if offered and _SANE.fullmatch(offered) else uuid4().hex


def bind_socket(offered: str | None) -> None:
    """The lines of this task are of a socket. offered: its X-Request-ID."""
    clear_contextvars()
    bind_contextvars(request=request_id(offered))


def bind_session(conversation: UUID, user: int, session: UUID | Current) -> None:
    """They are of this conversation. session: with the current one they are no longer of the
    request that it began with."""
    if isinstance(session, Current):
        unbind_contextvars("request")
        bind_contextvars(session=session)
    else:
        bind_contextvars(session=str(session))
    bind_contextvars(conversation=str(conversation), user=user)


def bind_turn(turn: int) -> None:
    """They are of this turn of the user's, and of no reply to it yet."""
    unbind_contextvars("reply")
    bind_contextvars(turn=turn)


def bind_reply(reply: int) -> None:
    """They are of this reply."""
    bind_contextvars(reply=reply)


def turn_done(report: TurnReport) -> None:
    """One line with all the numbers of a turn."""
    metrics, usage = report.metrics, report.usage
    log.info(
        "turn.done",
        conversation=str(report.conversation),
        session=str(report.session),
        user=report.user,
        turn=report.turn,
        reply=report.reply,
        agent=report.agent,
        context_version=report.context_version,
        source=report.source,
        spoken=report.was_spoken,
        interrupted=report.interrupted,
        **{part: getattr(metrics, part) for part in PARTS},
        total_ms=metrics.total_ms,
        measured=metrics.final,
        cache_hit=metrics.cache_hit,
        speculated=metrics.speculated,
        adopted=metrics.adopted,
        providers=dict(metrics.providers),
        tools=[tool.name for tool in report.tools],
        heard_s=round(usage.heard_s, 1),
        tokens_in=usage.tokens_in,
        tokens_out=usage.tokens_out,
        characters=usage.characters,
        error=report.error,
    )
