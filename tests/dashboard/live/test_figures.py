"""Numbers of a page, from what was counted. The counting is the real one."""

import itertools
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from conversations.readings import Point, Readings, Sum
from dashboard.live import figures
from dashboard.live.sight import Sight
from tests.dashboard.live.states import running
from voice.telemetry.counting import add_turn
from voice.telemetry.meters import Meters
from voice.telemetry.report import TurnReport
from voice.telemetry.series import PARTS
from voice.wire import TurnMetrics

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
TARGETS = {"hear": 200, "first_token": 500, "voice": 300, "turn": 1000}


def report(*, quick: bool, turn: int) -> TurnReport:
    parts = dict.fromkeys(PARTS, 10.0) | {"llm_ttft_ms": 400.0 if quick else 2000.0}
    metrics = TurnMetrics(
        turn=turn,
        reply=turn,
        final=True,
        total_ms=sum(parts.values()),
        cache_hit=False,
        speculated=0,
        adopted=False,
        providers={},
        **parts,
    )
    return TurnReport(
        conversation=UUID(int=1),
        session=UUID(int=2),
        user=3,
        agent="guide",
        context_version=1,
        turn=turn,
        reply=turn,
        source="model",
        was_spoken=True,
        interrupted=False,
        metrics=metrics,
        speech_ended_at=0.0,
        ended_at=1.0,
    )


def read(meters: Meters) -> Readings:
    """As the database gives it back."""
    sums: dict[str, dict[tuple[str, int], Sum]] = {}
    for key, one in meters.drain().items():
        sums.setdefault(key.name, {})[key.label, key.bucket] = Sum(*one)
    return Readings(NOON - timedelta(minutes=5), NOON, sums)


def drawn(meters: Meters, history: list[Point] | None = None) -> figures.Drawn:
    return figures.of_window(read(meters), history or [], targets=TARGETS)


@pytest.fixture
def meters() -> Meters:
    return Meters()


def test_every_bar_adds_up_to_its_whole(meters):
    for turn in range(1, 21):
        add_turn(meters, report(quick=turn > 2, turn=turn))

    wait = drawn(meters)["wait"]

    for name, whole_ms in (("p50", 480.0), ("p95", 2080.0), ("mean", 640.0)):
        bar = wait["bars"][name]
        assert sum(bar["parts"].values()) == pytest.approx(bar["total_ms"], abs=0.05)
        assert bar["total_ms"] == pytest.approx(whole_ms, abs=0.5), name
        assert list(bar["parts"]) == list(PARTS)
    assert wait["p50_ms"] == pytest.approx(480, rel=0.05)
    assert wait["p95_ms"] == pytest.approx(2080, rel=0.05)
    assert (wait["turns"], wait["targets"]) == (20, TARGETS)


def test_a_new_site_has_no_bars_and_no_numbers_that_look_like_some(meters):
    shown = drawn(meters)

    assert shown["wait"]["bars"] == {"p50": None, "p95": None, "mean": None}
    assert shown["sessions"]["normal_share"] is None
    assert shown["lag_p95_ms"] is None
    assert shown["cost"] == {"providers": [], "users": []}
    assert shown["turns"] == shown["errors"] == {}


def test_the_share_without_an_abnormal_close_is_of_those_that_closed(meters):
    for close in ["normal"] * 199 + ["abnormal"]:
        meters.count("sessions_closed", close)

    shown = drawn(meters)["sessions"]

    assert shown["normal_share"] == pytest.approx(0.995)
    assert (shown["closed"], shown["abnormal"]) == (200, 1)


def test_what_was_paid_is_listed_dearest_first_and_users_only_so_far(meters):
    for user, amount in zip(itertools.count(1), [0.1, 0.5, 0.2] + [0.01] * 10, strict=False):
        meters.count("cost_by_user", str(user), amount)
        meters.count("cost_by_provider", "llm/groq", amount)

    shown = drawn(meters)["cost"]

    assert [user["label"] for user in shown["users"][:3]] == ["2", "3", "1"]
    assert len(shown["users"]) == figures.COSTLY_MAX
    assert shown["providers"] == [{"label": "llm/groq", "amount": pytest.approx(0.9)}]


def test_a_provider_has_the_counts_of_all_servers_and_the_state_of_its_breaker(meters):
    for name, times in (("provider_answers", 3), ("provider_failures", 2), ("failovers", 1)):
        for _ in range(times):
            meters.count(name, "llm/groq")
    breakers = [
        {"stage": "llm", "name": "groq", "state": "open"},
        {"stage": "llm", "name": "offline", "state": "closed"},
    ]
    sight = Sight(at=1.0, running=[running(1)], figures={"5m": drawn(meters)}, breakers=breakers)

    shown = figures.of_sight("5m", sight)

    assert shown["providers"] == [
        breakers[0] | {"answers": 3, "failures": 2, "hedges": 0, "failovers": 1},
        breakers[1] | {"answers": 0, "failures": 0, "hedges": 0, "failovers": 0},
    ]
    assert shown["active"] == shown["connected"] == 1


def test_what_is_counted_of_a_provider_stands_with_the_first_of_its_models(meters):
    meters.count("provider_answers", "llm/groq")
    names = (("groq", ""), ("offline", ""), ("groq", "larger"), ("openai", "x"), ("openai", "y"))
    breakers = [{"stage": "llm", "name": name, "model": model} for name, model in names]

    shown = figures.of_sight("5m", Sight(1.0, figures={"5m": drawn(meters)}, breakers=breakers))

    assert [one["answers"] for one in shown["providers"]] == [1, 0, None, 0, None]


def test_without_the_database_the_rest_is_shown():
    breakers = [{"stage": "llm", "name": "groq", "state": "open"}]
    sight = Sight(at=1.0, running=[running(1, is_connected=False)], breakers=breakers)

    shown = figures.of_sight("1h", sight)

    assert (shown["figures"], shown["active"], shown["connected"]) == (None, 1, 0)
    assert shown["providers"][0]["state"] == "open"


def test_a_chart_has_a_point_for_each_minute(meters):
    history = [Point(NOON, turns=2, errors=1, p50_ms=480.4321, p95_ms=None)]

    assert drawn(meters, history)["history"] == [
        {"at": NOON.timestamp(), "turns": 2, "errors": 1, "p50_ms": 480.4, "p95_ms": None}
    ]
