"""Change the sample rate of a stream of PCM, piece by piece, without clicks at the seams.

The filter looks ahead, so sound comes out a little later than it goes in: nothing at equal rates,
up to 20 ms from 24, 44.1 and 48 kHz to 16, up to 61 ms from 8 kHz (soxr works in blocks there).
"""

import numpy as np
import soxr

from voice.audio.pcm import SAMPLE_BYTES

QUALITY = "LQ"
"""soxr's least filter that still keeps aliases below 16-bit noise. MQ and HQ reach higher towards
the band's edge, which speech does not need, and hold the sound back twice as long (37-115 ms)."""


class Resampler:
    """One stream. Equal rates cost nothing."""

    def __init__(self, from_hz: int, to_hz: int) -> None:
        self._stream = (
            None
            if from_hz == to_hz
            else soxr.ResampleStream(from_hz, to_hz, 1, dtype="int16", quality=QUALITY)
        )

    def feed(self, pcm: bytes) -> bytes:
        """What can be said so far; may be empty. Raises ValueError for an odd length."""
        if len(pcm) % SAMPLE_BYTES:
            raise ValueError(f"a chunk of {len(pcm)} bytes ends in the middle of a sample")
        return pcm if self._stream is None else self._resample(pcm, last=False)

    def flush(self) -> bytes:
        """What the filter still holds. The stream is over: feed nothing after it."""
        return b"" if self._stream is None else self._resample(b"", last=True)

    def _resample(self, pcm: bytes, *, last: bool) -> bytes:
        assert self._stream is not None
        samples = np.frombuffer(pcm, dtype="<i2")
        return bytes(self._stream.resample_chunk(samples, last=last).tobytes())
