"""Chunks of any size in, frames of one size out."""

from voice.audio.pcm import SAMPLE_BYTES


class Reframer:
    """Cuts a stream of PCM into frames of `frame_samples`; the rest waits for the next chunk."""

    def __init__(self, frame_samples: int) -> None:
        self.frame_bytes = frame_samples * SAMPLE_BYTES
        self._rest = b""

    @property
    def pending_samples(self) -> int:
        """Samples that wait for the rest of their frame."""
        return len(self._rest) // SAMPLE_BYTES

    def feed(self, chunk: bytes) -> list[bytes]:
        """The frames that `chunk` completes, in order. Raises ValueError for an odd length."""
        if len(chunk) % SAMPLE_BYTES:
            raise ValueError(f"a chunk of {len(chunk)} bytes ends in the middle of a sample")
        stream = self._rest + chunk if self._rest else chunk
        size, whole = self.frame_bytes, len(stream) // self.frame_bytes
        self._rest = stream[whole * size :]
        return [stream[start : start + size] for start in range(0, whole * size, size)]

    def flush(self) -> bytes:
        """What is left, shorter than a frame and perhaps empty."""
        rest, self._rest = self._rest, b""
        return rest
