"""What a web process does beside serving sockets: it loads what is slow, works in the background,
and comes to an end.
"""

import asyncio
from time import monotonic
from uuid import UUID

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings
from django.db import Error as DatabaseError

from voice import store, wiring
from voice.audio import apm
from voice.dispatch import Dispatch
from voice.live import LiveUnavailable, live_sessions
from voice.providers import registry
from voice.telemetry import gauges, loop_lag, tracing
from voice.telemetry.flushing import prune_hourly
from voice.telemetry.meters import meters

log = structlog.get_logger()

TRACES_S = 0.8
"""How long the last traces may take at the end: less than the server waits for all of it."""
REVOKED_EVERY_S = 60.0
"""How long somebody who was logged out may go on talking. A query for each socket each time."""


async def run() -> None:
    """Work until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_warm_up_and_work())
        tasks.create_task(_watch_providers())
        tasks.create_task(Dispatch(wiring.owner(), wiring.switchboard()).run())
        tasks.create_task(_mark_broken_off())
        tasks.create_task(_close_revoked())
        tasks.create_task(loop_lag.sample(meters()))
        tasks.create_task(wiring.flusher().run())
        tasks.create_task(prune_hourly(store.prune_measures))


async def drain(deadline_s: float) -> None:
    """Let nobody in any more, end every session and leave the jobs to others, within
    `deadline_s`."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(wiring.switchboard().drain(deadline_s))
        if settings.BACKGROUND_WORKER:
            tasks.create_task(wiring.worker().stop(deadline_s))
    await asyncio.gather(tracing.flush(TRACES_S), _flush_meters())


async def _warm_up_and_work() -> None:
    """Jobs wait until the models are loaded, since they need them and the sessions come first."""
    await _warm_up()
    if settings.BACKGROUND_WORKER:
        await wiring.worker().run()


async def _warm_up() -> None:
    """Behind the open door: load what is slow, so that no turn waits for it. Never raises for a
    part that cannot be loaded: what needs it says so when it is asked."""
    started = monotonic()
    await sync_to_async(tracing.export, thread_sensitive=False)()
    available = await sync_to_async(wiring.providers, thread_sensitive=False)()  # imports the SDKs
    log.info("providers.in_force", **available.names)
    _show_gauges()
    await sync_to_async(registry.load, thread_sensitive=False)("llm")
    wiring.detector()
    if settings.CLEANUP:
        await sync_to_async(apm.load, thread_sensitive=False)()
    await sync_to_async(wiring.turn_model, thread_sensitive=False)()
    await wiring.health().probe_all()
    try:
        await sync_to_async(store.warm_up, thread_sensitive=False)()
    except Exception:
        log.exception("warm_up.failed", part="embeddings")
    log.info("warm_up.done", seconds=round(monotonic() - started, 1))


def _show_gauges() -> None:
    """What /metrics says of the moment."""
    gauges.show("sessions", lambda: {"": len(wiring.switchboard().conversations())})
    gauges.show("provider_open", _open_providers)


def _open_providers() -> dict[str, float]:
    return {
        f"{kind}/{member.name}": float(not member.vitals.breaker.is_closed)
        for kind, chain in wiring.providers().members.items()
        for member in chain
    }


async def _watch_providers() -> None:
    await sync_to_async(wiring.providers, thread_sensitive=False)()
    await wiring.health().run()


async def _mark_broken_off() -> None:
    """At start, what died with the processes before us; and once more when what they left behind
    for others to resume has lapsed."""
    for wait_s in (0.0, settings.RESUME_WINDOW_S * 1.5):
        await asyncio.sleep(wait_s)
        try:
            states = await live_sessions().all()
            live = {UUID(state.conversation) for state in states}
            await store.mark_broken_off([*live, *wiring.switchboard().conversations()])
        except (LiveUnavailable, DatabaseError, OSError, TimeoutError) as error:
            log.warning("broken_off.not_marked", error=str(error))


async def _close_revoked() -> None:
    """A database that is away closes nobody's call: the next round asks again."""
    while True:
        await asyncio.sleep(REVOKED_EVERY_S)
        try:
            await wiring.switchboard().close_revoked()
        except (DatabaseError, OSError) as error:
            log.warning("revoked.not_checked", error=str(error))


async def _flush_meters() -> None:
    try:
        async with asyncio.timeout(TRACES_S):
            await wiring.flusher().flush()
    except TimeoutError:
        log.warning("meters.not_kept_at_the_end")
