import asyncio

from tests.voice.providers.failover.conversation import listening, strikes
from tests.voice.providers.failover.ears import WORDS, WordEar
from tests.voice.providers.failover.players import (
    GONE,
    PATIENT,
    QUICK,
    member,
    open_by_itself,
    until,
)


async def test_in_a_pause_the_session_goes_back_to_the_best_ear_that_is_well():
    first, second = WordEar("a", breaks_after=1, breaks_with=GONE), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(WORDS[0])
        await until(lambda: second.asked == 1)
        first.breaks_after = -1
        assert await subject.hear(WORDS[1]) == "w000 w001"

        await until(lambda: first.listening == 1 and second.listening == 0)
        assert await subject.hear(WORDS[2]) == "w002"
        assert subject.ear.heard_by == "a"
        assert strikes(subject) == [2, 0]  # three for breaking off, less one for the answer
        assert (first.asked, second.asked) == (2, 1)


async def test_nobody_goes_back_while_somebody_speaks_or_an_answer_is_owed():
    first, second = WordEar("a", breaks_after=1, breaks_with=GONE), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(WORDS[0])
        await until(lambda: second.listening == 1)
        first.breaks_after = -1
        second.keeps_answers = True
        await subject.say(WORDS[1])
        await subject.ask()
        await subject.say(WORDS[2])
        second.opened[0].answer()
        await until(lambda: subject.finals == [(1, "w000 w001")])
        assert first.listening == 0

        await subject.ask()
        second.opened[0].answer()
        await until(lambda: first.listening == 1)


async def test_nobody_goes_back_to_an_ear_whose_breaker_is_open():
    first, second = WordEar("a", breaks_after=1, breaks_with=GONE), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(WORDS[0])
        await until(lambda: second.listening == 1)
        open_by_itself(subject.members[0])
        await subject.hear(WORDS[1])
        await asyncio.sleep(0.01)  # a pause
        await subject.hear(WORDS[2])

        assert (first.asked, subject.ear.heard_by) == (1, "b")


async def test_nobody_goes_back_to_an_ear_that_is_merely_the_least_bad():
    first, second = WordEar("a", breaks_after=1, breaks_with=GONE), WordEar("offline")
    members = [member(first, PATIENT), member(second, PATIENT, is_last_resort=True)]
    for _ in range(3):
        members[0].vitals.late(1.0)
    async with listening(members=members) as subject:
        await subject.hear(WORDS[0])
        await until(lambda: second.listening == 1)
        await subject.hear(WORDS[1])
        await asyncio.sleep(0.01)  # a pause
        await subject.hear(WORDS[2])

        assert (first.asked, subject.ear.heard_by) == (1, "offline")


async def test_in_a_pause_the_session_leaves_an_ear_that_was_opened_by_hand():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        await subject.hear(WORDS[0])
        subject.members[0].vitals.open_by_hand()
        await subject.hear(WORDS[1])
        await until(lambda: second.listening == 1 and first.listening == 0)

        assert await subject.hear(WORDS[2]) == "w002"
        assert subject.ear.heard_by == "b"


async def test_an_ear_that_is_faster_on_the_way_back_is_no_strike_against_the_other():
    """Both listen when somebody begins to speak before the way back is done."""
    first, second = WordEar("a", breaks_after=1, breaks_with=GONE), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(WORDS[0])
        await until(lambda: second.listening == 1)
        first.breaks_after, first.opening = -1, asyncio.Event()
        await subject.hear(WORDS[1])
        await until(lambda: first.asked == 2)
        await subject.say(WORDS[2])
        second.keeps_answers = True
        asked = await subject.ask()
        first.opening.set()

        assert await subject.final(asked) == "w002"
        assert subject.ear.heard_by == "a"
        assert strikes(subject)[1] == 0


async def test_nobody_goes_back_to_an_ear_that_owes_an_answer():
    """It was to take over when somebody spoke, and has been silent since."""
    first, second = WordEar("a", breaks_after=1, breaks_with=GONE), WordEar("b")
    third = WordEar("c")
    async with listening(first, second, third, deadlines=QUICK) as subject:
        await subject.say(WORDS[0])
        await until(lambda: second.listening == 1)
        first.breaks_after, first.keeps_answers = -1, True
        await subject.hear(WORDS[1])
        await until(lambda: first.listening == 1)
        assert await subject.hear(WORDS[2]) == "w002"
        await asyncio.sleep(2 * QUICK.first_guess_s)  # late, if anybody waited for it
        await subject.say(WORDS[3])
        await asyncio.sleep(2 * QUICK.first_guess_s)
        assert await subject.hear(WORDS[4]) == "w003 w004"

        assert subject.ear.heard_by == "b"
        assert (second.asked, third.asked) == (1, 0)
