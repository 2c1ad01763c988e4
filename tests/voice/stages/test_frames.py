import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.stages.frames import SENTENCE_MAX, WAITING_MAX, Frame, Frames
from voice.turns.timeline import WordTime


def numbered(first: int, samples: int) -> bytes:
    """Sound whose samples count."""
    return b"".join(at.to_bytes(2, "little") for at in range(first, first + samples))


def filled(*sizes: int, sentence: int = 0) -> Frames:
    frames, first = Frames(), 0
    for size in sizes:
        frames.put_nowait(Frame(sentence, numbered(first, size)))
        first += size
    return frames


def left(frames: Frames) -> bytes:
    pcm = b""
    while not frames.empty():
        frame = frames.get_nowait()
        assert frame is not None
        pcm += frame.pcm
    return pcm


sizes = st.lists(st.integers(0, 40), max_size=WAITING_MAX)


@given(sizes, st.integers(-5, 1000))
def test_what_is_taken_back_is_the_end_and_no_more(sizes, samples):
    frames, before = filled(*sizes), sum(sizes)
    frames.take_back(0, samples)

    assert frames.waiting_samples(0) == max(0, before - max(0, samples))
    assert left(frames) == numbered(0, before)[: 2 * max(0, before - max(0, samples))]


@given(sizes, st.integers(0, 1000))
def test_other_sentences_stay(sizes, samples):
    frames = filled(10, 10, sentence=3)
    for size in sizes[: WAITING_MAX - 2]:
        frames.put_nowait(Frame(4, bytes(2 * size)))
    frames.take_back(4, samples)

    assert frames.waiting_samples(3) == 20
    assert left(frames)[:40] == numbered(0, 20)


def test_two_frames_of_a_sentence_go_out_as_one():
    frames, words = filled(10, 20, 30), (WordTime(1, 5),)
    frames.put_nowait(Frame(0, b"", words, ends_sentence=True))
    frames.put_nowait(Frame(1, bytes(2)))
    frames.put_nowait(None)

    assert frames.get_nowait() == Frame(0, numbered(0, 30))
    assert frames.get_nowait() == Frame(0, numbered(30, 30), words, ends_sentence=True)
    assert frames.get_nowait() == Frame(1, bytes(2))
    assert frames.get_nowait() is None


async def test_a_frame_that_is_waited_for_goes_out_alone():
    frames = Frames()
    waiting = asyncio.create_task(frames.get())
    await asyncio.sleep(0)
    await frames.put(first := Frame(0, bytes(20)))

    assert await asyncio.wait_for(waiting, 1) == first


def test_of_what_has_gone_out_nothing_is_taken_back():
    frames = filled(10, 10)
    frames.get_nowait()
    frames.take_back(0, 15)

    assert frames.waiting_samples(0) == 0
    assert frames.empty()


async def test_who_waits_for_a_frame_that_is_taken_back_waits_on():
    frames = Frames()
    waiting = asyncio.create_task(frames.get())
    await asyncio.sleep(0)
    await frames.put(Frame(0, bytes(20)))  # it is called, and has not taken it
    frames.take_back(0, 10)
    await asyncio.sleep(0)
    assert not waiting.done()

    await frames.put(last := Frame(0, bytes(4)))
    assert await asyncio.wait_for(waiting, 1) == last


async def test_there_is_room_again_for_what_was_taken_back():
    frames = filled(*[1] * SENTENCE_MAX)
    frames.take_back(0, 1)

    frames.put_nowait(Frame(0, bytes(2)))
    with pytest.raises(asyncio.QueueFull):
        frames.put_nowait(Frame(0, bytes(2)))


async def test_a_sentence_waits_until_little_is_left_of_the_one_before():
    frames = filled(*[10] * (WAITING_MAX + 1))
    waiting = asyncio.create_task(frames.room())
    await asyncio.sleep(0)
    assert not waiting.done()

    frames.get_nowait()
    await asyncio.wait_for(waiting, 1)


async def test_there_is_room_when_what_waits_was_taken_back():
    frames = filled(*[10] * (WAITING_MAX + 1))
    frames.take_back(0, 10)

    await asyncio.wait_for(frames.room(), 1)


def test_the_rest_of_a_sentence_is_known_once_its_end_is_there():
    loud = b"\x00\x20"
    frames = filled(20, 20)
    frames.put_nowait(Frame(0, loud * 10 + bytes(2 * 5)))
    assert frames.rest(0) is None

    frames.put_nowait(Frame(0, bytes(2 * 7), ends_sentence=True))
    frames.get_nowait()

    assert frames.rest(0) == (22, 10)
    assert frames.rest(1) is None
