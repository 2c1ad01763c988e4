"""A call on an open speaker, in virtual time: a whole session with the real VAD, clean-up, echo
guard and rules. Made are the room, the client, the ear, the model and the voice."""

import numpy as np
from structlog.testing import capture_logs

from bench.echo.case import Outcome, Setting, SetUp
from bench.echo.client import Client
from bench.echo.ear import Ear
from bench.echo.replies import VOICES, Model, Voice
from tests.scenarios.clock import run
from tests.scenarios.rows import PERSON, Rows
from tests.scenarios.timeline import Database
from tests.voice.calls import always, member
from voice.admission import Limits
from voice.audio import vad
from voice.audio.cleanup import Cleanup
from voice.audio.pcm import to_float
from voice.live import InProcess, LiveState
from voice.plan import Plan
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.speaking import SpeakingChain
from voice.session import Session
from voice.store import Opened, Person
from voice.switchboard import Call, Switchboard
from voice.turns.policy import Policy

CHAIN = {"stt": ["ear"], "llm": ["model"], "tts": ["voice"], "search": []}
OVER_S = 10.0


class Vad:
    """As a session's, without a thread, where time would be real."""

    def __init__(self, model: vad.Model) -> None:
        self._model = model
        self._state = np.zeros((2, 1, 128), np.float32)
        self._context = np.zeros(vad.CONTEXT_SAMPLES, np.float32)

    async def probability(self, frame: bytes) -> float:
        heard = np.concatenate([self._context, to_float(frame)])
        probabilities, self._state = self._model(heard[None], self._state)
        self._context = heard[-vad.CONTEXT_SAMPLES :]
        return float(probabilities[0])

    def close(self) -> None:
        return None


def play(setting: Setting, set_up: SetUp, model: vad.Model) -> Outcome:
    """What came of one call."""
    rows = Rows(Database())
    with capture_logs():
        return run(_call(setting, set_up, model), threads=rows)


async def _call(setting: Setting, set_up: SetUp, model: vad.Model) -> Outcome:
    ear = Ear(setting.seed, hears_echo=set_up.hears_echo, speech_only=set_up.speech_only)
    voice = Voice(VOICES[setting.seed % len(VOICES)])
    live = InProcess()

    def build(person: Person, opened: Opened) -> Session:
        plan = Plan(
            person=person,
            opened=opened,
            context=always(opened, [member("llm", Model(setting.seed))]),
            stt=HearingChain([member("stt", ear)]),
            tts=SpeakingChain([member("tts", voice)]),
            chain=CHAIN,
            live=live,
            owner="here",
            resume_window_s=30.0,
            playout_lead_ms=600,
            policy=Policy(),
            cancels_echo=set_up.cancels_echo,
        )
        return Session(plan, Vad(model), cleanup=Cleanup())

    switchboard = Switchboard(
        owner="here",
        live=live,
        limits=Limits(1, 1),
        chain=CHAIN,
        build=build,
        ask_to_yield=_nobody_else,
    )
    client = Client(setting, set_up, ear, voice)
    _, inbox = await switchboard.join(Call(PERSON, None, None, client.connection))
    await client.run(inbox)
    await switchboard.drain(deadline_s=OVER_S)
    return client.outcome


async def _nobody_else(state: LiveState) -> None:
    raise AssertionError(f"there is no other process: {state.owner}")
