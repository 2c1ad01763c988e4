"""A reply is taken down as it is spoken, and played from that."""

from contextlib import aclosing

import pytest

from voice.providers.failover.utterance import Voiced
from voice.replying.recording import Recording, Tape
from voice.stages.frames import Frames
from voice.stages.speak import speak
from voice.turns.timeline import WordTime

SECOND = b"\x01\x02" * 24_000


class NowhereElse:
    """An outlet from which nothing has gone out."""

    def sent_s(self) -> float:
        return 0.0

    def take_back(self, from_s: float) -> float:
        return from_s


def voice(*pieces: Voiced, goes_on: bool = False):
    """goes_on: another voice takes the rest of the sentence over."""

    async def say(said, outlet):
        outlet.take_back(0.0)  # as a chain does when it begins
        for number, piece in enumerate(pieces):
            if goes_on and number:
                outlet.take_back(0.2)
            yield piece

    return say


async def taken(tape: Tape, said: str, say) -> list[Voiced]:
    async with aclosing(tape.take(say, said, NowhereElse())) as stream:
        return [voiced async for voiced in stream]


PIECES = (
    Voiced(SECOND[:9600], (WordTime(0, 0), WordTime(1, 2400, 4000))),
    Voiced(SECOND[:4800], (WordTime(2, 5000),)),
)


async def test_what_was_taken_down_is_played_to_the_sample_with_its_words():
    tape = Tape()
    assert await taken(tape, "it is noon", voice(*PIECES)) == list(PIECES)
    await taken(tape, "and more", voice(Voiced(SECOND)))

    spoken = tape.spoken("someone", ["It is noon.", "And more."])
    recording = Recording(spoken)
    played = [voiced async for voiced in recording.speak("it is noon")]

    assert b"".join(voiced.pcm for voiced in played) == SECOND[:9600] + SECOND[:4800]
    assert [word for voiced in played for word in voiced.words] == [
        word for piece in PIECES for word in piece.words
    ]
    assert (spoken.seconds, spoken.voice) == (1.3, "someone")
    assert recording.holds("and more")
    assert not recording.holds("and more of it")


async def test_the_rest_of_a_long_sentence_keeps_its_place():
    tape = Tape()
    long = Voiced(SECOND + b"\x05\x06" * 24_000)
    await taken(tape, "long", voice(long))

    recording = Recording(tape.spoken("someone", ["Long."]))

    assert b"".join([voiced.pcm async for voiced in recording.speak("long")]) == long.pcm


async def test_what_another_voice_had_to_go_on_with_is_not_kept():
    tape = Tape()
    await taken(tape, "it is noon", voice(*PIECES, goes_on=True))

    assert tape.spoken("someone", ["It is noon."]) is None


async def test_half_a_reply_is_not_kept():
    tape = Tape()
    async with aclosing(tape.take(voice(*PIECES), "it is noon", NowhereElse())) as stream:
        await anext(stream)

    assert tape.spoken("someone", ["It is noon."]) is None


@pytest.mark.parametrize(("seconds", "is_kept"), [(30, True), (31, False)])
async def test_no_more_than_half_a_minute_is_kept(seconds, is_kept):
    tape = Tape()
    await taken(tape, "long", voice(*[Voiced(SECOND)] * seconds))

    assert (tape.spoken("someone", ["Long."]) is not None) is is_kept


async def test_it_goes_the_way_of_a_live_voice():
    """The same frames come of a recording as of the voice that was recorded."""

    class Sentences:
        def __init__(self) -> None:
            self._left = ["It is noon."]

        async def get(self) -> str | None:
            return self._left.pop() if self._left else None

    async def frames_of(say):
        frames = Frames()
        await speak(
            Sentences(), frames, voice=say, said=str.lower, on_sentence=lambda text, said: None
        )
        return b"".join(frame.pcm for frame in iter(frames.get_nowait, None))

    tape = Tape()
    live = await frames_of(lambda said, outlet: tape.take(voice(*PIECES), said, outlet))
    recording = Recording(tape.spoken("someone", ["It is noon."]))

    assert await frames_of(lambda said, outlet: recording.speak(said)) == live
