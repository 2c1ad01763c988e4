"""WebRTC's audio processing module, out of livekit's wheel: the only file that imports livekit.

That loads a native library (60 ms, 15 MB, three idle threads, nothing printed), so it waits until
it is needed. 10 ms of sound take it 7 µs, and each call as much again for its way there and back.
"""

from functools import cache

import structlog

from voice.audio.pcm import SAMPLE_BYTES

RATE_HZ = 16_000
FRAME_BYTES = RATE_HZ // 100 * SAMPLE_BYTES
"""10 ms. The library takes whole frames, any number at a call; half of one kills the process."""
DELAY_SAMPLES = 92
"""How much later the sound lies in what comes out: the noise suppression's window, 6 ms."""

log = structlog.get_logger()


@cache
def load() -> bool:
    """Whether the library is there; the log says once that it is not.

    Call it when the process starts, off the event loop: the first call takes some 60 ms.
    """
    try:
        Apm(gain_control=False, cancels_echo=False)
    except Exception as error:  # no wheel for this machine, or a C library that it does not like
        log.warning("cleanup.unavailable", error=str(error))
        return False
    return True


class Apm:
    """High-pass and noise suppression for one stream of sound. It remembers what it heard.

    Raises whatever the library does, when it is made and when it runs.
    """

    def __init__(self, *, gain_control: bool, cancels_echo: bool) -> None:
        from livekit.rtc import AudioFrame, AudioProcessingModule

        self._frame = AudioFrame
        self._module = AudioProcessingModule(
            high_pass_filter=True,
            noise_suppression=True,
            auto_gain_control=gain_control,
            echo_cancellation=cancels_echo,
        )
        if cancels_echo:
            self._module.set_stream_delay_ms(0)  # the far end comes aligned

    def near_end(self, frames: bytes) -> bytes:
        """What the microphone heard, clean."""
        sound = bytearray(frames)  # it is changed in place
        self._module.process_stream(self._frame(sound, RATE_HZ, 1, len(sound) // SAMPLE_BYTES))
        return bytes(sound)

    def both_ends(self, near: bytes, far: bytes) -> bytes:
        """The same without the echo of `far`, which is as long: what the speaker plays."""
        clean = bytearray()
        for start in range(0, len(near), FRAME_BYTES):  # the two go in by turns
            end = start + FRAME_BYTES
            sound = bytearray(far[start:end])
            frame = self._frame(sound, RATE_HZ, 1, len(sound) // SAMPLE_BYTES)
            self._module.process_reverse_stream(frame)
            clean += self.near_end(near[start:end])
        return bytes(clean)
