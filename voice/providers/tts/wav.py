"""The header of a WAV file, which some servers put before the sound although only sound was asked
for. Pure.
"""

import struct

from voice.providers.protocols import OUTPUT_HZ

RIFF = b"RIFF"
HEADER_BYTES_MAX = 4_096
MONO_16_BIT = (1, OUTPUT_HZ, 16)
"""Channels, rate, bits of a sample."""
UNKNOWN_SIZES = (0, 0x7FFFFFFF - 36, 0x7FFFFFFF, 0xFFFFFFFF - 36, 0xFFFFFFFF)
"""What those write who don't know yet how long they will speak."""


class WrongFormat(ValueError):
    """It is sound, but not such as can be used. `str()` says what it is."""


class Unwrapped:
    """Feed it the stream in pieces of any size; it gives back the sound."""

    def __init__(self) -> None:
        self._held = b""
        self._is_past = False
        """The header is behind us, or there is none."""
        self._left: int | None = None
        """Bytes of sound still to come, where the header said how many."""

    def feed(self, chunk: bytes) -> bytes:
        """Raises WrongFormat."""
        if not self._is_past:
            chunk, self._held = self._held + chunk, b""
            chunk = self._behind_header(chunk)
        if self._left is not None:
            chunk = chunk[: self._left]
            self._left -= len(chunk)
        return chunk

    def _behind_header(self, held: bytes) -> bytes:
        if held[:4] != RIFF[: len(held)]:
            self._is_past = True
            return held
        at = 12
        while at + 8 <= len(held):
            name, size = struct.unpack_from("<4sI", held, at)
            at += 8
            if name == b"data":
                self._is_past = True
                self._left = None if size in UNKNOWN_SIZES else size
                return held[at:]
            if name == b"fmt " and len(held) >= at + 16:
                _check(held, at)
            at += size + size % 2
        if len(held) > HEADER_BYTES_MAX:
            raise WrongFormat("a WAV file whose header has no end")
        self._held = held
        return b""


def _check(held: bytes, at: int) -> None:
    _, channels, rate_hz, _, _, bits = struct.unpack_from("<HHIIHH", held, at)
    if (channels, rate_hz, bits) != MONO_16_BIT:
        raise WrongFormat(f"{channels} × {bits} bit at {rate_hz} Hz")
