"""For `bench.faults`: one utterance, spoken in tones at the pace of speaking, through the
real ear."""

import asyncio

from bench.faults.house import House, Outcome
from tests.simulators import tones
from voice.providers.errors import ProviderError
from voice.providers.failover.hearing import HearingChain
from voice.providers.protocols import INPUT_HZ
from voice.stages.ear import Ear
from voice.turns.events import Event, TranscriptGrew

WORDS = tones.VOCABULARY[:12]
FRAME = 1024
"""Bytes: 32 ms at 16 kHz."""
LEAD_S, PAUSE_S = 0.3, 0.3
PATIENCE_S = 10.0


class Heard:
    def __init__(self) -> None:
        self.final: asyncio.Future[str] = asyncio.get_running_loop().create_future()
        self.went_deaf = False

    def emit(self, event: Event) -> None:
        assert isinstance(event, TranscriptGrew)
        if event.is_final and not self.final.done():
            self.final.set_result(event.text)

    def on_failure(self, error: ProviderError) -> None:
        self.went_deaf = True


async def hear_once(here: House) -> Outcome:
    """Silence is from the end of the utterance, the pause left out, to its transcript."""
    heard, loop = Heard(), asyncio.get_running_loop()
    ear = Ear(
        HearingChain(here.members),
        language="en",
        terms=(),
        emit=heard.emit,
        now=loop.time,
        on_failure=heard.on_failure,
    )
    running = asyncio.create_task(ear.run())
    try:
        await _say(ear)
        asked_at = loop.time()
        await ear.finalise(1)
        async with asyncio.timeout(PATIENCE_S):
            text = await heard.final
        silence_ms = (loop.time() - asked_at) * 1000
    finally:
        running.cancel()
        await asyncio.wait([running])
    words = [word.strip(".,").lower() for word in text.split()]
    return Outcome(silence_ms, WORDS, words, [ear.heard_by], is_finished=not heard.went_deaf)


async def _say(ear: Ear) -> None:
    sound, _ = tones.sound(" ".join(WORDS), INPUT_HZ)
    quiet = bytes(2 * int(LEAD_S * INPUT_HZ))
    spoken = quiet + sound + bytes(2 * int(PAUSE_S * INPUT_HZ))
    loop = asyncio.get_running_loop()
    began_at = loop.time()
    for at in range(0, len(spoken), FRAME):
        frame = spoken[at : at + FRAME]
        await ear.send(frame, is_speech=len(quiet) <= at < len(quiet) + len(sound))
        await asyncio.sleep(max(0.0, began_at + (at + FRAME) / 2 / INPUT_HZ - loop.time()))
