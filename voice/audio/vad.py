"""How probable it is that somebody speaks: Silero VAD, for all sessions of the process at once.

One worker thread takes the frames that wait, one per stream, and runs them as one batch. The model
file comes out of the silero-vad wheel, which is never imported: it would pull in torch.
"""

import asyncio
import queue
import threading
import time
from collections.abc import Callable
from importlib import metadata
from pathlib import Path
from typing import NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from voice.audio.pcm import SAMPLE_BYTES, to_float

RATE_HZ = 16_000
FRAME_SAMPLES = 512
"""32 ms, the one size that the model takes at 16 kHz."""
CONTEXT_SAMPLES = 64
"""Samples of the frame before that the model wants in front of each frame."""
BATCH_EVERY_S = 0.016
"""Batches start no closer than this. One session never waits; twenty wait 8 ms on average and are
run ten at a time. A call of the model costs about the same for one frame as for ten: between two
calls the caches go cold."""

State = NDArray[np.float32]


class VoiceDetectorClosed(Exception):
    """The detector, or this stream of it, was closed before the answer."""


class Model(Protocol):
    def __call__(self, samples: State, state: State) -> tuple[State, State]:
        """[N, 576] samples and [2, N, 128] state → N probabilities and the next state."""


class VadStream:
    """One session's ear. It remembers what it heard: frames must follow one another without gaps,
    and the next is sent when the last has been answered."""

    def __init__(self, detector: "VoiceDetector") -> None:
        self.state: State = np.zeros((2, 1, 128), np.float32)
        self.context = bytes(CONTEXT_SAMPLES * SAMPLE_BYTES)
        self._detector = detector
        self._answer: asyncio.Future[float] | None = None
        self._closed = False

    async def probability(self, frame: bytes) -> float:
        """That `frame`, 512 samples at 16 kHz, is speech: 0 to 1.

        Raises VoiceDetectorClosed. Cancelled, the frame may or may not have been heard.
        """
        if len(frame) != FRAME_SAMPLES * SAMPLE_BYTES:
            raise ValueError(f"a frame has {FRAME_SAMPLES * SAMPLE_BYTES} bytes, not {len(frame)}")
        if self._closed:
            raise VoiceDetectorClosed("this stream was closed")
        if self._answer is not None and not self._answer.done():
            raise RuntimeError("one frame at a time: the one before has not been answered")
        self._answer = asyncio.get_running_loop().create_future()
        self._detector.submit(Request(self, frame, self._answer))
        return await self._answer

    def close(self) -> None:
        """Whoever waits for an answer gets VoiceDetectorClosed. Call it from the loop that asks."""
        self._closed = True
        if self._answer is not None:
            _resolve([(self._answer, VoiceDetectorClosed("this stream was closed"))])


class Request(NamedTuple):
    stream: VadStream
    frame: bytes
    answer: asyncio.Future[float]


class VoiceDetector:
    """One per process. Loads its model on its own thread; the first answers wait for that.

    The queue holds one frame per open stream at most.
    """

    def __init__(self, *, batch_every_s: float = BATCH_EVERY_S) -> None:
        self._batch_every_s = batch_every_s
        self._requests: queue.SimpleQueue[Request | None] = queue.SimpleQueue()
        self._closed = False
        self._closing = threading.Lock()
        self._worker = threading.Thread(target=self._work, name="vad", daemon=True)
        self._worker.start()

    def open(self) -> VadStream:
        """A stream that has heard nothing yet. Raises VoiceDetectorClosed."""
        if self._closed:
            raise VoiceDetectorClosed("the voice detector was closed")
        return VadStream(self)

    def submit(self, request: Request) -> None:
        """For VadStream: answer this one in some coming batch."""
        with self._closing:
            if self._closed:
                raise VoiceDetectorClosed("the voice detector was closed")
            self._requests.put(request)

    def close(self) -> None:
        """Those who wait get VoiceDetectorClosed. Returns when the thread is gone, some 10 ms later
        once the model is loaded. Closing twice is fine."""
        with self._closing:
            if not self._closed:
                self._closed = True
                self._requests.put(None)
        self._worker.join()

    def _work(self) -> None:
        answer = self._load()
        earliest = 0.0
        while (batch := self._next_batch(earliest)) is not None:
            earliest = time.monotonic() + self._batch_every_s
            answer(batch)

    def _load(self) -> Callable[[list[Request]], None]:
        try:
            return _Batches(load_model()).answer
        except Exception as error:  # told to everyone who asks: there is nobody else to tell
            return _refusal(error)

    def _next_batch(self, earliest: float) -> list[Request] | None:
        """What waits, once something does but not before `earliest`; None when closed."""
        # Sleeping comes first: who asks meanwhile need not wake this thread, and no event loop
        # has to share its lock once more.
        time.sleep(max(0.0, earliest - time.monotonic()))
        waiting = [self._requests.get()]
        while not self._requests.empty():
            waiting.append(self._requests.get())
        requests = [request for request in waiting if request is not None]
        if self._closed:
            _answer_all(requests, VoiceDetectorClosed("the voice detector was closed"))
            return None
        # A stream asks again only when its last question is answered or cancelled, and cancelled
        # ones are dropped here: so no stream is twice in a batch.
        return [request for request in requests if not request.answer.cancelled()]


class _Batches:
    def __init__(self, model: Model) -> None:
        self._model = model

    def answer(self, batch: list[Request]) -> None:
        if not batch:
            return
        try:
            probabilities = self._run(batch)
        except Exception as error:  # a failing model is the asker's to handle, not this thread's
            _answer_all(batch, error)
        else:
            _send([(request.answer, p) for request, p in zip(batch, probabilities, strict=True)])

    def _run(self, batch: list[Request]) -> list[float]:
        streams = [request.stream for request in batch]
        heard = b"".join(request.stream.context + request.frame for request in batch)
        samples = to_float(heard).reshape(len(batch), CONTEXT_SAMPLES + FRAME_SAMPLES)
        before = np.concatenate([stream.state for stream in streams], axis=1)
        probabilities, after = self._model(samples, before)
        for i, (stream, request) in enumerate(zip(streams, batch, strict=True)):
            stream.state = after[:, i : i + 1]
            stream.context = request.frame[-CONTEXT_SAMPLES * SAMPLE_BYTES :]
        return [float(p) for p in probabilities]


def load_model() -> Model:
    """The network in this process, single-threaded: a batch is too small to be worth sharing."""
    import onnxruntime  # 0.2 s; here so that it costs the worker thread and not the start

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3  # it warns about unused weights in the published file
    session = onnxruntime.InferenceSession(
        str(model_path()), options, providers=["CPUExecutionProvider"]
    )
    rate = np.array(RATE_HZ, np.int64)

    def run(samples: State, state: State) -> tuple[State, State]:
        output, after = session.run(None, {"input": samples, "state": state, "sr": rate})
        return output[:, 0], after

    return run


def model_path() -> Path:
    """Where the silero-vad wheel put its fastest export (no branches; 30 to 60 µs a frame)."""
    for file in metadata.files("silero-vad") or ():
        if file.name == "silero_vad_op18_ifless.onnx":
            return Path(str(file.locate()))
    raise FileNotFoundError("silero-vad has no silero_vad_op18_ifless.onnx: run `make install`")


def _refusal(error: Exception) -> Callable[[list[Request]], None]:
    return lambda batch: _answer_all(batch, error)


def _answer_all(batch: list[Request], error: Exception) -> None:
    _send([(request.answer, error) for request in batch])


Answer = tuple["asyncio.Future[float]", "float | Exception"]


def _send(answers: list[Answer]) -> None:
    """Hand them over with one wake-up per event loop; there is one outside of tests."""
    by_loop: dict[asyncio.AbstractEventLoop, list[Answer]] = {}
    for answer in answers:
        by_loop.setdefault(answer[0].get_loop(), []).append(answer)
    for loop, of_this_loop in by_loop.items():
        if not loop.is_closed():
            loop.call_soon_threadsafe(_resolve, of_this_loop)


def _resolve(answers: list[Answer]) -> None:
    for future, result in answers:
        if future.done():
            continue
        if isinstance(result, Exception):
            future.set_exception(result)
        else:
            future.set_result(result)
