"""What a model hears in the voice alone: whether this was the end of a turn. Smart Turn v3.

The network is Whisper's encoder with one output; its weights are BSD-2 and are not part of this
project: a setting names the file. It takes 12 to 35 ms of a core, so not on the event loop.
"""

from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 16_000
WINDOW_S = 8
"""What the network looks at; shorter sound is preceded by silence."""
FFT_SAMPLES, HOP_SAMPLES, MELS = 400, 160, 80
"""Of Whisper: frames of 25 ms every 10 ms, 80 bands up to 8 kHz."""
FLOOR = 1e-10
RANGE = 8.0
"""In powers of ten; what lies further below the loudest is cut off."""

Signal = NDArray[np.float32]


class TurnModel(Protocol):
    def ends_probability(self, samples: Signal) -> float:
        """That the turn is over, 0 to 1, from its sound up to now: at 16 kHz in [-1, 1], with the
        200 ms of silence that it ends in. Only the last 8 s count. Blocks."""


class SmartTurn:
    """The network in this process, single-threaded. Raises what onnxruntime raises if the file is
    not there or not a network."""

    def __init__(self, path: Path) -> None:
        import onnxruntime  # 0.2 s; here so that only those pay who use it

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )

    def ends_probability(self, samples: Signal) -> float:
        features = log_mel(last_seconds(samples))[np.newaxis]
        (output,) = self._session.run(None, {"input_features": features})
        return float(output.reshape(-1)[0])


def log_mel(samples: Signal) -> Signal:
    """[80, one for each 10 ms]: Whisper's features of sound that was brought to unit variance."""
    normal = (samples - samples.mean()) / np.sqrt(samples.var() + 1e-7)
    padded = np.pad(normal, FFT_SAMPLES // 2, mode="reflect")
    frames = np.lib.stride_tricks.sliding_window_view(padded, FFT_SAMPLES)[::HOP_SAMPLES][:-1]
    power = np.abs(np.fft.rfft(frames * _WINDOW)) ** 2
    levels = np.log10(np.maximum(_BANDS @ power.T, FLOOR))
    features: Signal = ((np.maximum(levels, levels.max() - RANGE) + 4) / 4).astype(np.float32)
    return features


def last_seconds(samples: Signal) -> Signal:
    """The window that the network looks at."""
    count = WINDOW_S * RATE_HZ
    silence = np.zeros(max(0, count - len(samples)), np.float32)
    return np.concatenate((silence, samples[-count:]))


def _mel(hz: NDArray[np.float64]) -> NDArray[np.float64]:
    """Slaney's: linear up to 1 kHz, logarithmic above."""
    above = np.maximum(hz, 1000.0)
    return np.where(hz < 1000, hz * 3 / 200, 15 + np.log(above / 1000) * 27 / np.log(6.4))


def _hz(mel: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.where(mel < 15, mel * 200 / 3, 1000 * np.exp((mel - 15) * np.log(6.4) / 27))


def _bands() -> NDArray[np.float64]:
    """[80, 201] triangles of equal area, evenly spaced in mel."""
    highest = _mel(np.array([RATE_HZ / 2]))[0]
    edges = _hz(np.linspace(0, highest, MELS + 2))
    bins = np.fft.rfftfreq(FFT_SAMPLES, 1 / RATE_HZ)
    low, centre, high = (edges[n : n + MELS, np.newaxis] for n in range(3))
    triangles = np.minimum((bins - low) / (centre - low), (high - bins) / (high - centre))
    return np.maximum(triangles, 0) * 2 / (high - low)


_WINDOW = 0.5 - 0.5 * np.cos(2 * np.pi * np.arange(FFT_SAMPLES) / FFT_SAMPLES)
_BANDS = _bands()
