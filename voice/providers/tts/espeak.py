"""The espeak-ng library, by way of ctypes: text in, sound and word positions out, as they are made.

Its state is one for the process, so everything here runs on one thread, `THREAD`. A sentence of 3 s
takes it 3 ms, so sessions wait their turn. Structures as in espeak-ng's speak_lib.h.
"""

import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache

THREAD = ThreadPoolExecutor(max_workers=1, thread_name_prefix="espeak")
"""One sentence per session waits here at most."""

BUFFER_MS = 60
WORDS_PER_MINUTE = 165
"""espeak's own 175, a little slower: unfamiliar voices are followed less easily."""

_AUDIO_OUTPUT_SYNCHRONOUS = 2
_DONT_EXIT = 0x8000
_CHARACTERS = 1
_UTF8 = 1
_RATE = 1
_EVENTS_END, _EVENT_WORD = 0, 1
_GO_ON, _ABORT = 0, 1

Heard = Callable[[bytes, list[tuple[int, int, float]]], bool]
"""(sound, [(index of a word's first character, its length, its start in seconds)]) → go on?"""


class _Event(ctypes.Structure):
    _fields_ = [
        ("type", ctypes.c_int),
        ("unique_identifier", ctypes.c_uint),
        ("text_position", ctypes.c_int),
        ("length", ctypes.c_int),
        ("audio_position", ctypes.c_int),
        ("sample", ctypes.c_int),
        ("user_data", ctypes.c_void_p),
        ("id", ctypes.c_char * 8),
    ]


_Callback = ctypes.CFUNCTYPE(
    ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event)
)


@cache
def _library() -> tuple[ctypes.CDLL, int]:
    """Loaded and set up, and its sample rate. Raises OSError."""
    import espeakng_loader

    library = ctypes.CDLL(espeakng_loader.get_library_path())
    data = espeakng_loader.get_data_path().encode()
    rate_hz = library.espeak_Initialize(_AUDIO_OUTPUT_SYNCHRONOUS, BUFFER_MS, data, _DONT_EXIT)
    if rate_hz <= 0:
        raise OSError("espeak-ng cannot read its data")
    library.espeak_SetParameter(_RATE, WORDS_PER_MINUTE, 0)
    return library, rate_hz


def rate_hz() -> int:
    """Of the sound that `synthesise` makes: 22050."""
    return _library()[1]


def synthesise(text: str, voices: list[str], heard: Heard) -> None:
    """Speak with the first of `voices` that there is. Ends early once `heard` returns False, or
    with what it raises. Raises LookupError if there is none of the voices."""
    library, _ = _library()
    if all(library.espeak_SetVoiceByName(voice.encode()) != 0 for voice in voices):
        raise LookupError(f"espeak-ng has none of the voices {', '.join(voices)}")
    raised: list[BaseException] = []

    def made(samples: object, count: int, events: object) -> int:
        try:
            sound = ctypes.string_at(samples, count * 2) if samples else b""  # type: ignore[arg-type]
            return _GO_ON if heard(sound, _words(events)) else _ABORT
        except BaseException as error:  # raised again below: it would not get through C
            raised.append(error)
            return _ABORT

    callback = _Callback(made)
    data = text.replace("\0", " ").encode()
    library.espeak_SetSynthCallback(callback)
    library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, _CHARACTERS, 0, _UTF8, None, None)
    if raised:
        raise raised[0]


def _words(events: object) -> list[tuple[int, int, float]]:
    words = []
    for event in events:  # type: ignore[attr-defined]
        if event.type == _EVENTS_END:
            break
        if event.type == _EVENT_WORD:
            words.append((event.text_position - 1, event.length, event.audio_position / 1000))
    return words
