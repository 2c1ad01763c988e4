"""The offline ear: PocketSphinx, in one process that all sessions share (recogniser.py).

English only, and weak: a third of the words of clear speech are wrong. It is what runs without a
key. The process starts with the first open stream and outlives the last by ten minutes.
"""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib.util import find_spec

from voice.providers.errors import (
    ProviderBusy,
    ProviderError,
    ProviderRejected,
    ProviderTimeout,
    ProviderUnavailable,
)
from voice.providers.protocols import INPUT_HZ, Transcript
from voice.providers.stt import recogniser

NAME = "offline"
BACKLOG_BYTES_MAX = 30 * INPUT_HZ * 2
"""Sound of all streams that waits for the recogniser, 30 s. Beyond that a stream breaks off with
ProviderBusy: words dropped in the middle would be answered as if they had never been said."""
START_S = 5.0
CLOSE_S = 0.5
LINGER_S = 600.0
"""Starting takes a second, which the first words of the next conversation would have to wait."""


class PocketSphinx:
    name = NAME
    speech_only = True
    tells_as_it_goes = True

    def __init__(self, *, linger_s: float = LINGER_S) -> None:
        """linger_s: how long the process outlives the last stream. Raises ProviderUnavailable where
        the wheel is missing."""
        if find_spec("pocketsphinx") is None:
            raise ProviderUnavailable(
                NAME, "pocketsphinx has no wheel for this Python or processor"
            )
        self._process: _Process | None = None
        self._starting = asyncio.Lock()
        self._linger_s = linger_s
        self._stopping: set[asyncio.Task[None]] = set()

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator["PocketSphinxStream"]:
        """At most 4 streams may speak at the same time; the fifth gets ProviderBusy."""
        if language.split("-")[0].lower() != "en":
            raise ProviderRejected(
                NAME, f"understands English only, not “{language}”", is_ours=True
            )
        process = await self._running_process()
        stream = process.open()
        try:
            yield stream
        finally:
            stream.close()
            if process.is_unused and self._linger_s:
                asyncio.get_running_loop().call_later(self._linger_s, self._leave, process)
            elif process.is_unused:
                await self._stop(process)

    async def _running_process(self) -> "_Process":
        async with self._starting:
            if self._process is None or self._process.has_ended:
                self._process = await _Process.start()
            return self._process

    async def aclose(self) -> None:
        """End the process now. Streams that are open lose their ear."""
        if self._process is not None:
            await self._stop(self._process)

    def _leave(self, process: "_Process") -> None:
        """Stop it, unless somebody speaks to it again."""
        if process.is_unused and self._process is process:
            task = asyncio.create_task(self._stop(process))
            self._stopping.add(task)
            task.add_done_callback(self._stopping.discard)

    async def _stop(self, process: "_Process") -> None:
        if self._process is process:
            self._process = None
        await process.stop()


class PocketSphinxStream:
    """Trouble comes out of `transcripts`; what is sent after it is ignored."""

    def __init__(self, process: "_Process", number: int) -> None:
        self._process = process
        self._number = number
        self._arrived = asyncio.Event()
        self._waiting: list[Transcript] = []
        """At most one that is not final, and one final for each `finalise`."""
        self._trouble: ProviderError | None = None
        self._closed = False

    async def send(self, pcm: bytes) -> None:
        self._write(recogniser.AUDIO, pcm)

    async def finalise(self) -> None:
        self._write(recogniser.FINALISE)

    async def transcripts(self) -> AsyncIterator[Transcript]:
        while not self._closed:
            await self._arrived.wait()
            self._arrived.clear()
            waiting, self._waiting = self._waiting, []
            for transcript in waiting:
                yield transcript
            if self._trouble:
                raise self._trouble

    def close(self) -> None:
        self._write(recogniser.CLOSE)
        self._closed = True
        self._arrived.set()
        self._process.forget(self._number)

    def receive(self, transcript: Transcript) -> None:
        if self._waiting and not self._waiting[-1].is_final:
            self._waiting.pop()
        self._waiting.append(transcript)
        self._arrived.set()

    def fail(self, trouble: ProviderError) -> None:
        self._trouble = self._trouble or trouble
        self._arrived.set()

    def _write(self, kind: int, pcm: bytes = b"") -> None:
        if self._closed or self._trouble:
            return
        if self._process.backlog_bytes > BACKLOG_BYTES_MAX:
            self.fail(ProviderBusy(NAME, "recognition is slower than speech here", is_ours=True))
        else:
            self._process.write(self._number, kind, pcm)


class _Process:
    """The recogniser and its streams, numbered. Stopping it kills it: it has nothing to save."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        assert child.stdin is not None
        assert child.stdout is not None
        self._child, self._to, self._from = child, child.stdin, child.stdout
        self._streams: dict[int, PocketSphinxStream] = {}
        self._opened = 0
        self._reading = asyncio.create_task(self._read(), name="pocketsphinx answers")

    @classmethod
    async def start(cls) -> "_Process":
        try:
            async with asyncio.timeout(START_S):
                child = await asyncio.create_subprocess_exec(
                    sys.executable,
                    recogniser.__file__,
                    stdin=asyncio.subprocess.PIPE,
                    stdout=asyncio.subprocess.PIPE,
                    stderr=asyncio.subprocess.DEVNULL,
                )
        except TimeoutError as error:
            raise ProviderTimeout(NAME, f"no process within {START_S:g} s") from error
        except OSError as error:
            raise ProviderUnavailable(NAME, f"no process: {error}") from error
        return cls(child)

    @property
    def has_ended(self) -> bool:
        return self._reading.done()

    @property
    def is_unused(self) -> bool:
        return not self._streams

    @property
    def backlog_bytes(self) -> int:
        return self._to.transport.get_write_buffer_size()

    def open(self) -> PocketSphinxStream:
        self._opened += 1
        stream = self._streams[self._opened] = PocketSphinxStream(self, self._opened)
        return stream

    def forget(self, number: int) -> None:
        del self._streams[number]

    def write(self, number: int, kind: int, pcm: bytes) -> None:
        self._to.write(recogniser.HEADER.pack(number, kind, len(pcm)) + pcm)

    async def stop(self) -> None:
        """Gone within half a second."""
        if self._child.returncode is None:
            self._child.kill()
        self._to.close()
        async with asyncio.timeout(CLOSE_S):
            await self._child.wait()
            await self._reading

    async def _read(self) -> None:
        """Until the process ends. Then every stream that is still open has lost its ear."""
        try:
            async for line in self._from:
                answer = json.loads(line)
                if stream := self._streams.get(answer.pop("stream")):
                    _deliver(stream, answer)
        finally:
            for stream in self._streams.values():
                stream.fail(ProviderUnavailable(NAME, "the recogniser's process ended"))


def _deliver(stream: PocketSphinxStream, answer: dict[str, object]) -> None:
    if "busy" in answer:
        most = recogniser.UTTERANCES_MAX
        said = f"{most} people speak already, and no more are understood"
        stream.fail(ProviderBusy(NAME, said, is_ours=True))
    else:
        stream.receive(Transcript(**answer))  # type: ignore[arg-type]
