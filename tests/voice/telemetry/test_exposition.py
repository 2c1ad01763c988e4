"""What Prometheus is told is what the meters hold."""

import json

from prometheus_client.parser import text_string_to_metric_families

from voice.telemetry import exposition
from voice.telemetry.meters import meters
from voice.telemetry.series import SERIES


def samples() -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """By name and labels, as Prometheus reads them."""
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(exposition.text().decode())
        for sample in family.samples
    }


def test_a_counter_is_the_total_of_the_meters():
    before = samples()[("voice_turns_total", (("turn", "typed"),))]

    meters().count("turns", "typed")

    assert samples()[("voice_turns_total", (("turn", "typed"),))] == before + 1


def test_a_histogram_says_how_many_values_lie_below_each_edge():
    label = "part of this test"
    for value in (0.5, 100.0, 100_000.0):
        meters().observe("turn_part_ms", value, label)

    found = samples()

    def below(edge: str) -> float:
        return found[("voice_turn_part_ms_bucket", (("le", edge), ("part", label)))]

    assert [below(edge) for edge in ("1.0", "64.0", "128.0", "65536.0", "+Inf")] == [1, 1, 2, 2, 3]
    assert found[("voice_turn_part_ms_count", (("part", label),))] == 3
    assert found[("voice_turn_part_ms_sum", (("part", label),))] == 100_100.5


def test_both_sides_of_a_share_are_there_before_anything_happened():
    closes = {labels for name, labels in samples() if name == "voice_sessions_closed_total"}

    assert {(("close", "normal"),), (("close", "abnormal"),)} <= closes


def test_a_label_with_a_value_for_each_user_is_not_told():
    meters().count("cost_by_user", "4711", by=0.5)

    assert b"4711" not in exposition.text()
    assert "4711" not in json.dumps(exposition.as_json())


def test_every_other_series_is_told_in_both_forms():
    text, told = exposition.text().decode(), exposition.as_json()

    for name, series in SERIES.items():
        assert (f"# HELP voice_{name}" in text) is series.is_exposed
        assert (name in told) is series.is_exposed


def test_the_json_holds_the_same_numbers():
    label = "part of that test"
    meters().observe("turn_part_ms", 100.0, label)

    reading = exposition.as_json()["turn_part_ms"]

    assert isinstance(reading, dict)
    assert reading[label]["count"] == 1
    assert reading[label]["total"] == 100.0
    assert abs(reading[label]["p95"] / 100 - 1) < 0.045
