"""The simulated vendors as somebody else's process, and what they are told out of band."""

import asyncio
import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.latency.simulated.marks import Mark
from tests.serving import ROOT

STOP_S = 10.0
KEY = "simulated-key-0123456789"


class Vendors:
    def __init__(self, urls: dict[str, str]) -> None:
        self.ear, self.mind, self.voice = urls["ear"], urls["mind"], urls["voice"]
        self._control = urls["control"]

    @property
    def settings(self) -> dict[str, str]:
        """For the environment of a site or of the peer."""
        return {
            "DEEPGRAM_BASE_URL": self.ear,
            "OPENAI_BASE_URL": self.mind,
            "CARTESIA_BASE_URL": self.voice,
            "DEEPGRAM_API_KEY": KEY,
            "OPENAI_API_KEY": KEY,
            "CARTESIA_API_KEY": KEY,
            "STT_CHAIN": "deepgram",
            "LLM_CHAIN": "openai",
            "TTS_CHAIN": "cartesia",
        }

    async def expect(self, file: str) -> None:
        """This recording is heard next."""
        await asyncio.to_thread(self._tell, "/expect", file=file)

    async def reply(self, words: int) -> None:
        """How long the model's replies are from now on."""
        await asyncio.to_thread(self._tell, "/reply", words=words)

    async def counts(self) -> dict[str, int]:
        """What was asked since the last time."""
        return await asyncio.to_thread(self._tell, "/counts")

    async def marks(self) -> list[tuple[Mark, float]]:
        """When what was asked and given since the last time."""
        found = await asyncio.to_thread(self._tell, "/marks")
        return [(Mark(name), at) for name, at in found["marks"]]

    def _tell(self, path: str, **said: object) -> dict[str, Any]:
        request = urllib.request.Request(self._control + path, json.dumps(said).encode())
        with urllib.request.urlopen(request, timeout=5) as answer:
            found: dict[str, Any] = json.load(answer)
            return found


@contextmanager
def vendors(profile: str, folder: Path) -> Iterator[Vendors]:
    process = subprocess.Popen(
        [sys.executable, "-m", "bench.latency.simulated", profile, str(folder)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin
    assert process.stdout
    try:
        yield Vendors(json.loads(process.stdout.readline()))
    finally:
        process.stdin.close()
        process.stdout.close()
        try:
            process.wait(STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
