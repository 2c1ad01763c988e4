from voice.audio.turn_sound import TurnSound
from voice.audio.vad import FRAME_SAMPLES

FRAMES_PER_S = 16_000 / FRAME_SAMPLES


def frame(mark: int) -> bytes:
    return mark.to_bytes(2, "little") * FRAME_SAMPLES


def fed(*pieces: tuple[int, float, bool]) -> TurnSound:
    """Each piece: its mark, how many seconds of it, and whether it is speech."""
    sound = TurnSound()
    for mark, seconds, is_speech in pieces:
        for _ in range(round(seconds * FRAMES_PER_S)):
            sound.feed(frame(mark), is_speech=is_speech)
    return sound


def seconds(sound: TurnSound, mark: int) -> float:
    pcm = sound.pcm()
    size = len(frame(mark))
    frames = [pcm[at : at + size] for at in range(0, len(pcm), size)]
    return frames.count(frame(mark)) / FRAMES_PER_S


def test_a_turn_begins_a_moment_before_its_voice():
    sound = fed((1, 5.0, False), (2, 1.0, True))
    assert 0.25 <= seconds(sound, 1) <= 0.35
    assert seconds(sound, 2) >= 0.98


def test_a_pause_belongs_to_the_turn():
    sound = fed((1, 1.0, True), (2, 1.0, False), (3, 1.0, True), (4, 0.16, False))
    assert min(seconds(sound, mark) for mark in (1, 2, 3)) >= 0.98
    assert seconds(sound, 4) > 0.1


def test_what_follows_a_long_silence_is_another_turn():
    sound = fed((1, 1.0, True), (2, 2.5, False), (3, 1.0, True))
    assert seconds(sound, 1) == 0.0


def test_of_a_long_turn_the_end_is_kept():
    sound = fed((1, 4.0, True), (2, 8.0, True))
    assert seconds(sound, 1) == 0.0
    assert seconds(sound, 2) == 8.0
