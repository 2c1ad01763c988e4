import asyncio
import random
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

import pytest

from tests.voice.providers.failover.ears import FRAME_SAMPLES, SILENCE, WORDS, WordEar, frame
from tests.voice.providers.failover.players import (
    GONE,
    PATIENCE_S,
    PATIENT,
    QUICK,
    for_ever,
    member,
    open_by_itself,
    until,
)
from voice.providers.errors import ProviderError
from voice.providers.failover.deadlines import HEAR, Deadlines
from voice.providers.failover.hearing import CLOSE_S, HearingChain
from voice.providers.failover.kept import KEPT_MAX, PREROLL_FRAMES, Kept, Sound
from voice.providers.failover.member import Member
from voice.providers.failover.open_ear import TELLS_AS_IT_GOES_S
from voice.providers.protocols import INPUT_HZ
from voice.stages.ear import Ear
from voice.turns.events import Event, TranscriptGrew


class Conversation:
    """A session's ear, and what it has understood."""

    def __init__(self, members: Sequence[Member[WordEar]]) -> None:
        self.members = members
        self.chain = HearingChain(members)
        self.events: list[TranscriptGrew] = []
        self.failures: list[ProviderError] = []
        self.utterance = 0
        self.ear = Ear(
            self.chain,
            language="en",
            terms=("tea",),
            emit=self._emit,
            now=lambda: 0.0,
            on_failure=self.failures.append,
        )

    @property
    def finals(self) -> list[tuple[int, str]]:
        return [(event.utterance, event.text) for event in self.events if event.is_final]

    def texts(self, utterance: int) -> list[str]:
        return [event.text for event in self.events if event.utterance == utterance]

    async def say(self, *words: str) -> None:
        for word in words:
            await self.ear.send(frame(word), is_speech=True)

    async def be_silent(self, frames: int = 3) -> None:
        for _ in range(frames):
            await self.ear.send(SILENCE, is_speech=False)

    async def ask(self) -> int:
        self.utterance += 1
        await self.ear.finalise(self.utterance)
        return self.utterance

    async def final(self, utterance: int) -> str:
        await until(lambda: any(number == utterance for number, _ in self.finals))
        return dict(self.finals)[utterance]

    async def hear(self, *words: str) -> str:
        """One utterance and what was understood of it."""
        await self.say(*words)
        await self.be_silent()
        return await self.final(await self.ask())

    def _emit(self, event: Event) -> None:
        assert isinstance(event, TranscriptGrew)
        self.events.append(event)


@asynccontextmanager
async def listening(
    *ears: WordEar, deadlines: Deadlines = PATIENT, members: Sequence[Member[WordEar]] = ()
) -> AsyncIterator[Conversation]:
    subject = Conversation(members or [member(ear, deadlines) for ear in ears])
    running = asyncio.create_task(subject.ear.run())
    try:
        yield subject
    finally:
        running.cancel()
        await asyncio.wait([running])


def strikes(subject: Conversation) -> list[int]:
    return [each.vitals.breaker.points for each in subject.members]


def empty(subject: Conversation) -> None:
    while subject.chain.budget.spend():
        continue


# --- one that fails -------------------------------------------------------------------------------
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


# --- one that is late -----------------------------------------------------------------------------
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


# --- one that is deaf -----------------------------------------------------------------------------
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


# --- going back -----------------------------------------------------------------------------------
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


# --- when no ear can hear -------------------------------------------------------------------------
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


# --- what is kept ---------------------------------------------------------------------------------
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
