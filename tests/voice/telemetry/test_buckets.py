from hypothesis import given
from hypothesis import strategies as st

from conversations import readings
from voice.telemetry.buckets import LAST, bucket_of, middle, quantile, upper


@given(st.floats(1.0001, 65_536))
def test_a_value_is_within_four_and_a_half_percent_of_the_middle_of_its_bucket(value):
    assert abs(middle(bucket_of(value)) / value - 1) < 0.045


@given(st.floats(0, 100_000))
def test_a_value_lies_below_the_upper_edge_of_its_bucket_and_above_the_one_before(value):
    bucket = bucket_of(value)

    assert value <= upper(bucket) * (1 + 1e-9)
    assert bucket == 0 or value > upper(bucket - 1) * (1 - 1e-9)


def test_what_is_one_or_less_and_what_is_beyond_have_buckets_of_their_own():
    assert [bucket_of(value) for value in (0.0, 1.0, 65_536.0, 65_537.0)] == [0, 0, LAST, LAST + 1]
    assert [middle(0), middle(LAST + 1)] == [0.0, 65_536.0]


@given(st.lists(st.floats(1.0001, 60_000), min_size=1), st.sampled_from([0.5, 0.95, 1.0]))
def test_a_quantile_is_a_value_below_which_that_share_lies(values, q):
    counts: dict[int, int] = {}
    for value in values:
        counts[bucket_of(value)] = counts.get(bucket_of(value), 0) + 1

    found = quantile(counts, q)

    rank = -(-round(q * len(values) * 100) // 100)
    assert found is not None
    assert abs(found / sorted(values)[rank - 1] - 1) < 0.045


def test_there_is_no_quantile_of_nothing():
    assert quantile({}, 0.5) is None


@given(st.dictionaries(st.integers(0, LAST + 1), st.integers(1, 9), min_size=1), st.floats(0, 1))
def test_what_is_stored_is_read_as_it_was_counted(counts, q):
    at = readings.bucket_at(counts, q)

    assert at is not None
    assert readings.middle(at) == quantile(counts, q)
