"""One connection's protection from its own speaker: is what the microphone hears the assistant,
and is the echo so loud that a canceller is needed? Pure."""

from voice.audio.echo import EchoGuard
from voice.audio.echo_meter import EchoMeter, MeasuredEcho
from voice.audio.pcm import sample_count, to_float
from voice.audio.reference import Reference

TAIL_S = 0.6
"""Echo may be heard this long after the last of a reply was."""


class EchoCheck:
    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        self._guard, self._meter = EchoGuard(), EchoMeter()
        self.needs_canceller = False
        """An echo was heard that wakes the VAD. Once True, it stays so."""

    @property
    def measured(self) -> MeasuredEcho:
        return self._meter.measured

    def is_echo(self, frame: bytes, at_s: float) -> bool:
        """Whether a voice in this frame is the assistant's.

        frame: 512 samples at 16 kHz as they came, each frame once and in order. at_s: seconds into
        the client's microphone stream at which it begins. While nothing plays it costs nothing.
        """
        if not self._reference.is_audible(at_s, tail_s=TAIL_S):
            return False
        mic = to_float(frame)
        reference = self._reference.take(at_s, sample_count(frame))
        is_steady = self._reference.is_steady(at_s)
        self._guard.feed(mic, reference, learns=is_steady)
        if is_steady and not self.needs_canceller:
            self.needs_canceller = self._meter.feed(mic, reference).needs_canceller
        return self._guard.is_echo
