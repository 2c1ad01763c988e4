"""Whether sessions that share the VAD's batches and a vendor's client hear what each hears alone.

Each recording is first heard alone, by a real listen stage: VAD, gate, and Deepgram's adapter with
its simulator at the other end. Then many come and go at random, some leaving in mid-sentence; what
they are told of voice and words must be the same, to the sample and to the letter. Sound comes as
fast as it is taken. Usage: python -m bench.crowd [sessions at a time [joins [seed]]]
"""

import asyncio
import random
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from tests.network.client import SPEECH, recording
from tests.simulators.deepgram import DeepgramSimulator
from tests.simulators.vendors import adapter
from voice.audio.mic import MicChunk, MicQueue
from voice.audio.vad import VoiceDetector
from voice.providers.failover.deadlines import HEAR
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.providers.failover.vitals import Vitals
from voice.providers.protocols import INPUT_HZ
from voice.stages.ear import Ear
from voice.stages.listen import Listener
from voice.turns.events import Event, SpeechStopped, TranscriptGrew, TurnCommitted

FRAME_BYTES = 640
TRAILING_S = 1.0
"""Of silence, so that the voice ends."""
PATIENCE_S = 60.0
LEAVES_EARLY = 0.2
"""Share of those whose sound breaks off: a disturbance, not a measurement."""


@dataclass
class Visit:
    """One session's listen stage, and what it was told."""

    voice: list[tuple[bool, int]] = field(default_factory=list)
    """(speaking, sample)"""
    finals: list[str] = field(default_factory=list)
    _asked: asyncio.Queue[int] = field(default_factory=asyncio.Queue)
    _utterances: int = 0
    _is_heard: bool = False
    _done: asyncio.Event = field(default_factory=asyncio.Event)

    async def hear(self, pcm: bytes, detector: VoiceDetector, chain: HearingChain) -> "Visit":
        """All of it, until each utterance has its words."""
        mic, now = MicQueue(), asyncio.get_running_loop().time
        for start in range(0, len(pcm), FRAME_BYTES):
            end_sample = (start + FRAME_BYTES) // 2
            piece = pcm[start : start + FRAME_BYTES]
            is_last = start + FRAME_BYTES >= len(pcm)
            mic.put(MicChunk(piece, INPUT_HZ, end_sample, is_live=False, ends_turn=is_last))
        vad = detector.open()
        ear = Ear(chain, language="en", terms=(), emit=self._emit, now=now, on_failure=self._fail)
        listener = Listener(
            mic, vad=vad, ear=ear, emit=self._emit, show_vad=self._show_vad, now=now
        )
        tasks = [asyncio.create_task(work) for work in (ear.run(), listener.run(), self._ask(ear))]
        try:
            async with asyncio.timeout(PATIENCE_S):
                await self._done.wait()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)
            vad.close()
        return self

    def _emit(self, event: Event) -> None:
        if isinstance(event, SpeechStopped):
            self._utterances += 1
            self._asked.put_nowait(self._utterances)
        elif isinstance(event, TranscriptGrew) and event.is_final:
            self.finals.append(event.text)
        elif isinstance(event, TurnCommitted):  # goes the way of the sound: this was the last
            self._is_heard = True
        if self._is_heard and len(self.finals) == self._utterances:
            self._done.set()

    async def _ask(self, ear: Ear) -> None:
        while True:
            await ear.finalise(await self._asked.get())

    async def _show_vad(self, speaking: bool, _: float, sample: int) -> None:
        self.voice.append((speaking, sample))

    def _fail(self, error: Exception) -> None:
        raise AssertionError(f"the ear failed: {error}")


def sound(name: str) -> bytes:
    pcm = recording(name) + bytes(int(TRAILING_S * INPUT_HZ) * 2)
    return pcm.ljust(-(-len(pcm) // FRAME_BYTES) * FRAME_BYTES, b"\0")


async def crowd(names: Sequence[str], *, at_a_time: int, joins: int, seed: int) -> list[str]:
    """What was heard otherwise than alone, in words."""
    chance, places, wrong = random.Random(seed), asyncio.Semaphore(at_a_time), list[str]()
    detector = VoiceDetector(batch_every_s=0.0)
    async with DeepgramSimulator() as simulator:
        ears = adapter("stt", "deepgram", simulator.url)
        vitals = Vitals(f"stt/{ears.name}", HEAR)
        chain = HearingChain([Member(ears.name, ears, vitals)])
        alone = {name: await Visit().hear(sound(name), detector, chain) for name in names}

        async def visit(name: str, wait_s: float, leaves_after_s: float | None) -> None:
            async with places:
                await asyncio.sleep(wait_s)
                hearing, expected = Visit().hear(sound(name), detector, chain), alone[name]
                if leaves_after_s is not None:
                    with suppress(TimeoutError):
                        await asyncio.wait_for(hearing, leaves_after_s)
                    return
                heard = await hearing
            if (heard.voice, heard.finals) != (expected.voice, expected.finals):
                wrong.append(f"{name}: {heard} instead of {expected}")

        async with asyncio.TaskGroup() as visits:
            for _ in range(joins):
                leaves = chance.uniform(0.01, 0.3) if chance.random() < LEAVES_EARLY else None
                wait_s = chance.uniform(0, 0.5)
                visits.create_task(visit(chance.choice(names), wait_s, leaves))
        await ears.aclose()
    detector.close()
    return wrong


def main() -> None:
    arguments = [*sys.argv[1:], *("32", "320", "1")[len(sys.argv) - 1 :]]
    at_a_time, joins, seed = map(int, arguments)
    names = sorted(path.name for path in SPEECH.glob("*.wav"))
    wrong = asyncio.run(crowd(names, at_a_time=at_a_time, joins=joins, seed=seed))
    print(f"{joins} sessions, {at_a_time} at a time, {len(names)} recordings, seed {seed}")
    print("heard otherwise than alone:", "; ".join(wrong) or "none")


if __name__ == "__main__":
    main()
