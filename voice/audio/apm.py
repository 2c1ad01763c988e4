"""WebRTC's audio processing module, out of livekit's wheel: the only file that imports livekit.

That loads a native library (60 ms, 15 MB, three idle threads, nothing printed), so it waits until
it is needed. 10 ms of sound take it 4 µs, and each call 2 µs more for its way there and back.
"""

from ctypes import POINTER, Array, addressof, byref, c_size_t, c_ubyte, string_at
from functools import cache
from typing import TYPE_CHECKING, Any

import structlog

from voice.audio.pcm import SAMPLE_BYTES

if TYPE_CHECKING:
    from livekit.rtc import AudioProcessingModule

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
        from livekit.rtc import AudioProcessingModule

        module = AudioProcessingModule(
            high_pass_filter=True,
            noise_suppression=True,
            auto_gain_control=gain_control,
            echo_cancellation=cancels_echo,
        )
        if cancels_echo:
            module.set_stream_delay_ms(0)  # the far end comes aligned
        self._near = _End(module, "apm_process_stream")
        self._far = _End(module, "apm_process_reverse_stream")

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
    sound in it, written once. The wheel's own calls write theirs anew each time, which takes 8 µs,
    and cannot be told to do otherwise: hence its private names."""

    def __init__(self, module: "AudioProcessingModule", request: str) -> None:
        from livekit.rtc._ffi_client import FfiClient
        from livekit.rtc._proto import ffi_pb2

        self._module = module  # closes its stream when it goes
        self._library = FfiClient.instance._ffi_lib
        self._sound = (c_ubyte * CALL_BYTES)()
        self._view = memoryview(self._sound).cast("B")
        self._requests = [
            self._request(ffi_pb2.FfiRequest(), request, size)
            for size in range(FRAME_BYTES, CALL_BYTES + 1, FRAME_BYTES)
        ]
        done = ffi_pb2.FfiResponse()
        getattr(done, request).SetInParent()
        self._done: bytes = done.SerializeToString()
        self._answer, self._answer_size = POINTER(c_ubyte)(), c_size_t()

    def process(self, frames: bytes) -> bytes:
        """What has become of these whole frames. Raises RuntimeError."""
        pieces = (frames[at : at + CALL_BYTES] for at in range(0, len(frames), CALL_BYTES))
        return b"".join(map(self._call, pieces))

    def _call(self, frames: bytes) -> bytes:
        self._view[: len(frames)] = frames  # it is changed in place
        request = self._requests[len(frames) // FRAME_BYTES - 1]
        handle = self._library.livekit_ffi_request(
            request, len(request), byref(self._answer), byref(self._answer_size)
        )
        if not handle:
            raise RuntimeError("the audio processing module took no request")
        answer = string_at(self._answer, self._answer_size.value)
        self._library.livekit_ffi_drop_handle(handle)
        if answer != self._done:
            raise RuntimeError(f"the audio processing module answered {answer!r}")
        return bytes(self._view[: len(frames)])

    def _request(self, message: Any, name: str, size: int) -> "Array[c_ubyte]":
        fields = getattr(message, name)
        fields.apm_handle = self._module._ffi_handle.handle
        fields.data_ptr, fields.size = addressof(self._sound), size
        fields.sample_rate, fields.num_channels = RATE_HZ, 1
        written = message.SerializeToString()
        return (c_ubyte * len(written)).from_buffer_copy(written)
