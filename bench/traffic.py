"""A busy site, made up: turns that were answered, and sessions that run. It goes through the same
counting and the same tables as the real ones, so that pages can be looked at and measured.

Django has to be set up, and REDIS_URL and DATABASE_URL lead to the site.
"""

import random
import time
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from uuid import UUID

from conversations import measures
from voice.live import InRedis, LiveState
from voice.telemetry.counting import add_turn
from voice.telemetry.meters import Meters
from voice.telemetry.report import TurnReport
from voice.wire import TurnMetrics

LIFETIME_S = 120.0
PHASES = ("listening", "hearing", "endpointing", "thinking", "speaking", "speaking")
USUAL_MS = {
    "vad_end_ms": 240.0,
    "stt_ms": 60.0,
    "recall_ms": 18.0,
    "llm_ttft_ms": 230.0,
    "clause_ms": 45.0,
    "tts_ttfb_ms": 140.0,
    "capture_ms": 12.0,
    "network_ms": 40.0,
    "play_ms": 35.0,
}
CHAINS = {
    "stt": ("deepgram", "assemblyai", "offline"),
    "llm": ("groq", "openai", "offline"),
    "tts": ("cartesia", "openai", "offline"),
}


def report(turn: int, chance: random.Random) -> TurnReport:
    """A spoken turn that was answered, in about a second."""
    parts = {part: usual * chance.lognormvariate(0.0, 0.35) for part, usual in USUAL_MS.items()}
    is_hit = chance.random() < 0.1
    if is_hit:
        parts |= {"llm_ttft_ms": 0.0, "clause_ms": 0.0, "tts_ttfb_ms": 4.0}
    now = time.time()
    metrics = TurnMetrics(
        turn=turn,
        reply=turn,
        final=True,
        total_ms=sum(parts.values()),
        cache_hit=is_hit,
        speculated=1,
        adopted=chance.random() < 0.6,
        providers={stage: chain[0] for stage, chain in CHAINS.items()},
        **parts,
    )
    return TurnReport(
        conversation=UUID(int=turn),
        session=UUID(int=turn),
        user=1,
        agent="assistant",
        context_version=3,
        turn=turn,
        reply=turn,
        source="cache" if is_hit else "model",
        was_spoken=True,
        interrupted=chance.random() < 0.1,
        metrics=metrics,
        speech_ended_at=now - 5,
        ended_at=now,
    )


def count(meters: Meters, turn: TurnReport, chance: random.Random) -> None:
    """All that such a turn leaves in the meters of a process."""
    add_turn(meters, turn)
    meters.count("turns", "spoken")
    meters.count("replies", turn.source)
    meters.count("speculations", "begun")
    if turn.metrics.adopted:
        meters.count("speculations", "adopted")
    if turn.interrupted:
        meters.count("interruptions", chance.choice(("true", "true", "recovered", "false")))
    for stage, chain in CHAINS.items():
        _serve(meters, stage, chain, chance)
    meters.observe("audio_quality", min(100.0, chance.gauss(78, 9)))
    meters.observe("audio_snr_db", max(1.0, chance.gauss(24, 6)))
    meters.observe("loop_lag_ms", chance.lognormvariate(0.5, 0.6))
    meters.count("cost_by_user", str(chance.randint(1, 3)), 0.0004)
    if chance.random() < 0.08:
        meters.count("sessions_opened")
        meters.count("sessions_closed", "abnormal" if chance.random() < 0.01 else "normal")


def _serve(meters: Meters, stage: str, chain: tuple[str, ...], chance: random.Random) -> None:
    first, second = f"{stage}/{chain[0]}", f"{stage}/{chain[1]}"
    luck = chance.random()
    if luck < 0.01:
        meters.count("provider_failures", first)
        meters.count("failovers", first)
        meters.count("provider_answers", second)
    elif luck < 0.04:
        meters.count("provider_hedges", first)
    if luck < 0.001:
        meters.count("errors", stage)
    meters.count("provider_answers", first)
    meters.count("cost_by_provider", first, 0.0001 + 0.0004 * chance.random())


def keep(meters: Meters, at: datetime) -> None:
    """Bring what was counted to the database, as of this minute."""
    minute = at.replace(second=0, microsecond=0)
    sums = meters.drain().items()
    measures.keep((minute, *key, *one) for key, one in sums)


def past_day(turns_a_minute: int, chance: random.Random) -> None:
    """The last hour minute by minute, and the day before it with fewer."""
    now, meters = datetime.now(UTC), Meters()
    for minute in range(60):
        for _ in range(turns_a_minute):
            count(meters, report(chance.getrandbits(30), chance), chance)
        keep(meters, now - timedelta(minutes=minute))
    for hour in range(1, 24):
        for _ in range(turns_a_minute):
            count(meters, report(chance.getrandbits(30), chance), chance)
        keep(meters, now - timedelta(hours=hour))


def state(number: int, chance: random.Random, *, agent_id: int) -> LiveState:
    """A session of the made-up conversation `number`."""
    return LiveState(
        conversation=str(UUID(int=number + 1)),
        session=str(UUID(int=number + 1)),
        user=number,
        agent="assistant",
        owner="voice.bench.1",
        phase=chance.choice(PHASES),
        context_version=1,
        since=time.time() - 37.0 * (number + 1),
        turn=chance.randint(1, 40),
        agent_id=agent_id,
        user_name=f"user{number:03}",
        is_connected=chance.random() > 0.05,
    )


async def run_sessions(live: InRedis, states: Iterable[LiveState]) -> None:
    """Have them stand in the list of running sessions for LIFETIME_S more."""
    for one in states:
        await live.put(one, lifetime_s=LIFETIME_S)
