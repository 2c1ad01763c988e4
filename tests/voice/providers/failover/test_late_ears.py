import asyncio
import time

from tests.voice.providers.failover.conversation import empty, listening, strikes
from tests.voice.providers.failover.ears import WORDS, WordEar
from tests.voice.providers.failover.players import (
    GONE,
    QUICK,
    for_ever,
    member,
    open_by_itself,
    until,
)
from voice.providers.failover.deadlines import HEAR, Deadlines


async def test_beside_an_ear_whose_answer_is_late_a_second_one_listens():
    first, second = WordEar("a", keeps_answers=True), WordEar("b")
    async with listening(first, second, deadlines=QUICK) as subject:
        assert await subject.hear(*WORDS[:2]) == "w000 w001"
        assert subject.ear.heard_by == "b"
        assert strikes(subject) == [2, 0]
        assert [each.vitals.hedges for each in subject.members] == [1, 0]

        await until(lambda: first.listening == 0)
        assert await subject.hear(WORDS[2]) == "w002"
        assert subject.finals == [(1, "w000 w001"), (2, "w002")]


async def test_beside_two_ears_that_hang_the_third_listens_soon():
    """As when the network is gone, and only the ear on this machine can hear."""
    first, second = WordEar("a", keeps_answers=True), WordEar("b", opening=for_ever())
    third = WordEar("offline")
    async with listening(first, second, third, deadlines=QUICK) as subject:
        began_at = asyncio.get_running_loop().time()

        assert await subject.hear(*WORDS[:2]) == "w000 w001"
        assert asyncio.get_running_loop().time() - began_at < HEAR.first_s / 4
        assert subject.ear.heard_by == "offline"
        assert strikes(subject) == [2, 2, 0]
        await until(lambda: first.listening == 0)


async def test_of_three_ears_the_second_may_be_the_first_to_answer():
    first, second = WordEar("a", keeps_answers=True), WordEar("b", keeps_answers=True)
    third = WordEar("c", keeps_answers=True)
    async with listening(first, second, third, deadlines=QUICK) as subject:
        await subject.say(*WORDS[:2])
        asked = await subject.ask()
        await until(lambda: bool(third.opened and third.opened[0].unanswered))
        second.opened[0].answer()

        assert await subject.final(asked) == "w000 w001"
        assert subject.ear.heard_by == "b"
        assert strikes(subject) == [2, 0, 0]
        await until(lambda: (first.listening, third.listening) == (0, 0) or first.asked > 1)


async def test_a_late_ear_that_answers_first_after_all_keeps_its_place():
    first, second = WordEar("a", keeps_answers=True), WordEar("b", keeps_answers=True)
    async with listening(first, second, deadlines=QUICK) as subject:
        await subject.say(WORDS[0])
        asked = await subject.ask()
        await until(lambda: len(second.opened) == 1)
        first.opened[0].answer()

        assert await subject.final(asked) == "w000"
        await until(lambda: second.listening == 0)
        assert strikes(subject) == [0, 0]
        assert subject.ear.heard_by == "a"


async def test_what_the_second_understood_counts_when_the_first_fails_beside_it():
    """It had told its words already when it was only a second one."""
    first, second = WordEar("a", keeps_answers=True), WordEar("b", keeps_answers=True)
    async with listening(first, second, deadlines=QUICK) as subject:
        await subject.say(*WORDS[:2])
        asked = await subject.ask()
        await until(lambda: bool(second.opened and second.opened[0].unanswered))
        second.opened[0].settle_asked()
        await asyncio.sleep(0.01)
        first.opened[0].fail(GONE)
        await until(lambda: first.listening == 0)
        second.opened[0].answer()

        assert await subject.final(asked) == "w000 w001"


async def test_an_answer_that_comes_second_is_not_told_again():
    """The one that went first has been found to be down, so the second stays."""
    first, second = WordEar("a", keeps_answers=True), WordEar("b", keeps_answers=True)
    async with listening(first, second, deadlines=QUICK) as subject:
        await subject.say(*WORDS[:2])
        asked = await subject.ask()
        await until(lambda: bool(second.opened and second.opened[0].unanswered))
        open_by_itself(subject.members[0])
        first.opened[0].answer()
        assert await subject.final(asked) == "w000 w001"

        second.opened[0].settle_asked()
        second.opened[0].answer()
        second.keeps_answers = False
        await until(lambda: first.listening == 0)
        assert await subject.hear(WORDS[2]) == "w002"
        assert subject.texts(2)[0] == "w002"


async def test_two_answers_that_are_owed_come_in_order_from_the_next_ear():
    first, second = WordEar("a", keeps_answers=True), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(*WORDS[:2])
        await subject.ask()
        await subject.say(*WORDS[2:4])
        await subject.ask()
        await until(lambda: bool(first.opened))
        first.opened[0].fail(GONE)
        await subject.final(2)

        assert subject.finals == [(1, "w000 w001"), (2, "w002 w003")]


async def test_without_a_budget_a_late_ear_is_replaced_once_that_is_certain():
    first, second = WordEar("a", keeps_answers=True), WordEar("b")
    async with listening(first, second, deadlines=QUICK) as subject:
        empty(subject)
        began_at = asyncio.get_running_loop().time()

        assert await subject.hear(WORDS[0]) == "w000"
        assert asyncio.get_running_loop().time() - began_at < HEAR.first_s / 2
        assert strikes(subject) == [3, 0]
        assert subject.members[0].vitals.hedges == 0


async def test_the_next_ear_gets_its_time_however_long_the_one_before_took():
    """It is late when it takes long itself."""
    first = WordEar("a", keeps_answers=True)
    second, third = WordEar("b", opening=asyncio.Event()), WordEar("c")
    slower = Deadlines(1.0, 1.0, 20.0, 0.25, 0.25, 0.25)
    members = [member(first, QUICK), member(second, slower), member(third, is_last_resort=True)]
    async with listening(members=members) as subject:
        empty(subject)
        await subject.say(WORDS[0])
        asked = await subject.ask()
        await until(lambda: second.asked == 1)  # the first took all its time
        for _ in range(10):  # whatever is due by now
            await asyncio.sleep(0)
        assert second.opening is not None
        second.opening.set()

        assert await subject.final(asked) == "w000"
        assert third.asked == 0


async def test_one_that_takes_over_without_a_budget_may_still_be_helped():
    """That there was none for the ear before says nothing of it."""
    first, second = WordEar("a", keeps_answers=True), WordEar("b", keeps_answers=True)
    third = WordEar("offline")
    members = [member(first, QUICK), member(second, QUICK), member(third, is_last_resort=True)]
    async with listening(members=members) as subject:
        empty(subject)

        assert await subject.hear(WORDS[0]) == "w000"
        assert [each.vitals.hedges for each in members] == [0, 1, 0]


async def test_an_ear_that_had_to_catch_up_is_not_called_slow_for_it():
    first, second = WordEar("a", keeps_answers=True), WordEar("b", opening=asyncio.Event())
    async with listening(first, second, deadlines=QUICK) as subject:
        vitals = subject.members[1].vitals
        for _ in range(20):
            vitals.first.note(0.0)
        await subject.say(WORDS[0])
        asked = await subject.ask()
        await until(lambda: second.asked == 1)
        assert second.opening is not None
        asyncio.get_running_loop().call_later(1.5 * vitals.first.slow_s, second.opening.set)
        await subject.final(asked)

        assert (vitals.served, vitals.breaker.points) == (1, 0)
        assert vitals.first.late_s == QUICK.floor_s


async def test_waiting_for_an_only_ear_that_is_late_leaves_the_process_in_peace():
    """Nothing can be done about it, so nobody looks again and again."""
    only = WordEar("a", keeps_answers=True)
    async with listening(only, deadlines=QUICK) as subject:
        await subject.say(WORDS[0])
        await subject.ask()
        await until(lambda: bool(only.opened))
        await asyncio.sleep(2 * QUICK.first_guess_s)  # it is late now, and not given up
        busy_s = time.process_time()
        await asyncio.sleep(0.3)
        busy_s = time.process_time() - busy_s

        assert busy_s < 0.1
