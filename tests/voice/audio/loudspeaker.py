"""A client that plays a reply while its microphone records, and what of it comes back: made,
seeded, everything known exactly."""

from dataclasses import dataclass

import numpy as np
import soxr

from voice.audio.pcm import Samples, from_float
from voice.audio.reference import RATE_HZ, REPLY_HZ, Reference

FRAME = 960
PIECE = 160
LEAD_S = 0.6
REPORT_S = 0.25


def speechlike(
    seconds: float, *, seed: int, rate_hz: int = REPLY_HZ, dbfs: float = -20.0
) -> Samples:
    """Noise with formants that change and syllables that come and go, four a second."""
    random = np.random.default_rng(seed)
    count, syllable = round(seconds * rate_hz), rate_hz // 4
    sound = np.zeros(count)
    for begin in range(0, count, syllable):
        piece = random.standard_normal(min(syllable, count - begin))
        spectrum = np.fft.rfft(piece)
        frequencies = np.fft.rfftfreq(len(piece), 1 / rate_hz)
        shape = sum(
            np.exp(-(((frequencies - random.uniform(low, high)) / 150) ** 2))
            for low, high in ((250, 900), (900, 2_500), (2_500, 3_800))
        )
        envelope = np.hanning(len(piece)) * random.choice((0.05, 0.5, 1.0))
        sound[begin : begin + len(piece)] = np.fft.irfft(spectrum * shape, len(piece)) * envelope
    sound *= 10 ** (dbfs / 20) / np.sqrt(np.mean(sound**2))
    return sound.astype(np.float32)


@dataclass
class Client:
    """Plays reply 1 from `begins_s` on, on a clock that is `drift` faster than the microphone's;
    at `jump_at_s` it stalls for `jump_s`, or skips as much."""

    reply: Samples
    begins_s: float = 0.25
    drift: float = 0.0
    jump_at_s: float = 1e9
    jump_s: float = 0.0
    jitter_s: float = 0.0

    def position_s(self, at_s: float) -> float:
        late = self.jump_s if at_s > self.jump_at_s else 0.0
        return (at_s - self.begins_s - late) * (1 + self.drift)

    def heard(self, at_s: float, count: int) -> Samples:
        """What its speaker plays, at 16 kHz, as it is."""
        sound = soxr.resample(self.reply, REPLY_HZ, RATE_HZ)
        times = at_s + np.arange(count) / RATE_HZ
        late = np.where(times > self.jump_at_s, self.jump_s, 0.0)
        positions = (times - self.begins_s - late) * (1 + self.drift) * RATE_HZ
        return np.interp(positions, np.arange(len(sound)), sound, left=0, right=0).astype(
            np.float32
        )

    def play(self, reference: Reference, until_s: float) -> Samples:
        """Send the reply, report positions and take the reference, 10 ms by 10 ms."""
        random = np.random.default_rng(1)
        taken: list[Samples] = []
        sent, report_s = 0, self.begins_s
        for step in range(round(until_s * RATE_HZ / PIECE)):
            at_s = step * PIECE / RATE_HZ
            while sent < len(self.reply) and sent / REPLY_HZ < self.position_s(at_s) + LEAD_S:
                reference.add(1, sent, from_float(self.reply[sent : sent + FRAME]))
                sent += FRAME
            if at_s >= report_s:
                sample = round(max(0.0, self.position_s(at_s)) * REPLY_HZ)
                reference.pair(1, sample, at_s + random.uniform(-1, 1) * self.jitter_s)
                report_s += REPORT_S
            taken.append(reference.take(at_s, PIECE))
        return np.concatenate(taken)


def room(sound: Samples, *, gain_db: float, delay_s: float, seed: int = 3) -> Samples:
    """The sound as a microphone hears it from a speaker in a small room, as long as it was."""
    random = np.random.default_rng(seed)
    count = RATE_HZ // 5
    response = random.standard_normal(count) * 10 ** (-3 * np.arange(count) / count) * 0.05
    response[0] = 1.0
    response *= 10 ** (gain_db / 20) / np.sqrt(np.sum(response**2))
    late = np.concatenate([np.zeros(round(delay_s * RATE_HZ)), np.convolve(sound, response)])
    noise = random.standard_normal(len(sound)) * 10 ** (-65 / 20)
    return (late[: len(sound)] + noise).astype(np.float32)
