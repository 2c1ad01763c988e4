"""Figures that are looked up when somebody asks, and kept nowhere. For /metrics, and so for alerts.

What a figure is stands here; whoever knows it says where to look it up.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from django.conf import settings


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str
    help: str
    """One sentence."""
    label: str = ""
    """What its label names; "" where it has none."""


_ALL = (
    Gauge("sessions", "Conversations that run in this process."),
    Gauge(
        "provider_open",
        "1 while the provider's breaker is not closed, so that nobody but a probe asks it.",
        label="provider",
    ),
    Gauge("target_ms", "How long a stage may take, by the settings.", label="stage"),
)
GAUGES: dict[str, Gauge] = {gauge.name: gauge for gauge in _ALL}
"""By name."""
TARGETS = {
    "hear": "TARGET_HEAR_MS",
    "first_token": "TARGET_FIRST_TOKEN_MS",
    "voice": "TARGET_VOICE_MS",
    "turn": "TARGET_TURN_MS",
}

Reading = Callable[[], Mapping[str, float]]
"""The values by label; of a gauge without one, by ""."""

_readings: dict[str, Reading] = {
    "target_ms": lambda: {stage: getattr(settings, name) for stage, name in TARGETS.items()}
}


def show(name: str, reading: Reading) -> None:
    """Have it looked up like this from now on, from any thread. Raises KeyError for a name that is
    not in the catalogue."""
    _readings[GAUGES[name].name] = reading


def read() -> Iterator[tuple[Gauge, Mapping[str, float]]]:
    """All that somebody knows."""
    return ((GAUGES[name], reading()) for name, reading in sorted(_readings.items()))
