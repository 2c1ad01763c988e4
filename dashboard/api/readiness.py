"""Whether this process can serve calls: what it leans on is asked side by side, each with a
deadline, and never twice at a time."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from time import perf_counter
from typing import Literal

import structlog
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.db import connection

from conversations import embeddings
from voice import wiring
from voice.providers.failover.member import Member
from voice.providers.registry import Kind

log = structlog.get_logger()

DEADLINE_S = 2.0
STAGES: dict[str, Kind] = {"hear": "stt", "think": "llm", "speak": "tts"}
Status = Literal["ready", "degraded", "unavailable"]


@dataclass(frozen=True, slots=True)
class Checked:
    name: str
    ok: bool
    needed: bool
    """Without it nobody can be served; without the others calls go on, with less."""
    detail: str
    ms: float


class NotWell(Exception):
    """What a check found; the message is for whoever asks."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    ask: Callable[[], Awaitable[str]]
    """Says how it is, or raises."""
    needed: bool = False


def status(checks: Sequence[Checked]) -> Status:
    if all(check.ok for check in checks):
        return "ready"
    return "degraded" if all(check.ok for check in checks if check.needed) else "unavailable"


async def checked(checks: Sequence[Check], *, deadline_s: float = DEADLINE_S) -> list[Checked]:
    """How each of them is, in order, after `deadline_s` at most."""
    return await asyncio.gather(*(_checked(check, deadline_s) for check in checks))


async def _checked(check: Check, deadline_s: float) -> Checked:
    began = perf_counter()
    try:
        async with asyncio.timeout(deadline_s):
            ok, detail = True, await check.ask()
    except NotWell as found:
        ok, detail = False, str(found)
    except TimeoutError:
        ok, detail = False, f"No answer within {deadline_s:g} s."
    except Exception as error:  # whatever its driver raises: it does not work, and the log says why
        log.warning("ready.failed", check=check.name, error=str(error))
        ok, detail = False, "It does not work; the log says why."
    ms = round((perf_counter() - began) * 1000, 1)
    return Checked(check.name, ok, check.needed, detail, ms)


class Once:
    """Asks one at a time: whoever comes while an answer is waited for waits for the same. So a
    database that hangs holds one thread, however often somebody asks."""

    def __init__(self, ask: Callable[[], Awaitable[str]]) -> None:
        self._ask = ask
        self._under_way: asyncio.Task[str] | None = None

    async def __call__(self) -> str:
        task = self._under_way
        if task is None or task.done() or task.get_loop() is not asyncio.get_running_loop():
            task = self._under_way = asyncio.ensure_future(self._ask())
            task.add_done_callback(_looked_at)
        return await asyncio.shield(task)


def _looked_at(task: "asyncio.Task[str]") -> None:
    """Whoever asked may be gone; an error that nobody fetched is no news then."""
    if not task.cancelled():
        task.exception()


async def _database() -> str:
    await sync_to_async(_select_one, thread_sensitive=False)()
    return "It answers."


def _select_one() -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    finally:
        connection.close()  # back into the pool: this thread may never come again


async def _channel_layer() -> str:
    await get_channel_layer().group_send("ready", {"type": "ready"})
    return "It takes messages."


async def _models() -> str:
    warm = {"meaning": embeddings.ready(), "voice activity": _is_made(wiring.detector)}
    if cold := [name for name, is_warm in warm.items() if not is_warm]:
        raise NotWell(f"Not loaded yet: {', '.join(cold)}.")
    return "Warm."


def _providers(kind: Kind) -> Callable[[], Awaitable[str]]:
    async def ask() -> str:
        if not _is_made(wiring.providers):
            raise NotWell("Being loaded.")
        members = wiring.providers().members[kind]
        serving = [member.name for member in members if _serves(member)]
        away = [member.name for member in members if not _serves(member)]
        if not serving:
            raise NotWell(f"Nobody is well: {', '.join(away) or 'none is set up'}.")
        return f"{', '.join(serving)}" + (f"; not {', '.join(away)}" if away else "")

    return ask


def _serves(member: "Member[object]") -> bool:
    return member.vitals.breaker.is_closed and not member.is_silent


def _is_made(part: object) -> bool:
    """Whether this one of wiring's is there: none is built for the sake of an answer."""
    return bool(part.cache_info().currsize)  # type: ignore[attr-defined]


async def _open_door() -> str:
    if _is_made(wiring.switchboard) and wiring.switchboard().is_draining:
        raise NotWell("It is being restarted, and lets nobody in any more.")
    return "Open."


CHECKS = (
    Check("door", _open_door, needed=True),
    Check("database", Once(_database), needed=True),
    Check("channel layer", _channel_layer),
    Check("models", _models),
    *(Check(stage, _providers(kind), needed=stage == "think") for stage, kind in STAGES.items()),
)
"""Typing works without an ear, and replies can be read without a voice."""
