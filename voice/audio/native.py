"""livekit's native library, asked by messages: the only file that imports livekit.

The wheel's own client has the library hand each line of its log to Python, on a thread of its own.
One that comes while the interpreter ends aborts the whole process, since neither Python lets the
thread in nor Rust an exception out (3 of 100 processes on a busy machine). Here nothing calls back:
the library writes to stderr by itself, errors only, unless RUST_LOG says more.
"""

import os
from ctypes import (
    CDLL,
    CFUNCTYPE,
    POINTER,
    Array,
    byref,
    c_bool,
    c_char_p,
    c_size_t,
    c_ubyte,
    c_uint64,
    c_void_p,
    string_at,
)
from functools import cache
from types import ModuleType
from typing import Any

_Callback = CFUNCTYPE(None, c_void_p, c_size_t)
_nothing_calls_back = _Callback(lambda _event, _size: None)
"""The library wants one; sound makes no events, and its log is not asked for."""


@cache
def library() -> "Library":
    """The one of this process. Raises ImportError or OSError where there is none for this machine.

    Loading it takes some 60 ms, 15 MB and three idle threads.
    """
    from livekit.rtc._ffi_client import get_ffi_lib
    from livekit.rtc._proto import ffi_pb2

    return Library(get_ffi_lib(), ffi_pb2)


class Library:
    """What it made is known by a number, and stays until `drop`."""

    def __init__(self, calls: CDLL, messages: ModuleType) -> None:
        self.messages = messages
        """The module of its FfiRequest and FfiResponse."""
        calls.livekit_ffi_initialize.argtypes = [_Callback, c_bool, c_char_p, c_char_p]
        calls.livekit_ffi_initialize.restype = None
        calls.livekit_ffi_request.argtypes = [
            POINTER(c_ubyte),
            c_size_t,
            POINTER(POINTER(c_ubyte)),
            POINTER(c_size_t),
        ]
        calls.livekit_ffi_request.restype = c_uint64
        calls.livekit_ffi_drop_handle.argtypes = [c_uint64]
        calls.livekit_ffi_drop_handle.restype = c_bool
        calls.livekit_ffi_initialize(_nothing_calls_back, False, b"python", b"")
        self._calls = calls
        self._process = os.getpid()

    def ask(self, request: Any) -> Any:
        """The FfiResponse to an FfiRequest. Raises RuntimeError where it takes none, and in a fork
        of the process it is in."""
        return self.messages.FfiResponse.FromString(self.ask_written(written(request)))

    def ask_written(self, request: "Array[c_ubyte]") -> bytes:
        """The same for a request that was written down before; the answer is left unread."""
        if self._process != os.getpid():
            raise RuntimeError("livekit's library does not outlive a fork")
        answer, size = POINTER(c_ubyte)(), c_size_t()
        handle = self._calls.livekit_ffi_request(request, len(request), byref(answer), byref(size))
        if not handle:
            raise RuntimeError("livekit's library took no request")
        said = string_at(answer, size.value)
        self.drop(handle)
        return said

    def drop(self, handle: int) -> bool:
        """False where there is no such thing, or no more."""
        return self._process == os.getpid() and bool(self._calls.livekit_ffi_drop_handle(handle))


def written(request: Any) -> "Array[c_ubyte]":
    """An FfiRequest as the library reads it."""
    message = request.SerializeToString()
    return (c_ubyte * len(message)).from_buffer_copy(message)
