"""The three simulated vendors in a process of their own, so that their work is not the measured
system's. Prints one line of JSON: the address of each, and of `control`, which is told what comes
next and says what was asked. Usage: python -m bench.latency.simulated PROFILE [FOLDER]
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from dataclasses import asdict
from pathlib import Path

from bench.latency.profiles import PROFILES
from bench.latency.simulated.ear import TimedEar
from bench.latency.simulated.marks import Marks
from bench.latency.simulated.mind import Asking, TimedMind
from bench.latency.simulated.voice import Saying, TimedVoice
from bench.speech.clips import clips
from tests.network.client import SPEECH
from tests.simulators.http import Answer, Asked, HttpSimulator


class Control(HttpSimulator):
    """POST /expect `{"file"}`: this recording is heard next. POST /reply `{"words"}`: how long
    replies are. POST /counts and /marks: what was asked since the last time, and when."""

    def __init__(
        self, ear: TimedEar, mind: TimedMind, voice: TimedVoice, marks: Marks, folder: Path
    ) -> None:
        super().__init__()
        self._ear, self._mind, self._voice, self._marks = ear, mind, voice, marks
        self._clips = {clip.file: clip for clip in clips(folder)}

    async def answer(self, asked: Asked) -> Answer:
        self.asked.clear()
        said: dict[str, object] = {}
        if asked.path == "/expect":
            self._ear.expect(self._clips[asked.json["file"]])
        elif asked.path == "/reply":
            self._mind.words = asked.json["words"]
        elif asked.path == "/counts":
            said = asdict(self._mind.asking) | asdict(self._voice.saying)
            self._mind.asking, self._voice.saying = Asking(), Saying()
        elif asked.path == "/marks":
            said = {"marks": self._marks.take()}
        else:
            raise ValueError(asked.path)
        return Answer(_once(json.dumps(said).encode()), "application/json")


async def _once(body: bytes) -> AsyncIterator[bytes]:
    yield body


async def main(name: str, folder: Path) -> None:
    profile = PROFILES[name]
    marks = Marks()
    ear, mind = TimedEar(profile, marks), TimedMind(profile, marks)
    voice = TimedVoice(profile, marks)
    async with ear, mind, voice, Control(ear, mind, voice, marks, folder) as control:
        urls = {"ear": ear.url, "mind": mind.url, "voice": voice.url, "control": control.url}
        print(json.dumps(urls), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)  # until it is closed


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1], Path(sys.argv[2]) if len(sys.argv) > 2 else SPEECH))
