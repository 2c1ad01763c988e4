import random

import pytest

from tests.voice.audio.recordings import recordings
from voice.audio.cleanup import Cleanup
from voice.audio.framing import Reframer
from voice.audio.front import FrontEnd
from voice.audio.vad import FRAME_SAMPLES

PCM = recordings()[1].pcm


def fed(front: FrontEnd, *, seed: int) -> tuple[list[bytes], list[bytes]]:
    """The frames as they came, and clean, of PCM in chunks of any size."""
    chance, at, pairs = random.Random(seed), 0, []
    while at < len(PCM):
        size = 2 * chance.choice([0, 1, 160, 320, 333, 1600])
        pairs += front.feed(PCM[at : at + size])
        at += size
    return [came for came, _ in pairs], [clean for _, clean in pairs]


@pytest.mark.parametrize("seed", range(5))
def test_frames_are_as_they_came_and_clean_ones_lie_beside_them(seed):
    came, clean = fed(FrontEnd(Cleanup()), seed=seed)

    whole = Reframer(FRAME_SAMPLES)
    assert clean == whole.feed(Cleanup().process(PCM))
    assert came == Reframer(FRAME_SAMPLES).feed(PCM)[: len(clean)]
    assert len(PCM) // (2 * FRAME_SAMPLES) - len(clean) <= 1


def test_a_frame_comes_with_the_10_ms_that_its_clean_one_needs_and_no_later():
    front, told = FrontEnd(Cleanup()), 0

    for samples in range(160, len(PCM) // 2, 160):
        told += len(list(front.feed(PCM[2 * samples - 320 : 2 * samples])))
        assert told == samples // FRAME_SAMPLES


def test_without_clean_up_a_frame_is_its_own_clean_one():
    front = FrontEnd(None)
    came, clean = fed(front, seed=1)

    assert came == clean == Reframer(FRAME_SAMPLES).feed(PCM)
    assert not front.is_clean
    assert not front.wants_far_end


def test_the_far_end_is_wanted_once_there_is_an_echo_to_cancel():
    cleanup = Cleanup()
    front = FrontEnd(cleanup)
    assert front.is_clean
    assert not front.wants_far_end

    cleanup.cancel_echo()

    assert front.wants_far_end
