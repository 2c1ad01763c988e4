import re

import pytest

from tests.test_deploy import metrics
from tests.voice.calls import member
from tests.voice.scripted import ScriptedModel
from voice.telemetry import exposition, gauges


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is shown here is gone afterwards."""
    monkeypatch.setattr(gauges, "_readings", gauges._readings.copy())


def lines() -> set[str]:
    return set(exposition.text().decode().splitlines())


def test_the_targets_of_the_settings_travel_with_the_metrics(settings):
    settings.TARGET_HEAR_MS = 250

    assert {
        'voice_target_ms{stage="hear"} 250.0',
        'voice_target_ms{stage="turn"} 1000.0',
    } <= lines()
    assert exposition.as_json()["target_ms"]["first_token"] == 500  # type: ignore[index]


def test_a_gauge_is_looked_up_when_somebody_asks(shown):
    model = member("llm", ScriptedModel())
    gauges.show(
        "provider_open", lambda: {"llm/scripted": float(not model.vitals.breaker.is_closed)}
    )
    before = lines()
    model.vitals.open_by_hand()

    assert 'voice_provider_open{provider="llm/scripted"} 0.0' in before
    assert 'voice_provider_open{provider="llm/scripted"} 1.0' in lines()


def test_a_gauge_without_a_label_has_none(shown):
    gauges.show("sessions", lambda: {"": 3.0})

    assert "voice_sessions 3.0" in lines()


def test_one_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(KeyError):
        gauges.show("invented", lambda: {"": 1.0})


def test_the_names_that_alerts_and_dashboards_use_are_those_of_the_metrics(shown):
    gauges.show("sessions", lambda: {"": 3.0})
    gauges.show("provider_open", lambda: {"llm/scripted": 0.0})
    told = exposition.text().decode()
    families = re.findall(r"^# TYPE (\w+) (\w+)$", told, re.MULTILINE)
    endings = {"counter": ("",), "gauge": ("",), "histogram": ("_bucket", "_sum", "_count")}

    names = {name + ending for name, kind in families for ending in endings[kind]}
    assert {name for name in metrics() if name != "up"} == names
