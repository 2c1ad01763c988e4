import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.audio.framing import Reframer

chunks = st.lists(st.binary(max_size=60).map(lambda b: b[: len(b) // 2 * 2]), max_size=30)


@given(chunks)
def test_no_sample_is_lost_added_or_moved(chunks):
    reframer = Reframer(frame_samples=8)

    frames = [frame for chunk in chunks for frame in reframer.feed(chunk)]

    assert b"".join([*frames, reframer.flush()]) == b"".join(chunks)
    assert all(len(frame) == 16 for frame in frames)


def test_a_frame_is_given_as_soon_as_it_is_complete():
    reframer = Reframer(frame_samples=4)

    assert reframer.feed(b"abcdef") == []
    assert reframer.pending_samples == 3
    assert reframer.feed(b"gh") == [b"abcdefgh"]
    assert reframer.pending_samples == 0


def test_a_chunk_that_ends_inside_a_sample_is_an_error_and_changes_nothing():
    reframer = Reframer(frame_samples=4)
    reframer.feed(b"abcd")

    with pytest.raises(ValueError, match="middle of a sample"):
        reframer.feed(b"xyz")

    assert reframer.feed(b"efgh") == [b"abcdefgh"]
