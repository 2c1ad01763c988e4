"""The other half of offline.py: PocketSphinx in a process of its own, which this file is run as.

It holds the interpreter while it decodes, 40 ms at a time and 200 ms at the end of an utterance, so
in our process it would stall every session. In: frames on stdin (HEADER, then sound). Out: a line
of JSON each. It ends when stdin does, however its parent ended. No import from the project.
"""

import json
import os
import signal
import struct
import sys
import time
from collections.abc import Iterable
from typing import Any, BinaryIO

HEADER = struct.Struct("<IBI")
"""Number of the stream, kind of the frame, bytes of sound that follow."""
AUDIO, FINALISE, CLOSE = range(3)

UTTERANCES_MAX = 4
"""Decoders, one for each utterance that is being spoken: 95 MB each, and a tenth of a core."""
IDLE_S = 5.0
"""An utterance that nobody added to for so long gives its decoder up when another wants one."""
UTTERANCE_BYTES_MAX = 20 * 32_000
"""After 20 s an utterance is cut: ending it takes 30 ms for each of its seconds."""
UNKNOWN_VOICE = "40,3,-1"
"""The decoder's own guess at the mean of a voice's cepstrum (`cmninit`)."""
ADAPT_BYTES = round(1.2 * 32_000)
"""A stream's first utterance is searched once 1.2 s of it have shown the voice: 39 words in 100
wrong instead of 48. Later ones go by the one before: 35."""
POSTERIOR_MIN = 0.15
WORD_FRAMES_MAX = 120
"""An utterance counts if one of its words, no longer than 1.2 s, is this probable. Of made-up words
coughs and hums had at most 0.02 and steady noise made one long word; in each of 20 recordings some
word had more than 0.7."""

DECODER = {
    "samprate": 16_000,
    "loglevel": "FATAL",
    "maxhmmpf": 6_000,
    "fwdflatefwid": 6,
    "fwdflatsfwin": 15,
}
"""The last three narrow the search: a third less work, 199 ms instead of 294 to end the longest
recording, 37 instead of 35 words in a hundred wrong."""


class Utterance:
    """What one stream says until it asks for the result, and the decoder it has for that time."""

    def __init__(self, decoder: Any, voice: str | None) -> None:
        """voice: as the one before left it; None for the first of a stream."""
        self.heard_at = time.monotonic()
        self._decoder = decoder
        self._bytes = 0
        self._text = ""
        self._held: bytes | None = None if voice else b""
        """The beginning, until there is enough of it to adapt to."""
        decoder.set_cmn(voice or UNKNOWN_VOICE)
        decoder.start_utt()

    def hear(self, pcm: bytes) -> str | None:
        """The words so far, if this sound changed them."""
        self.heard_at = time.monotonic()
        self._bytes += len(pcm)
        if self._held is not None:
            self._held += pcm
            if len(self._held) < ADAPT_BYTES:
                return None
            pcm = self._adapt(self._held)
        self._decoder.process_raw(pcm, False, False)
        before, self._text = self._text, text_of(self._decoder)
        return self._text if self._text != before else None

    @property
    def is_overlong(self) -> bool:
        return self._bytes >= UTTERANCE_BYTES_MAX

    def end(self) -> tuple[str, Any, str]:
        """All its words, none where nothing was surely a word; the decoder; the voice."""
        decoder = self._decoder
        if self._held:
            decoder.process_raw(self._adapt(self._held), False, False)
        decoder.end_utt()
        text = text_of(decoder) if is_speech(decoder.seg() or ()) else ""
        return text, decoder, decoder.get_cmn(False)

    def _adapt(self, pcm: bytes) -> bytes:
        """Listen to the voice before its words are looked for, and return them for that."""
        self._held = None
        self._decoder.process_raw(pcm, True, False)
        voice = self._decoder.get_cmn(True)
        self._decoder.end_utt()
        self._decoder.set_cmn(voice)
        self._decoder.start_utt()
        return pcm


def text_of(decoder: Any) -> str:
    hypothesis = decoder.hyp()
    return hypothesis.hypstr if hypothesis else ""


def is_speech(segments: Iterable[Any]) -> bool:
    return any(
        segment.prob >= POSTERIOR_MIN
        and segment.end_frame - segment.start_frame < WORD_FRAMES_MAX
        and segment.word[0] not in "<["  # silence, noise
        for segment in segments
    )


class Recogniser:
    """All streams of the process. `say` gets each answer: a dict with the number of the stream."""

    def __init__(self, say: Any) -> None:
        self._say = say
        self._free = [self._new_decoder()]
        self._made = 1
        self._utterances: dict[int, Utterance] = {}
        self._voices: dict[int, str] = {}
        """Per stream, the cepstral mean that its last utterance left: the next decoder may be
        another's."""

    def hear(self, stream: int, pcm: bytes) -> None:
        utterance = self._utterances.get(stream) or self._begin(stream)
        if utterance is None:
            self._say({"stream": stream, "busy": True})
            return
        text = utterance.hear(pcm)
        if utterance.is_overlong:
            self._say({"stream": stream, "text": self._end(stream), "is_final": True})
        elif text is not None:
            self._say({"stream": stream, "text": text})

    def finalise(self, stream: int) -> None:
        text = self._end(stream) if stream in self._utterances else ""
        self._say({"stream": stream, "text": text, "is_final": True, "answers_finalise": True})

    def close(self, stream: int) -> None:
        if stream in self._utterances:
            self._end(stream)
        self._voices.pop(stream, None)

    def _begin(self, stream: int) -> Utterance | None:
        if (decoder := self._decoder()) is None:
            return None
        utterance = self._utterances[stream] = Utterance(decoder, self._voices.get(stream))
        return utterance

    def _decoder(self) -> Any:
        if not self._free and self._made < UTTERANCES_MAX:
            self._made += 1
            return self._new_decoder()
        if not self._free:
            self._end_idle()
        return self._free.pop() if self._free else None

    def _end_idle(self) -> None:
        stream, longest = min(self._utterances.items(), key=lambda item: item[1].heard_at)
        if time.monotonic() - longest.heard_at > IDLE_S:
            self._say({"stream": stream, "text": self._end(stream), "is_final": True})

    def _end(self, stream: int) -> str:
        text, decoder, self._voices[stream] = self._utterances.pop(stream).end()
        self._free.append(decoder)
        return text

    @staticmethod
    def _new_decoder() -> Any:
        from pocketsphinx import Decoder

        return Decoder(**DECODER)


def serve(frames: BinaryIO, answers: BinaryIO) -> None:
    """Until `frames` ends."""

    def say(answer: dict[str, object]) -> None:
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()

    recogniser = Recogniser(say)
    while len(header := frames.read(HEADER.size)) == HEADER.size:
        stream, kind, size = HEADER.unpack(header)
        if kind == AUDIO:
            recogniser.hear(stream, frames.read(size))
        elif kind == FINALISE:
            recogniser.finalise(stream)
        else:
            recogniser.close(stream)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent; its end is ours
    os.nice(1)  # just behind the event loop, which has 20 ms deadlines
    serve(sys.stdin.buffer, sys.stdout.buffer)
