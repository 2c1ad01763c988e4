"""What the speaker plays while the microphone records: the reference of an echo canceller.

Reply audio as it was sent, laid beside the microphone's stream by the positions that the client
reports. Pure. It comes a little early on purpose, since no echo may come before its reference.
"""

from collections import deque

import numpy as np

from voice.audio.pcm import SAMPLE_BYTES, Samples, to_float
from voice.audio.playout import Playout
from voice.audio.resample import Resampler

RATE_HZ = 16_000
REPLY_HZ = 24_000
KEPT_S = 3.0
"""Of a reply, behind the ear."""
UNPLACED_BYTES_MAX = 60 * REPLY_HZ * SAMPLE_BYTES
"""Of a reply of which the client has not said where it is heard: the last minute. Many clients
never say, so this is all that such a reply costs."""
REPLIES = 3
"""One that is playing, one that was interrupted before, one that begins."""
LEAD_S = 0.04
"""How early the reference is: reported latencies are off by some 10 ms, and WebRTC's canceller
finds delays from 20 to 400 ms by itself, but none below 0."""
DUCKED_GAIN = 0.1
"""-20 dB (docs/protocol.md)."""
DUCK_LATE_S = 0.25
"""A duck takes this long to be heard in the microphone's stream, at most. Too loud a reference
only cancels more; too soft a one would make the echo look like somebody speaking."""
STEADY_AFTER_S = 0.5
CUT_LATE_S = 0.5
"""So may an interruption, before the client says where it stopped."""


class Reference:
    """One connection's. `at_s` is a moment in the client's microphone stream: samples / its rate.

    Holds 3 s of each of the last 3 replies behind the ear, and what is ahead of it. Of a client
    that reports no pairs nothing is known, and it is silent.
    """

    def __init__(self) -> None:
        self._replies: deque[_Sound] = deque(maxlen=REPLIES)
        self._at_s = 0.0
        """How far the reference has been asked for."""
        self._latency_s = float("inf")
        """From sending a reply to hearing it, as measured last. Until then a reply is silent before
        its first pair: a wrong guess would teach that the room has no echo."""
        self._ducked: tuple[int, float] | None = None
        """Which reply, and since when."""
        self._unducked_s = float("-inf")

    def add(self, reply: int, sample: int, pcm: bytes) -> None:
        """Reply audio that was sent: 24 kHz, from that sample on. Parts of a reply in order."""
        sound = self._find(reply)
        if sound is None:
            pace = self._replies[-1].playout.pace if self._replies else 0.0
            sound = _Sound(reply, sample, Playout(self._at_s + self._latency_s, pace=pace))
            sound.sent_at_s = self._at_s
            self._replies.append(sound)
            self.unduck()
        sound.add(pcm)

    def pair(self, reply: int, sample: int, at_s: float) -> None:
        """The client heard `sample` (at 24 kHz) of this reply at `at_s` of its microphone."""
        sound = self._find(reply)
        if sound is None:
            return
        is_first = not sound.playout.is_known
        sound.playout.pair(at_s, sample / REPLY_HZ)
        if is_first:
            self._latency_s = max(0.0, sound.playout.begins_s() - sound.sent_at_s)
        if sound.cut_at_s is not None:
            sound.end_s = sample / REPLY_HZ

    def interrupt(self, reply: int) -> None:
        """The client was told to drop it; where it stopped comes with the next pair."""
        if sound := self._find(reply):
            sound.cut_at_s = self._at_s
            self.unduck()

    def duck(self, reply: int) -> None:
        self._ducked = (reply, self._at_s)

    def unduck(self) -> None:
        if self._ducked:
            self._ducked, self._unducked_s = None, self._at_s

    @property
    def held_s(self) -> float:
        """How much sound it keeps in memory."""
        return sum(len(sound) for sound in self._replies) / RATE_HZ

    def restart(self) -> None:
        """Another client's microphone: its stream begins at 0, and nothing is playing."""
        self._replies.clear()
        self._at_s, self._ducked, self._unducked_s = 0.0, None, float("-inf")

    def is_audible(self, at_s: float, *, tail_s: float = 0.5) -> bool:
        """Whether anything is heard there, or was within the last `tail_s`."""
        return any(sound.is_audible(at_s, tail_s) for sound in self._replies)

    def is_steady(self, at_s: float) -> bool:
        """Whether the speaker was as loud as the reference for the last half second."""
        return self._ducked is None and at_s > self._unducked_s + STEADY_AFTER_S

    def take(self, at_s: float, count: int) -> Samples:
        """`count` samples at 16 kHz of what is heard from `at_s` on; silence where nothing is."""
        self._at_s = max(self._at_s, at_s + count / RATE_HZ)
        heard = np.zeros(count, np.float32)
        for sound in self._replies:
            if sound.is_audible(at_s, tail_s=0.0):
                heard += self._gain(sound.reply, at_s) * sound.heard(at_s + LEAD_S, count)
                sound.forget(at_s)
        return heard

    def _gain(self, reply: int, at_s: float) -> np.float32:
        if self._ducked is None or self._ducked[0] != reply:
            return np.float32(1)
        is_heard = at_s > self._ducked[1] + DUCK_LATE_S
        return np.float32(DUCKED_GAIN if is_heard else 1)

    def _find(self, reply: int) -> "_Sound | None":
        return next((sound for sound in self._replies if sound.reply == reply), None)


class _Sound:
    """One reply's sound at 16 kHz, as far as it was sent and has not been forgotten."""

    def __init__(self, reply: int, first_sample: int, playout: Playout) -> None:
        self.reply = reply
        self.playout = playout
        self.sent_at_s = 0.0
        self.cut_at_s: float | None = None
        self.end_s = float("inf")
        """Where the client stopped it."""
        self._resampler = Resampler(REPLY_HZ, RATE_HZ)
        self._first = round(first_sample * RATE_HZ / REPLY_HZ)
        self._samples = np.zeros(0, np.float32)
        self._sent = bytearray()
        """What came since, as it was sent: resampled once somebody asks what is heard of it."""

    def __len__(self) -> int:
        return len(self._samples) + len(self._sent) // SAMPLE_BYTES * RATE_HZ // REPLY_HZ

    def add(self, pcm: bytes) -> None:
        self._sent += pcm
        if not self.playout.is_known and len(self._sent) > UNPLACED_BYTES_MAX:
            self._first += len(pcm) // SAMPLE_BYTES * RATE_HZ // REPLY_HZ
            del self._sent[: len(pcm)]

    def is_audible(self, at_s: float, tail_s: float) -> bool:
        if self.cut_at_s is not None and at_s - tail_s > self.cut_at_s + CUT_LATE_S:
            return False
        position_s = self.playout.position_s(at_s)
        end_s = min(self.end_s, (self._first + len(self)) / RATE_HZ)
        return position_s + LEAD_S >= 0 and position_s - tail_s <= end_s

    def heard(self, at_s: float, count: int) -> Samples:
        self._resample()
        begin = self.playout.position_s(at_s) * RATE_HZ - self._first
        step = self.playout.step
        end = min(self.end_s * RATE_HZ - self._first, float(len(self._samples)))
        return _interpolated(self._samples, begin, step, count, end)

    def _resample(self) -> None:
        if self._sent:
            more = to_float(self._resampler.feed(bytes(self._sent)))
            self._samples = np.concatenate([self._samples, more])
            self._sent.clear()

    def forget(self, at_s: float) -> None:
        old = int((self.playout.position_s(at_s) - KEPT_S) * RATE_HZ) - self._first
        if old > RATE_HZ:  # seldom: what stays is copied
            self._samples = self._samples[old:].copy()
            self._first += old


def _interpolated(samples: Samples, begin: float, step: float, count: int, end: float) -> Samples:
    """`count` values at begin, begin + step, … of `samples`, by cubics through four of them.

    Straight lines would take 3 dB off at 4 kHz, and more or less of it as the clocks drift.
    """
    base = int(np.floor(begin))
    room = np.zeros(int(step * count) + 5, np.float32)
    first, last = max(0, base - 1), min(int(end), base - 1 + len(room))
    if last > first:
        room[first - base + 1 : last - base + 1] = samples[first:last]
    at = (begin - base) + step * np.arange(count)
    whole = at.astype(np.int64)
    x = (at - whole).astype(np.float32)
    a, b, c, d = (room[whole + i] for i in range(4))
    slope, turn = (c - a) / 2, a - 2.5 * b + 2 * c - d / 2
    return np.asarray(b + x * (slope + x * (turn + x * ((d - a) / 2 + 1.5 * (b - c)))), np.float32)
