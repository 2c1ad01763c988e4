from tests.voice.providers.failover.conversation import listening
from tests.voice.providers.failover.ears import SILENCE, WORDS, WordEar, frame
from tests.voice.providers.failover.players import GONE, until
from voice.providers.failover.kept import KEPT_MAX, PREROLL_FRAMES, Kept, Sound


async def test_silence_is_kept_for_half_a_second_only():
    first, second = WordEar("a", speech_only=False), WordEar("b", speech_only=False)
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))
        await subject.be_silent(100)
        first.opened[0].fail(GONE)
        await until(lambda: bool(second.opened))

        assert len(first.opened[0].received) == 100
        assert second.opened[0].received == [SILENCE] * PREROLL_FRAMES


async def test_an_ear_that_wants_speech_only_gets_half_a_second_of_silence_before_it():
    only = WordEar("a")
    async with listening(only) as subject:
        await until(lambda: bool(only.opened))
        await subject.be_silent(100)
        await subject.say(WORDS[0])
        await subject.be_silent(2)
        await subject.say(WORDS[1])

        silences = [pcm == SILENCE for pcm in only.opened[0].received]
        assert silences == [True] * PREROLL_FRAMES + [False, True, True, False]


async def test_of_an_endless_utterance_the_next_ear_hears_the_last_half_minute():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))
        for _ in range(KEPT_MAX // 8 + 5):
            await subject.say(*WORDS[:8])
        first.opened[0].fail(GONE)
        await until(lambda: bool(second.opened))

        assert len(second.opened[0].received) == KEPT_MAX


def test_of_what_was_answered_nothing_is_kept():
    kept = Kept()
    for at in range(50):
        for word in WORDS[:5]:
            kept.sound(Sound(frame(word), is_speech=True))
        asked = kept.finalise(float(at))
        kept.sound(Sound(SILENCE, is_speech=False))
        assert not kept.is_idle
        kept.answer(asked)

        assert kept.is_idle
        assert list(kept) == [Sound(SILENCE, is_speech=False)]
