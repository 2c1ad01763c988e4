"""WebRTC's audio processing module, out of livekit's wheel.

Its library is loaded when it is first needed. 10 ms of sound take it 4 µs, and each call 2 µs more
for its way there and back.
"""

from ctypes import Array, addressof, c_ubyte
from functools import cache
from weakref import finalize

import structlog

from voice.audio.native import Library, library, written
from voice.audio.pcm import SAMPLE_BYTES

RATE_HZ = 16_000
FRAME_BYTES = RATE_HZ // 100 * SAMPLE_BYTES
"""10 ms. The library takes whole frames, any number at a call; half of one kills the process."""
CALL_BYTES = 4 * FRAME_BYTES
"""The most at a call: VAD's frames need three or four of these at a time."""
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
        native = library()
        wanted = native.messages.FfiRequest()
        wanted.new_apm.high_pass_filter_enabled = True
        wanted.new_apm.noise_suppression_enabled = True
        wanted.new_apm.gain_controller_enabled = gain_control
        wanted.new_apm.echo_canceller_enabled = cancels_echo
        handle = native.ask(wanted).new_apm.apm.handle.id
        finalize(self, native.drop, handle).atexit = False
        if cancels_echo:
            aligned = native.messages.FfiRequest()  # the far end comes so
            aligned.apm_set_stream_delay.apm_handle = handle
            aligned.apm_set_stream_delay.delay_ms = 0
            if refused := native.ask(aligned).apm_set_stream_delay.error:
                raise RuntimeError(refused)
        self._near = _End(native, handle, "apm_process_stream")
        self._far = _End(native, handle, "apm_process_reverse_stream")

    def near_end(self, frames: bytes) -> bytes:
        """What the microphone heard, clean."""
        return self._near.process(frames)

    def both_ends(self, near: bytes, far: bytes) -> bytes:
        """The same without the echo of `far`, which is as long: what the speaker plays."""
        clean = bytearray()
        for start in range(0, len(near), FRAME_BYTES):  # the two go in by turns
            end = start + FRAME_BYTES
            self._far.process(far[start:end])
            clean += self._near.process(near[start:end])
        return bytes(clean)


class _End:
    """One way into the module: a buffer that stays where it is, and a request for each length of
    sound in it, written once. To write it anew each time takes 8 µs."""

    def __init__(self, native: Library, handle: int, request: str) -> None:
        self._library = native
        self._sound = (c_ubyte * CALL_BYTES)()
        self._view = memoryview(self._sound).cast("B")
        self._requests = [
            self._request(handle, request, size)
            for size in range(FRAME_BYTES, CALL_BYTES + 1, FRAME_BYTES)
        ]
        done = native.messages.FfiResponse()
        getattr(done, request).SetInParent()
        self._done: bytes = done.SerializeToString()

    def process(self, frames: bytes) -> bytes:
        """What has become of these whole frames. Raises RuntimeError."""
        pieces = (frames[at : at + CALL_BYTES] for at in range(0, len(frames), CALL_BYTES))
        return b"".join(map(self._call, pieces))

    def _call(self, frames: bytes) -> bytes:
        self._view[: len(frames)] = frames  # it is changed in place
        answer = self._library.ask_written(self._requests[len(frames) // FRAME_BYTES - 1])
        if answer != self._done:
            raise RuntimeError(f"the audio processing module answered {answer!r}")
        return bytes(self._view[: len(frames)])

    def _request(self, handle: int, name: str, size: int) -> "Array[c_ubyte]":
        message = self._library.messages.FfiRequest()
        fields = getattr(message, name)
        fields.apm_handle = handle
        fields.data_ptr, fields.size = addressof(self._sound), size
        fields.sample_rate, fields.num_channels = RATE_HZ, 1
        return written(message)
