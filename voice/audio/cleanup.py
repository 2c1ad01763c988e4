"""Clean-up in front of the VAD: WebRTC's high-pass and noise suppression, and less than all of it.

A tenth of the sound stays as it came: in the dead silence around a suppressed noise, VAD takes a
horn for a voice (6 times in 160 minutes of street noise; with that tenth never). Gain control stays
off unless asked for: it lifts talk across the room to the level of the speaker. Who speaks from the
first sample on is taken for the noise for a moment: VAD finds that voice 0.1 s late, at times 0.4.
"""

import numpy as np
import structlog

from voice.audio import apm
from voice.audio.apm import DELAY_SAMPLES, FRAME_BYTES, Apm
from voice.audio.pcm import SAMPLE_BYTES, silence

UNTOUCHED = np.float32(0.1)
"""Share of the sound that stays as it came: -20 dB, about what the suppression reaches anyway."""

log = structlog.get_logger()


class Cleanup:
    """One per session. It never stops the sound: when the library is missing or fails, what comes
    in goes out, and the log says so once."""

    def __init__(self, *, gain_control: bool = False) -> None:
        self._gain_control = gain_control
        self.cancels_echo = False
        self._near = self._far = b""
        """What waits, equally long; the far one stays empty while it is not wanted."""
        self._before = silence(DELAY_SAMPLES / apm.RATE_HZ, apm.RATE_HZ)
        """The last of what came in: the clean sound lags by as much."""
        self._apm = self._opened() if apm.load() else None

    @property
    def is_on(self) -> bool:
        """Otherwise it passes on what it gets."""
        return self._apm is not None

    def cancel_echo(self) -> None:
        """From now on take out of the microphone's sound what the speaker plays, `far`.

        What was learned about the noise is learned anew, which takes about a second.
        """
        if self.cancels_echo:
            return
        self.cancels_echo = True
        self._far = bytes(len(self._near))
        self._apm = self._apm and self._opened()

    def process(self, near: bytes, far: bytes | None = None, *, at_least: int = 0) -> bytes:
        """The same sound, clean, as far as it makes whole frames of 10 ms; the rest waits.

        near: mono at 16 kHz, in chunks of any size. far: what the speaker played at the same
        samples, exactly as long; None: nothing. It is looked at only after `cancel_echo`.
        at_least: samples; with fewer all of it waits, since a call costs more than 10 ms of sound.
        Raises ValueError for half a sample, or a far end of another length.
        """
        if len(near) % SAMPLE_BYTES or (far is not None and len(near) != len(far)):
            raise ValueError(f"{len(near)} bytes and another {len(far or b'')} do not fit")
        self._near += near
        if self.cancels_echo:
            self._far += bytes(len(near)) if far is None else far
        end = len(self._near) - len(self._near) % FRAME_BYTES
        if end < at_least * SAMPLE_BYTES:
            return b""
        frames, self._near = self._near[:end], self._near[end:]
        reference, self._far = self._far[:end], self._far[end:]
        if self._apm is None or not frames:
            return frames
        try:
            return self._clean(self._apm, frames, reference)
        except Exception as error:  # the sound goes on without it
            log.warning("cleanup.failed", error=str(error))
            self._apm = None
            return frames

    def _opened(self) -> Apm | None:
        try:
            return Apm(gain_control=self._gain_control, cancels_echo=self.cancels_echo)
        except Exception as error:
            log.warning("cleanup.failed", error=str(error))
            return None

    def _clean(self, apm: Apm, frames: bytes, reference: bytes) -> bytes:
        if self.cancels_echo:  # a tenth of an echo would be one
            return apm.both_ends(frames, reference)
        clean = np.frombuffer(apm.near_end(frames), "<i2")
        came = np.frombuffer(self._before + frames, "<i2")
        self._before = frames[-DELAY_SAMPLES * SAMPLE_BYTES :]
        mixed = came[: clean.size] * UNTOUCHED + clean * (1 - UNTOUCHED)
        return mixed.astype("<i2").tobytes()
