"""What deploy/ says of our metrics, held against the catalogue of those that there are."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from django.conf import settings

from voice.telemetry.exposition import MetersCollector
from voice.telemetry.gauges import GAUGES, TARGETS
from voice.telemetry.meters import Meters
from voice.telemetry.series import PARTS, SERIES

DEPLOY = Path(__file__).resolve().parents[1] / "deploy"
METRIC = re.compile(r"\b(?:voice_\w+|up\b)(?:\{[^}]*\})?")
MATCHER = re.compile(r'(\w+)\s*(=~|!~|!=|=)\s*"([^"]*)"')
GROUPING = re.compile(r"\bby \(([^)]*)\)")
OF_PROMETHEUS = {"instance", "job", "le"}


def metrics() -> dict[str, tuple[set[str], tuple[str, ...]]]:
    """Each metric by its name in /metrics, with its labels and their known values."""
    found = {f"voice_{g.name}": ({g.label} - {""}, ()) for g in GAUGES.values()}
    found["voice_target_ms"] = ({"stage"}, tuple(TARGETS))
    for series in SERIES.values():
        if not series.is_exposed:
            continue
        values = (*PARTS, "total_ms") if series.label == "part" else series.values
        endings = ("_total",) if series.kind == "counter" else ("_bucket", "_sum", "_count")
        for ending in endings:
            found[f"voice_{series.name}{ending}"] = ({series.label} - {""}, values)
    return found | {"up": (set(), ())}


def exposed() -> dict[str, set[str]]:
    """Each metric of a process in which everything has happened once, with its labels."""
    source = Meters()
    for series in SERIES.values():
        label = "x" if series.label else ""
        if series.kind == "counter":
            source.count(series.name, label)
        else:
            source.observe(series.name, 1.0, label)
    families = MetersCollector(source).collect()
    return {sample.name: set(sample.labels) for family in families for sample in family.samples}


def alerts() -> list[dict[str, Any]]:
    groups = yaml.safe_load((DEPLOY / "prometheus/alerts.yml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels() -> list[dict[str, Any]]:
    return list(json.loads((DEPLOY / "grafana/voice.json").read_text())["panels"])


def expressions() -> Iterator[tuple[str, str]]:
    """(where it stands, PromQL) of every alert and every line of a panel."""
    for rule in alerts():
        yield rule["alert"], rule["expr"]
    for panel in panels():
        for target in panel.get("targets", ()):
            yield panel["title"], target["expr"]


ALL = list(expressions())


def test_the_metrics_that_expressions_are_held_against_are_those_of_the_exposition():
    of_moment = {f"voice_{name}" for name in GAUGES}
    known = {name: labels for name, (labels, _) in metrics().items() if name != "up"}

    told = {name: labels - {"le"} for name, labels in exposed().items()}

    assert {n: known[n] for n in known if n not in of_moment} == {
        n: told[n] for n in told if n not in of_moment
    }
    assert told["voice_target_ms"] == known["voice_target_ms"]


@pytest.mark.parametrize(("where", "expression"), ALL, ids=[where for where, _ in ALL])
def test_an_expression_asks_only_for_metrics_and_labels_that_there_are(where, expression):
    known, labels = metrics(), set(OF_PROMETHEUS)
    asked = METRIC.findall(expression)

    assert asked
    for selector in asked:
        name = selector.partition("{")[0]
        assert name in known, name
        own, values = known[name]
        labels |= own
        for label, how, value in MATCHER.findall(selector):
            assert label in own | OF_PROMETHEUS, selector
            if values and how in ("=", "!="):
                assert value in values, selector
    for group in GROUPING.findall(expression):
        assert {label.strip() for label in group.split(",")} <= labels, group


@pytest.mark.parametrize(("where", "expression"), ALL, ids=[where for where, _ in ALL])
def test_an_expression_closes_what_it_opens(where, expression):
    opened: list[str] = []
    for sign in re.sub(r'"[^"]*"', '""', expression):
        if sign in "([{":
            opened.append({"(": ")", "[": "]", "{": "}"}[sign])
        elif sign in ")]}":
            assert opened.pop() == sign

    assert opened == []


@pytest.mark.parametrize(("where", "expression"), ALL, ids=[where for where, _ in ALL])
def test_what_only_grows_is_asked_for_its_growth_and_buckets_for_their_quantile(where, expression):
    grows = re.findall(r"\w+(?:_total|_bucket|_sum|_count)\b(?:\{[^}]*\})?(\[?)", expression)
    buckets = re.findall(r"histogram_quantile\([\d.]+, sum by \(le\b", expression)

    assert all(bracket == "[" for bracket in grows)  # within rate() or increase()
    assert len(buckets) == expression.count("_bucket")


def test_every_metric_is_on_the_dashboard():
    shown = {m.partition("{")[0] for p in panels() for t in p.get("targets", ())
             for m in METRIC.findall(t["expr"])}  # fmt: skip
    of_series = {re.sub(r"_(total|bucket|sum|count)$", "", name) for name in shown}

    assert {re.sub(r"_(total|bucket|sum|count)$", "", n) for n in metrics()} - {"up"} == of_series


def test_alerts_have_names_of_their_own_a_severity_and_a_sentence():
    names = [rule["alert"] for rule in alerts()]

    assert len(set(names)) == len(names)
    for rule in alerts():
        assert rule["labels"]["severity"] in ("warning", "critical")
        assert rule["annotations"]["summary"].rstrip().endswith(".")
        assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}


def test_each_target_of_the_settings_has_its_alert():
    used = {value for rule in alerts() for value in re.findall(r'stage="(\w+)"', rule["expr"])}

    assert set(TARGETS) <= used
    defaults = {name: getattr(settings, name) for name in TARGETS.values()}
    assert defaults == {
        "TARGET_HEAR_MS": 200,
        "TARGET_FIRST_TOKEN_MS": 500,
        "TARGET_VOICE_MS": 300,
        "TARGET_TURN_MS": 1000,
    }


def test_somebody_is_told_when_sessions_close_abnormally_below_a_share_of_999_in_1000():
    [rule] = [rule for rule in alerts() if rule["alert"] == "VoiceSessionsCloseAbnormally"]

    assert rule["expr"].strip().endswith("< 0.999")
    assert 'close="normal"' in rule["expr"]


def test_panels_have_ids_of_their_own_and_lie_beside_one_another():
    placed = [panel["gridPos"] for panel in panels()]
    cells = [
        (x, y)
        for at in placed
        for x in range(at["x"], at["x"] + at["w"])
        for y in range(at["y"], at["y"] + at["h"])
    ]

    assert len({panel["id"] for panel in panels()}) == len(panels())
    assert all(at["x"] + at["w"] <= 24 for at in placed)
    assert len(cells) == len(set(cells))
    for panel in panels():
        references = [target["refId"] for target in panel.get("targets", ())]
        assert len(set(references)) == len(references)


def test_prometheus_reads_our_rules_and_asks_at_our_address_with_our_token():
    read = yaml.safe_load((DEPLOY / "prometheus/prometheus.yml").read_text())
    [job] = read["scrape_configs"]

    assert [(DEPLOY / "prometheus" / name).is_file() for name in read["rule_files"]] == [True]
    assert job["metrics_path"] == "/metrics"
    assert job["job_name"] == "voice"
    assert job["authorization"]["type"] == "Bearer"
    assert job["static_configs"][0]["targets"] == [f"localhost:{settings.PORT}"]


def test_the_collector_takes_what_we_send_and_passes_it_on():
    read = yaml.safe_load((DEPLOY / "opentelemetry/collector.yml").read_text())
    traces = read["service"]["pipelines"]["traces"]

    assert list(read["service"]["pipelines"]) == ["traces"]
    assert read["receivers"]["otlp"]["protocols"]["http"]["endpoint"].endswith(":4318")
    for kind in ("receivers", "processors", "exporters"):
        assert traces[kind] == list(read[kind])
