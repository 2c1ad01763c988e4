from voice.audio.mic import MicChunk, MicQueue


def second(number: int, *, is_live: bool = True) -> MicChunk:
    return MicChunk(bytes(32_000), 16_000, number * 16_000, is_live)


async def waiting(mic: MicQueue, count: int) -> list[int]:
    """The seconds at which the next `count` chunks end."""
    return [(await mic.get()).end_sample // 16_000 for _ in range(count)]


async def test_live_sound_that_nobody_listens_to_in_time_loses_its_oldest():
    mic = MicQueue()
    for number in range(3):
        mic.put(second(number))

    assert mic.dropped == 2
    assert await waiting(mic, 1) == [2]


async def test_a_backlog_is_kept_and_so_is_what_is_said_while_it_is_listened_to():
    mic = MicQueue()
    for number in range(10):
        mic.put(second(number, is_live=False))
    mic.put(second(10))
    heard = await waiting(mic, 8)
    mic.put(second(11))

    assert mic.dropped == 0
    assert heard + await waiting(mic, 4) == list(range(12))


async def test_a_backlog_longer_than_a_client_may_keep_loses_its_oldest():
    mic = MicQueue()
    for number in range(20):
        mic.put(second(number, is_live=False))

    assert mic.dropped == 4


async def test_once_it_has_caught_up_live_sound_is_bounded_again():
    mic = MicQueue()
    for number in range(5):
        mic.put(second(number, is_live=False))
    await waiting(mic, 5)
    for number in range(5, 8):
        mic.put(second(number))

    assert mic.dropped == 2
