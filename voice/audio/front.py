"""The microphone's sound in frames for the VAD, as it came and clean, side by side."""

from collections import deque
from collections.abc import Iterator

from voice.audio.cleanup import Cleanup
from voice.audio.framing import Reframer
from voice.audio.vad import FRAME_SAMPLES


class FrontEnd:
    """One session's. Without clean-up a frame is its own clean one."""

    def __init__(self, cleanup: Cleanup | None) -> None:
        self._cleanup = cleanup
        self._came, self._clean = Reframer(FRAME_SAMPLES), Reframer(FRAME_SAMPLES)
        self._waiting: deque[bytes] = deque()
        """Frames whose clean ones are not whole yet: that takes up to 10 ms more sound."""

    @property
    def wants_far_end(self) -> bool:
        return self._cleanup is not None and self._cleanup.cancels_echo

    @property
    def is_clean(self) -> bool:
        """Otherwise clean frames are what came."""
        return self._cleanup is not None and self._cleanup.is_on

    def feed(self, pcm: bytes, far: bytes | None = None) -> Iterator[tuple[bytes, bytes]]:
        """Yield each frame that this completes, as it came and clean; exhaust it.

        far: what the speaker played meanwhile, as long as `pcm`; None: nothing.
        """
        self._waiting.extend(self._came.feed(pcm))
        for clean in self._clean.feed(self._cleaned(pcm, far)):
            yield self._waiting.popleft(), clean

    def _cleaned(self, pcm: bytes, far: bytes | None) -> bytes:
        if self._cleanup is None:
            return pcm
        missing = FRAME_SAMPLES - self._clean.pending_samples
        return self._cleanup.process(pcm, far, at_least=missing)
