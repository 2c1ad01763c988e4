import asyncio

from tests.voice.providers.failover.conversation import listening, strikes
from tests.voice.providers.failover.ears import FRAME_SAMPLES, WORDS, WordEar
from tests.voice.providers.failover.players import GONE, QUICK, until
from voice.providers.failover.open_ear import TELLS_AS_IT_GOES_S
from voice.providers.protocols import INPUT_HZ

LONG = [*WORDS[: int(TELLS_AS_IT_GOES_S * INPUT_HZ / FRAME_SAMPLES) + 2]]
"""As many words as a deaf ear may miss, and some more."""


async def test_a_deaf_ear_is_replaced_while_somebody_speaks():
    first, second = WordEar("a", is_deaf=True), WordEar("b")
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))
        await subject.say(*LONG)
        await until(lambda: second.asked == 1)
        await subject.say(WORDS[150])
        await until(lambda: subject.ear.heard_by == "b")

        assert await subject.hear(WORDS[151]) == " ".join([*LONG, WORDS[150], WORDS[151]])
        assert strikes(subject) == [2, 0]
        await until(lambda: first.listening == 0)


async def test_a_deaf_ears_empty_answer_does_not_count_where_another_heard_words():
    first = WordEar("a", is_deaf=True, keeps_answers=True)
    second = WordEar("b", tells_as_it_goes=False, keeps_answers=True)
    async with listening(first, second, deadlines=QUICK) as subject:
        await subject.say(*WORDS[150:152])
        asked = await subject.ask()
        await until(lambda: bool(second.opened and second.opened[0].unanswered))
        second.opened[0].settle_asked()
        await asyncio.sleep(0)
        await subject.say(*LONG)
        first.opened[0].answer()
        await asyncio.sleep(0)
        assert subject.finals == []
        second.opened[0].answer()

        assert await subject.final(asked) == "w150 w151"


async def test_noise_that_nobody_understands_makes_no_ear_deaf():
    first, second = WordEar("a", is_deaf=True), WordEar("b", is_deaf=True)
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))

        assert await subject.hear(*LONG) == ""
        assert strikes(subject) == [0, 0]


async def test_an_ear_that_tells_only_when_asked_is_not_deaf():
    first, second = WordEar("a", tells_as_it_goes=False), WordEar("b")
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))

        assert await subject.hear(*LONG) == " ".join(LONG)
        assert second.asked == 0


async def test_an_ear_that_has_much_to_catch_up_with_is_not_deaf():
    first = WordEar("a", breaks_after=len(LONG), breaks_with=GONE)
    second, third = WordEar("b", opening=asyncio.Event()), WordEar("c")
    async with listening(first, second, third) as subject:
        await until(lambda: bool(first.opened))
        await subject.say(*LONG)
        await until(lambda: second.asked == 1)
        await subject.say(WORDS[150])
        assert second.opening is not None
        second.opening.set()

        assert await subject.hear(WORDS[151]) == " ".join([*LONG, WORDS[150], WORDS[151]])
        assert third.asked == 0
        assert strikes(subject)[1] == 0
