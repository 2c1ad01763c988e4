import asyncio
import random

import pytest

from tests.voice.providers.failover.conversation import Conversation, listening
from tests.voice.providers.failover.ears import WORDS, WordEar, frame
from tests.voice.providers.failover.players import GONE, PATIENCE_S, QUICK, for_ever, member, until
from voice.providers.failover.deadlines import Deadlines
from voice.providers.failover.ears import CLOSE_S


async def test_the_first_ear_hears_all_while_it_can():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        assert await subject.hear(*WORDS[:3]) == "w000 w001 w002"
        assert await subject.hear(*WORDS[3:5]) == "w003 w004"

        assert second.asked == 0
        assert subject.ear.heard_by == "a"
        assert subject.members[0].vitals.served == 2


@pytest.mark.parametrize("broken", [GONE, KeyError("channel")])
@pytest.mark.parametrize("after", range(1, 6))
async def test_an_ear_that_breaks_in_mid_utterance_costs_no_word_and_doubles_none(after, broken):
    first, second = WordEar("a", breaks_after=after, breaks_with=broken), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(*WORDS[:3])
        await until(lambda: second.asked == 1 or after > 3)

        assert await subject.hear(*WORDS[3:6]) == " ".join(WORDS[:6])
        assert subject.ear.heard_by == "b"
        assert subject.failures == []
        assert first.listening == 0


async def test_what_was_settled_before_an_ear_broke_is_said_once():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(*WORDS[:2])
        await until(lambda: subject.texts(1)[-1:] == ["w000 w001"])
        first.opened[0].settle()
        await subject.say(WORDS[2])
        await until(lambda: subject.texts(1)[-1:] == ["w000 w001 w002"])
        first.opened[0].fail(GONE)
        await until(lambda: second.asked == 1)

        assert await subject.hear(WORDS[3]) == " ".join(WORDS[:4])


async def test_an_ear_that_breaks_with_an_answer_owed_is_replaced_by_one_that_gives_it():
    first, second = WordEar("a", keeps_answers=True), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(*WORDS[:2])
        asked = await subject.ask()
        await until(lambda: bool(first.opened))
        first.opened[0].fail(GONE)

        assert await subject.final(asked) == "w000 w001"


async def test_what_was_answered_is_not_heard_again_by_the_next_ear():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        assert await subject.hear(*WORDS[:2]) == "w000 w001"
        await subject.say(WORDS[2])
        first.opened[0].fail(GONE)

        assert await subject.hear(WORDS[3]) == "w002 w003"
        assert frame(WORDS[0]) not in second.opened[0].received


@pytest.mark.parametrize("failure", [GONE, OSError("no network")])
async def test_an_ear_that_cannot_be_opened_is_replaced(failure):
    first, second = WordEar("a", open_fails=failure), WordEar("b")
    async with listening(first, second) as subject:
        assert await subject.hear(*WORDS[:2]) == "w000 w001"
        assert subject.members[0].vitals.failures == 1


async def test_an_ear_that_takes_no_more_sound_is_replaced_and_the_session_goes_on():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        await subject.say(WORDS[0])
        await until(lambda: bool(first.opened))
        first.send_fails = GONE

        assert await subject.hear(*WORDS[1:3]) == "w000 w001 w002"


async def test_an_ear_that_hangs_up_has_failed():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))
        first.opened[0].hang_up()
        await until(lambda: second.asked == 1)

        assert await subject.hear(WORDS[0]) == "w000"
        assert subject.members[0].vitals.failures == 1


async def test_an_ear_that_was_cancelled_by_somebody_else_is_replaced():
    first, second = WordEar("a"), WordEar("b")
    async with listening(first, second) as subject:
        await until(lambda: bool(first.opened))
        first.opened[0].fail(asyncio.CancelledError())

        assert await subject.hear(WORDS[0]) == "w000"
        assert subject.members[0].vitals.failures == 1


async def test_what_is_said_before_the_ear_is_open_is_heard_when_it_is():
    only = WordEar("a", opening=asyncio.Event())
    async with listening(only) as subject:
        await subject.say(*WORDS[:2])
        asked = await subject.ask()
        await until(lambda: only.asked == 1)
        assert only.opening is not None
        only.opening.set()

        assert await subject.final(asked) == "w000 w001"


# --- when no ear can hear -------------------------------------------------------------------------
async def test_when_all_ears_fail_what_was_understood_is_all_there_is():
    first, second = WordEar("a", keeps_answers=True), WordEar("b", open_fails=GONE)
    async with listening(first, second) as subject:
        await subject.say(*WORDS[:2])
        await until(lambda: subject.texts(1)[-1:] == ["w000 w001"])
        await subject.ask()
        await subject.ask()
        first.opened[0].fail(GONE)
        await subject.final(2)

        assert subject.finals == [(1, "w000 w001"), (2, "")]
        assert subject.failures == [GONE]
        first.keeps_answers = False
        assert await subject.hear(WORDS[2]) == "w002"


async def test_when_ears_are_back_after_all_were_down_they_hear_what_was_said_meanwhile():
    first, second = WordEar("a", open_fails=GONE), WordEar("b", open_fails=GONE)
    async with listening(first, second) as subject:
        await until(lambda: len(subject.failures) == 1)
        first.open_fails = None

        assert await subject.hear(*WORDS[:2]) == "w000 w001"
        assert await subject.hear(WORDS[2]) == "w002"
        assert subject.failures == [GONE]
        assert subject.ear.heard_by == "a"


async def test_an_answer_asked_for_while_nobody_could_hear_is_waited_for_like_any_other():
    """However long that was: the ear that is back has done nothing wrong."""
    only = WordEar("a", open_fails=GONE)
    short = Deadlines(2.0, 2.0, 60.0, 0.01, 0.01, 0.01)
    async with listening(only, deadlines=short) as subject:
        await until(lambda: only.asked == 2)
        await asyncio.sleep(0.05)  # it is known to have failed, and not asked again yet
        only.open_fails, only.keeps_answers = None, True
        await subject.say(WORDS[0])
        asked = await subject.ask()
        await until(lambda: bool(only.opened and only.opened[0].unanswered))
        await asyncio.sleep(0.1)  # late, and not given up
        only.opened[0].answer()

        assert await subject.final(asked) == "w000"
        assert only.asked == 3


# --- leaving --------------------------------------------------------------------------------------
async def test_leaving_closes_every_ear():
    first, second = WordEar("a", keeps_answers=True), WordEar("b", keeps_answers=True)
    async with listening(first, second, deadlines=QUICK) as subject:
        await subject.say(WORDS[0])
        await subject.ask()
        await until(lambda: second.listening == 1)

    assert first.listening == second.listening == 0


async def test_nobody_waits_long_for_an_ear_that_does_not_close():
    only = WordEar("a", closing=for_ever())
    subject = Conversation([member(only)])
    running = asyncio.create_task(subject.ear.run())
    await until(lambda: bool(only.opened))
    running.cancel()
    began_at = asyncio.get_running_loop().time()
    await asyncio.wait([running], timeout=PATIENCE_S)

    assert running.cancelled()
    assert asyncio.get_running_loop().time() - began_at < 1.5 * CLOSE_S
    assert only.closing is not None
    only.closing.set()
    await until(lambda: len(asyncio.all_tasks()) <= 2)


# --- seeded faults --------------------------------------------------------------------------------
@pytest.mark.parametrize("seed", range(40))
async def test_whatever_fails_each_word_is_understood_once_and_in_order(seed):
    """Eight utterances; two of three ears break off at a random frame of each stream, or keep back
    an answer."""
    chance = random.Random(seed)
    ears = [
        WordEar(
            name,
            tells_as_it_goes=chance.random() < 0.5,
            speech_only=chance.random() < 0.5,
            keeps_answers=chance.random() < 0.3,
            breaks_after=chance.randrange(1, 60),
            breaks_with=chance.choice([GONE, KeyError("oops")]),
        )
        for name in "ab"
    ]
    async with listening(*ears, WordEar("c"), deadlines=QUICK) as subject:
        words = iter(WORDS)
        spoken = [[next(words) for _ in range(chance.randrange(1, 12))] for _ in range(8)]
        for utterance in spoken:
            for word in utterance:
                await subject.say(word)
                if chance.random() < 0.3:
                    await asyncio.sleep(0)
            await subject.be_silent(chance.randrange(20))
            asked = await subject.ask()
            if chance.random() < 0.7:
                await subject.final(asked)
        await subject.final(len(spoken))

        assert subject.finals == [(n + 1, " ".join(said)) for n, said in enumerate(spoken)]
        assert subject.failures == []


@pytest.mark.parametrize("said", range(1, 6))
async def test_another_language_in_mid_utterance_costs_no_word_and_doubles_none(said):
    ear = WordEar("a")
    async with listening(ear) as subject:
        await subject.say(*WORDS[:said])
        await until(lambda: ear.listening == 1)
        subject.ear.steer(language="de", terms=())
        assert await subject.hear(*WORDS[said:6]) == " ".join(WORDS[:6])
        await until(lambda: ear.asked == 2 and ear.listening == 1)

        assert await subject.hear(*WORDS[6:8]) == " ".join(WORDS[6:8])


async def test_an_ear_that_expects_the_same_as_before_is_left_alone():
    ear = WordEar("a")
    async with listening(ear) as subject:
        await subject.hear(*WORDS[:2])
        subject.ear.steer(language="en", terms=("tea",))

        assert await subject.hear(*WORDS[2:4]) == "w002 w003"
        assert ear.asked == 1
