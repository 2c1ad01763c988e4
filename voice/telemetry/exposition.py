"""The figures of this process for Prometheus, and the same as JSON.

A series is called `voice_` and its name: a counter ends in `_total`, a histogram has `_bucket`,
`_sum` and `_count`. Prometheus' own client only words them: the numbers are those of our meters,
and therefore the same everywhere.
"""

import math
from collections.abc import Iterator, Mapping

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector

from voice.telemetry import gauges
from voice.telemetry.buckets import LAST, quantile, upper
from voice.telemetry.gauges import Gauge
from voice.telemetry.meters import COUNTER, NOTHING, Meters, Sum, meters
from voice.telemetry.series import SERIES, Series

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
EDGE_EVERY = 4
"""Prometheus gets two buckets to an octave: it keeps a time series for each."""
EDGES = (*range(0, LAST + 1, EDGE_EVERY), LAST + 1)

Sums = dict[str, dict[int, Sum]]
"""Of one series: by label and bucket."""


def text() -> bytes:
    """In Prometheus' text form."""
    registry = CollectorRegistry()
    registry.register(MetersCollector(meters()))
    return generate_latest(registry)


def as_json() -> dict[str, object]:
    """By series and label: how often, how much, and of a distribution p50 and p95; of a gauge its
    value."""
    counted = {
        series.name: {label: _reading(series, found) for label, found in sums.items()}
        for series, sums in _exposed(meters())
    }
    return counted | {gauge.name: dict(values) for gauge, values in gauges.read()}


class MetersCollector(Collector):
    """Words the meters anew at each scrape."""

    def __init__(self, source: Meters) -> None:
        self._source = source

    def collect(self) -> Iterator[Metric]:
        for series, sums in _exposed(self._source):
            yield (_counter if series.kind == "counter" else _histogram)(series, sums)
        for gauge, values in gauges.read():
            yield _gauge(gauge, values)


def _exposed(source: Meters) -> Iterator[tuple[Series, Sums]]:
    """Each with the labels that were seen, in order, and those that are always there."""
    found: dict[str, Sums] = {}
    for key, one in sorted(source.snapshot().items()):
        found.setdefault(key.name, {}).setdefault(key.label, {})[key.bucket] = one
    for series in SERIES.values():
        if series.is_exposed:
            always: Sums = {label: {} for label in (series.values if series.label else ("",))}
            yield series, always | found.get(series.name, {})


def _names(of: Series | Gauge) -> list[str]:
    return [of.label] if of.label else []


def _counter(series: Series, sums: Sums) -> Metric:
    names = _names(series)
    family = CounterMetricFamily(f"voice_{series.name}", series.help, labels=names)
    for label, found in sums.items():
        family.add_metric([label][: len(names)], found.get(COUNTER, NOTHING).total)
    return family


def _histogram(series: Series, sums: Sums) -> Metric:
    names = _names(series)
    family = HistogramMetricFamily(f"voice_{series.name}", series.help, labels=names)
    for label, found in sums.items():
        total = sum(one.total for one in found.values())
        family.add_metric([label][: len(names)], _cumulative(found), total)
    return family


def _gauge(gauge: Gauge, values: Mapping[str, float]) -> Metric:
    names = _names(gauge)
    family = GaugeMetricFamily(f"voice_{gauge.name}", gauge.help, labels=names)
    for label, value in sorted(values.items()):
        family.add_metric([label][: len(names)], value)
    return family


def _cumulative(found: Mapping[int, Sum]) -> list[tuple[str, float]]:
    """Up to each edge, how many values lie below it."""
    below, rows = 0, list[tuple[str, float]]()
    for bucket in range(LAST + 2):
        below += found[bucket].times if bucket in found else 0
        if bucket in EDGES:
            edge = upper(bucket)
            rows.append(("+Inf" if math.isinf(edge) else str(round(edge, 3)), below))
    return rows


def _reading(series: Series, found: Mapping[int, Sum]) -> dict[str, float | None]:
    counts = {bucket: one.times for bucket, one in found.items()}
    reading: dict[str, float | None] = {
        "count": sum(counts.values()),
        "total": sum(one.total for one in found.values()),
    }
    if series.kind == "histogram":
        reading |= {"p50": quantile(counts, 0.5), "p95": quantile(counts, 0.95)}
    return reading
