"""Puts sessions together. The one place that knows all the parts; vendors are named in the registry
only. What a process has one of (voice detector, providers, switchboard) is made here, once.
"""

import asyncio
import os
import socket
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from time import monotonic
from typing import Any
from uuid import UUID

import structlog
from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import Error as DatabaseError
from redis.exceptions import RedisError

from voice import store
from voice.audio import apm
from voice.audio.cleanup import Cleanup
from voice.audio.smart_turn import SmartTurn, TurnModel
from voice.audio.vad import VoiceDetector
from voice.background.worker import Worker
from voice.context import Context, Models
from voice.dispatch import Dispatch
from voice.flight.record import open_record
from voice.live import LiveState, LiveUnavailable, live_sessions
from voice.plan import Plan
from voice.providers import registry
from voice.providers.chains import Chains, chains, named, patient, usual_model
from voice.providers.failover.health import Health
from voice.providers.failover.member import Member
from voice.providers.failover.shared import InProcess, InRedis
from voice.providers.failover.thinking import ThinkingChain
from voice.session import Session
from voice.store import AgentContext, Opened, Person
from voice.switchboard import Limits, Switchboard
from voice.telemetry import gauges, loop_lag, tracing
from voice.telemetry.flushing import Flusher, prune_hourly
from voice.telemetry.meters import count, meters
from voice.turns.endpointing import PATIENCE
from voice.turns.policy import Policy

log = structlog.get_logger()

TRACES_S = 0.8
"""How long the last traces may take at the end: less than the server waits for all of it."""
REVOKED_EVERY_S = 60.0
"""How long somebody who was logged out may go on talking. A query for each socket each time."""


@cache
def owner() -> str:
    """Names this process among all that serve the site: a channel that it listens on."""
    return f"voice.{socket.gethostname().replace('_', '-')}.{os.getpid()}"


@cache
def detector() -> VoiceDetector:
    return VoiceDetector()


@cache
def turn_model() -> TurnModel | None:
    """The audio model that SMART_TURN names; None without it, or where it cannot be loaded, which
    is logged once."""
    if not settings.SMART_TURN:
        return None
    try:
        return SmartTurn(Path(settings.SMART_TURN))
    except Exception:  # whatever onnxruntime makes of a strange file
        log.exception("turn_model.unavailable", file=settings.SMART_TURN)
        return None


@cache
def providers() -> Chains:
    """The chains that the settings name. Raises registry.UnknownProvider for one that names what
    there is not."""
    return chains(named(), tell=count)


@cache
def health() -> Health:
    """Made on the event loop that serves the sockets."""
    return providers().health(InRedis(settings.REDIS_URL) if settings.REDIS_URL else InProcess())


@cache
def switchboard() -> Switchboard:
    """Made on the event loop that serves the sockets."""
    return Switchboard(
        owner=owner(),
        live=live_sessions(),
        limits=Limits(settings.MAX_SESSIONS, settings.MAX_SESSIONS_PER_USER),
        chain=providers().names,
        build=build_session,
        prepare=build_models,
        ask_to_yield=_ask_to_yield,
    )


@cache
def worker() -> Worker:
    return Worker(providers)


@cache
def flusher() -> Flusher:
    return Flusher(meters(), store.keep_measures, wall=lambda: datetime.now(UTC))


def models_of(agent: AgentContext) -> Models:
    """The language models that this agent asks, which are watched over like the others."""
    members = tuple(providers().models(agent.language_models))
    for member in members:
        if member not in providers().members["llm"]:
            health().watch(patient("llm", member))
    named = dict(agent.language_models)
    first = members[0].name
    model = named.get(first) or usual_model(first)
    return Models(_thinking(members), [m.name for m in members], f"{first}/{model}")


async def build_models(agent: AgentContext) -> None:
    """A client takes some 20 ms to make: on a thread, where it is the first of its model."""
    if not providers().has_models(agent.language_models):
        await sync_to_async(models_of, thread_sensitive=False)(agent)


@cache
def _thinking(members: tuple[Member[Any], ...]) -> ThinkingChain:
    """One for all who ask the same models in the same order: they share a budget of hedges."""
    return ThinkingChain(members)


def build_session(person: Person, opened: Opened) -> Session:
    """A session of this person in this conversation, ready to run on the current event loop."""
    available = providers()
    policy = Policy(
        endpointing=PATIENCE[opened.agent.patience],
        language=opened.agent.language,
        speculations_max=settings.SPECULATIONS_MAX,
    )
    plan = Plan(
        person=person,
        opened=opened,
        context=Context(opened, models_of, build=build_models),
        stt=available.stt,
        tts=available.tts,
        search=available.search,
        chain=available.names,
        live=live_sessions(),
        owner=owner(),
        resume_window_s=settings.RESUME_WINDOW_S,
        playout_lead_ms=settings.PLAYOUT_LEAD_MS,
        policy=policy,
        cleans_for_ear=settings.STT_CLEAN,
        cancels_echo=settings.ECHO_CANCELLER,
        turn_model=turn_model(),
    )
    flight = open_record(
        settings.FLIGHT_RECORD_DIR,
        conversation=opened.conversation,
        session=opened.session,
        policy=policy,
    )
    cleanup = Cleanup() if settings.CLEANUP else None
    return Session(plan, detector().open(), cleanup=cleanup, flight=flight)


async def warm_up() -> None:
    """Behind the open door: load what is slow, so that no turn waits for it. Never raises for a
    part that cannot be loaded: what needs it says so when it is asked."""
    started = monotonic()
    await sync_to_async(tracing.export, thread_sensitive=False)()
    available = await sync_to_async(providers, thread_sensitive=False)()  # imports the SDKs
    log.info("providers.in_force", **available.names)
    _show_gauges()
    await sync_to_async(registry.load, thread_sensitive=False)("llm")
    detector()
    if settings.CLEANUP:
        await sync_to_async(apm.load, thread_sensitive=False)()
    await sync_to_async(turn_model, thread_sensitive=False)()
    await health().probe_all()
    try:
        await sync_to_async(store.warm_up, thread_sensitive=False)()
    except Exception:
        log.exception("warm_up.failed", part="embeddings")
    log.info("warm_up.done", seconds=round(monotonic() - started, 1))


def _show_gauges() -> None:
    """What /metrics says of the moment."""
    gauges.show("sessions", lambda: {"": len(switchboard().conversations())})
    gauges.show("provider_open", _open_providers)


def _open_providers() -> dict[str, float]:
    return {
        f"{kind}/{member.name}": float(not member.vitals.breaker.is_closed)
        for kind, chain in providers().members.items()
        for member in chain
    }


async def _watch_providers() -> None:
    await sync_to_async(providers, thread_sensitive=False)()
    await health().run()


async def run() -> None:
    """What a web process does beside serving, until cancelled."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(_warm_up_and_work())
        tasks.create_task(_watch_providers())
        tasks.create_task(Dispatch(owner(), switchboard()).run())
        tasks.create_task(_mark_broken_off())
        tasks.create_task(_close_revoked())
        tasks.create_task(loop_lag.sample(meters()))
        tasks.create_task(flusher().run())
        tasks.create_task(prune_hourly(store.prune_measures))


async def _warm_up_and_work() -> None:
    """Jobs wait until the models are loaded, since they need them and the sessions come first."""
    await warm_up()
    if settings.BACKGROUND_WORKER:
        await worker().run()


async def _mark_broken_off() -> None:
    """At start, what died with the processes before us; and once more when what they left behind
    for others to resume has lapsed."""
    for wait_s in (0.0, settings.RESUME_WINDOW_S * 1.5):
        await asyncio.sleep(wait_s)
        try:
            states = await live_sessions().all()
            live = {UUID(state.conversation) for state in states}
            await store.mark_broken_off([*live, *switchboard().conversations()])
        except (LiveUnavailable, DatabaseError, OSError, TimeoutError) as error:
            log.warning("broken_off.not_marked", error=str(error))


async def _close_revoked() -> None:
    """A database that is away closes nobody's call: the next round asks again."""
    while True:
        await asyncio.sleep(REVOKED_EVERY_S)
        try:
            await switchboard().close_revoked()
        except (DatabaseError, OSError) as error:
            log.warning("revoked.not_checked", error=str(error))


async def drain(deadline_s: float) -> None:
    """Let nobody in any more, end every session and leave the jobs to others, within
    `deadline_s`."""
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(switchboard().drain(deadline_s))
        if settings.BACKGROUND_WORKER:
            tasks.create_task(worker().stop(deadline_s))
    await asyncio.gather(tracing.flush(TRACES_S), _flush_meters())


async def _flush_meters() -> None:
    try:
        async with asyncio.timeout(TRACES_S):
            await flusher().flush()
    except TimeoutError:
        log.warning("meters.not_kept_at_the_end")


async def _ask_to_yield(state: LiveState) -> None:
    layer = get_channel_layer()
    try:
        async with asyncio.timeout(1.0):
            message = {"type": "yield", "conversation": state.conversation}
            await layer.send(state.owner, message)
    except (RedisError, OSError, TimeoutError) as error:
        log.warning("layer.send_failed", error=str(error))
