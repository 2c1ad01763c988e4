"""Mono PCM, signed 16-bit little-endian, as bytes: the only form in which sound crosses a seam.

Floats exist inside a computation, in [-1, 1]. Levels are in dBFS: a full-scale square wave is 0.
"""

import math
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

Samples: TypeAlias = NDArray[np.float32]

SAMPLE_BYTES = 2
FULL_SCALE = 32_768
SILENCE_DBFS = -100.0
"""What digital silence is reported as. One step of 16 bits is at -90.3."""


def to_float(pcm: bytes) -> Samples:
    """The samples of `pcm` in [-1, 1). Raises ValueError if half a sample is left over."""
    if len(pcm) % SAMPLE_BYTES:
        raise ValueError(f"{len(pcm)} bytes are no whole number of 16-bit samples")
    return np.frombuffer(pcm, dtype="<i2").astype(np.float32) / np.float32(FULL_SCALE)


def from_float(samples: Samples) -> bytes:
    """What lies outside [-1, 1) is clipped."""
    scaled = np.rint(samples * FULL_SCALE)
    return np.clip(scaled, -FULL_SCALE, FULL_SCALE - 1).astype("<i2").tobytes()


def sample_count(pcm: bytes) -> int:
    return len(pcm) // SAMPLE_BYTES


def duration_s(pcm: bytes, rate_hz: int) -> float:
    return sample_count(pcm) / rate_hz


def byte_count(duration_s: float, rate_hz: int) -> int:
    """Bytes of that much sound, whole samples."""
    return round(duration_s * rate_hz) * SAMPLE_BYTES


def silence(duration_s: float, rate_hz: int) -> bytes:
    return bytes(byte_count(duration_s, rate_hz))


def rms_dbfs(pcm: bytes) -> float:
    """How loud it is on average; SILENCE_DBFS when empty."""
    samples = np.frombuffer(pcm, dtype="<i2").astype(np.float32)
    if not samples.size:
        return SILENCE_DBFS
    return _dbfs(math.sqrt(np.dot(samples, samples) / samples.size) / FULL_SCALE)


def peak_dbfs(pcm: bytes) -> float:
    """How loud its loudest sample is; SILENCE_DBFS when empty."""
    samples = to_float(pcm)
    return _dbfs(float(np.max(np.abs(samples)))) if samples.size else SILENCE_DBFS


def _dbfs(amplitude: float) -> float:
    return max(SILENCE_DBFS, 20 * math.log10(amplitude)) if amplitude else SILENCE_DBFS
