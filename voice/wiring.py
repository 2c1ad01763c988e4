"""Puts sessions together. The one place that knows all the parts; vendors are named in the registry
only. What a process has one of (voice detector, providers, switchboard) is made here, once.
"""

import os
import socket
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import structlog
from asgiref.sync import sync_to_async
from django.conf import settings

from voice import layer, store
from voice.admission import Limits
from voice.audio.cleanup import Cleanup
from voice.audio.smart_turn import SmartTurn, TurnModel
from voice.audio.vad import VoiceDetector
from voice.background.worker import Worker
from voice.context import Context, Models
from voice.flight.record import open_record
from voice.live import LiveState, live_sessions
from voice.plan import Plan
from voice.providers.chains import Chains, chains, named, patient, usual_model
from voice.providers.failover.health import Health
from voice.providers.failover.member import Member
from voice.providers.failover.shared import InProcess, InRedis
from voice.providers.failover.thinking import ThinkingChain
from voice.session import Session
from voice.store import AgentContext, Opened, Person
from voice.switchboard import Switchboard
from voice.telemetry.flushing import Flusher
from voice.telemetry.meters import count, meters
from voice.turns.policy import Policy

log = structlog.get_logger()


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


def members_of(language_models: Sequence[tuple[str, str]]) -> tuple[Member[Any], ...]:
    """Those of whoever asks these, which are watched over like the others."""
    members = tuple(providers().models(language_models))
    for member in members:
        if member not in providers().members["llm"]:
            health().watch(patient("llm", member))
    return members


def models_of(agent: AgentContext) -> Models:
    """The language models that this agent asks."""
    members = members_of(agent.language_models)
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
    context = Context(opened, models_of, build=build_models)
    policy = context.told.policy(Policy(speculations_max=settings.SPECULATIONS_MAX))
    plan = Plan(
        person=person,
        opened=opened,
        context=context,
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


async def _ask_to_yield(state: LiveState) -> None:
    await layer.send(state.owner, {"type": "yield", "conversation": state.conversation})
