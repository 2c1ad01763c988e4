from collections.abc import Iterator

import pytest

from tests.voice.telemetry.collector import Collector
from voice.telemetry import tracing


@pytest.fixture
def collector() -> Iterator[Collector]:
    with Collector() as running:
        yield running


@pytest.fixture
def traced(collector: Collector, settings) -> Iterator[Collector]:
    """A process whose settings name this collector."""
    settings.OTEL_EXPORTER_OTLP_ENDPOINT = collector.url
    tracing.export.cache_clear()
    yield collector
    tracing.export.cache_clear()
