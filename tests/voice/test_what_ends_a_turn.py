"""What a session knows of the end of a turn beyond words: the voice, and how this user pauses."""

from dataclasses import replace

import pytest
from channels.db import database_sync_to_async

from conversations.models import User
from tests.voice.calls import Caller, house
from tests.voice.scripted import ScriptedEar
from voice.audio.smart_turn import RATE_HZ, Signal
from voice.turns.endpointing import Endpointing
from voice.turns.policy import Policy

STATEMENT = "I have a house"
QUICK = Endpointing(statement_s=0.2, unsure_s=0.9)


class Model:
    """Always of one opinion."""

    def __init__(self, probability: float) -> None:
        self._probability = probability
        self.heard_s: list[float] = []

    def ends_probability(self, samples: Signal) -> float:
        self.heard_s.append(len(samples) / RATE_HZ)
        return self._probability


@pytest.mark.parametrize(("probability", "waited_ms"), [(0.99, 200), (0.1, 900)])
async def test_a_voice_that_does_not_sound_over_is_given_longer(alice, probability, waited_ms):
    model = Model(probability)
    how = {"ear": ScriptedEar([STATEMENT]), "policy": Policy(QUICK), "turn_model": model}
    async with house(**how) as here:
        caller = await Caller().join(here.switchboard, alice)
        await caller.take_turn()

        metrics = await caller.until("turn_metrics", turn=1)

        assert metrics["vad_end_ms"] == pytest.approx(waited_ms, abs=150)
        assert model.heard_s[0] >= 0.5


async def test_how_somebody_pauses_is_kept_for_the_next_conversation(alice):
    thinker = replace(alice, usual_pause_s=1.0)
    async with house(ear=ScriptedEar([STATEMENT])) as here:
        caller = await Caller().join(here.switchboard, thinker)
        await caller.take_turn()
        await caller.until("reply_started", reply=1)

    assert await usual_pause_s(alice) == pytest.approx(0.98)


@database_sync_to_async
def usual_pause_s(person) -> float:
    return User.objects.get(pk=person.id).usual_pause_s
