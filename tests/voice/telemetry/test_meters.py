import pytest

from voice.telemetry.meters import Key, Meters, Sum


def test_what_is_counted_adds_up():
    meters = Meters()

    meters.count("turns", "spoken")
    meters.count("turns", "spoken")
    meters.count("cost_by_provider", "llm/groq", by=0.25)

    assert meters.snapshot() == {
        Key("turns", "spoken"): Sum(2, 2.0),
        Key("cost_by_provider", "llm/groq"): Sum(1, 0.25),
    }


def test_what_is_observed_lies_in_its_bucket_with_its_sum():
    meters = Meters()

    for value in (1000.0, 1001.0, 0.0):
        meters.observe("turn_part_ms", value, "total_ms")

    assert meters.snapshot() == {
        Key("turn_part_ms", "total_ms", 80): Sum(2, 2001.0),
        Key("turn_part_ms", "total_ms", 0): Sum(1, 0.0),
    }


def test_a_value_can_be_counted_among_those_of_another():
    meters = Meters()

    meters.observe("turn_part_of_total_ms", 120.0, "stt_ms", among=1000.0)

    assert meters.drain() == {Key("turn_part_of_total_ms", "stt_ms", 80): Sum(1, 120.0)}


def test_what_has_labels_without_end_is_not_kept_for_as_long_as_the_process_runs():
    meters = Meters()

    meters.count("cost_by_user", "4711")

    assert meters.snapshot() == {}
    assert meters.drain() == {Key("cost_by_user", "4711"): Sum(1, 1.0)}


def test_what_was_drained_is_not_drained_again_and_stays_in_the_whole():
    meters = Meters()
    meters.count("cache_hits")

    assert meters.drain() == {Key("cache_hits"): Sum(1, 1.0)}
    assert meters.drain() == {}
    meters.count("cache_hits")

    assert meters.drain() == {Key("cache_hits"): Sum(1, 1.0)}
    assert meters.snapshot() == {Key("cache_hits"): Sum(2, 2.0)}


def test_a_snapshot_does_not_grow():
    meters = Meters()
    before = meters.snapshot()

    meters.count("cache_hits")

    assert before == {}


def test_a_name_that_is_not_in_the_catalogue_is_refused():
    with pytest.raises(KeyError):
        Meters().count("no_such_series")
    with pytest.raises(KeyError):
        Meters().observe("no_such_series", 1.0)


def test_a_quantile_is_of_its_label_alone():
    meters = Meters()
    meters.observe("turn_part_ms", 100.0, "stt_ms")
    meters.observe("turn_part_ms", 900.0, "total_ms")

    assert meters.quantile("turn_part_ms", 0.5, "stt_ms") == pytest.approx(100, rel=0.045)
    assert meters.quantile("turn_part_ms", 0.5, "recall_ms") is None
