"""The client of a call on an open speaker, in virtual time: it plays replies one after another,
reports where it is, and its microphone hears them, and whoever talks over them."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from bench.echo.case import Setting
from bench.echo.ear import Ear
from bench.echo.room import (
    RATE_HZ,
    REPLY_DBFS,
    REPLY_HZ,
    ROOMS,
    Echo,
    Playing,
    background,
    impulse_response,
    spoken,
)
from tests.voice.audio.recordings import Recording, recordings
from voice.audio.pcm import Samples, from_float, to_float
from voice.audio.reference import DUCKED_GAIN, Reference
from voice.text.echo import SaidWord

TO_CLIENT_S = 0.05
"""For a duck, and for an interruption."""
FRAME = 960
LEAD_S = 0.6
REPORT_S = 0.25
DRIFT, JUMP_S = 100e-6, 0.06
JITTER_S = 0.001
PAUSE_S = 1.5


@dataclass
class Talk:
    """Somebody talks over a reply."""

    begins_s: float
    samples: Samples
    is_noticed: bool = False

    @property
    def ends_s(self) -> float:
        return self.begins_s + len(self.samples) / RATE_HZ

    def take(self, first: int, count: int) -> Samples:
        at = first - round(self.begins_s * RATE_HZ)
        heard = np.zeros(count, np.float32)
        begin, end = max(0, -at), min(count, len(self.samples) - at)
        if end > begin:
            heard[begin:end] = self.samples[at + begin : at + end]
        return heard


class Client:
    def __init__(self, setting: Setting, reference: Reference, ear: Ear) -> None:
        self.number = 0
        """Of the reply that plays, or played last."""
        self.playing: Playing | None = None
        self.said: list[SaidWord] = []
        """The words of that reply, and when they leave the speaker."""
        self.talk: Talk | None = None
        self.now_s = 0.0
        self._setting, self._reference, self._ear = setting, reference, ear
        self._random = np.random.default_rng(setting.seed)
        self._response = impulse_response(setting.room, setting.seed)
        self._noise = background(30 * RATE_HZ, setting.seed)
        self._echoes: list[Echo] = []
        self._next_s = 1.0
        self._sent = 0
        self._report_s = 0.0
        self._due: list[tuple[float, Callable[[], None]]] = []
        """What it has been told and not yet heard."""

    @property
    def is_over(self) -> bool:
        is_last = self.number == self._setting.replies
        return is_last and self.playing is None and self.now_s >= self._next_s

    @property
    def is_audible(self) -> bool:
        return self.playing is not None and self.now_s >= self.playing.begins_s

    def play(self, now_s: float) -> None:
        self.now_s = now_s
        for due in [due for due in self._due if due[0] <= now_s]:
            self._due.remove(due)
            due[1]()
        playing = self.playing
        if playing is None:
            if self.number < self._setting.replies and now_s >= self._next_s:
                self._begin()
            return
        self._send(playing)
        if self.is_audible and now_s >= max(self._report_s, playing.begins_s):
            self._report(playing)
        if now_s >= playing.ends_s:
            self._over()

    def record(self, first: int, count: int) -> Samples:
        """What the microphone hears. In order."""
        near = self._noise[np.arange(first, first + count) % len(self._noise)].copy()
        for source in (*self._echoes, *([self.talk] if self.talk else [])):
            near += source.take(first, count)
        return near

    def duck(self) -> None:
        self._tell(lambda: self._aim(DUCKED_GAIN))

    def unduck(self) -> None:
        self._tell(lambda: self._aim(1.0))

    def stop(self) -> None:
        self._ear.silence(self.now_s + TO_CLIENT_S + self._setting.delay_s)
        self._tell(self._stop)

    def _tell(self, wish: Callable[[], None]) -> None:
        self._due.append((self.now_s + TO_CLIENT_S, wish))

    def _begin(self) -> None:
        self.number += 1
        random = self._random
        jumps = self.number % 3 == 0
        self.playing = Playing(
            spoken(int(random.integers(30))),
            self.now_s + random.uniform(0.15, 0.3),
            drift=DRIFT,
            jump_at_s=float(random.uniform(1, 4)) if jumps else 99.0,
            jump_s=JUMP_S * float(random.choice((-1, 1))) if jumps else 0.0,
        )
        self._sent, self._report_s = 0, 0.0
        at_s = self.playing.heard_at_s
        self.said = [SaidWord(word, at_s(began_s)) for word, began_s in self.playing.reply.words]
        if self._setting.gain_db is not None:
            self._sound(self.playing, self._setting.gain_db)
        self.talk = self._talk_over(self.playing) if self._setting.is_interrupted else None

    def _sound(self, playing: Playing, gain_db: float) -> None:
        room, delay_s = self._setting.room, self._setting.delay_s
        echo = Echo(playing, self._response, gain_db=gain_db, delay_s=delay_s, rt60_s=ROOMS[room])
        self._echoes = [*self._echoes[-1:], echo]
        ends_s = [at_s for _, at_s in playing.reply.words[1:]] + [playing.reply.duration_s]
        for (word, at_s), end_s in zip(playing.reply.words, ends_s, strict=True):
            heard_s = playing.heard_at_s(at_s) + delay_s
            self._ear.sounds(word, heard_s, end_s - at_s, is_echo=True)

    def _talk_over(self, playing: Playing) -> Talk:
        recording = recordings()[int(self._random.integers(len(recordings())))]
        samples = _voice_of(recording)
        level_dbfs = REPLY_DBFS + (self._setting.gain_db or -10.0) + self._random.uniform(0, 6)
        samples = samples * np.float32(10 ** (level_dbfs / 20) / np.sqrt(np.mean(samples**2)))
        talk = Talk(playing.begins_s + float(self._random.uniform(0.8, 3)), samples)
        self._ear.masked(talk.begins_s, talk.ends_s)
        words = recording.text.split()
        letter_s = len(samples) / RATE_HZ / sum(len(word) + 1 for word in words)
        at_s = talk.begins_s
        for word in words:
            self._ear.sounds(word, at_s, letter_s * (len(word) + 1), is_echo=False)
            at_s += letter_s * (len(word) + 1)
        return talk

    def _send(self, playing: Playing) -> None:
        samples = playing.reply.samples
        lead_s = playing.position_s(self.now_s) + LEAD_S
        while self._sent < len(samples) and self._sent / REPLY_HZ < lead_s:
            piece = samples[self._sent : self._sent + FRAME]
            self._reference.add(self.number, self._sent, from_float(piece))
            self._sent += FRAME

    def _report(self, playing: Playing) -> None:
        self._report_s = self.now_s + REPORT_S
        sample = max(0, round(playing.position_s(self.now_s) * REPLY_HZ))
        jitter_s = float(self._random.uniform(-JITTER_S, JITTER_S))
        self._reference.pair(self.number, sample, self.now_s + jitter_s)

    def _stop(self) -> None:
        if self.playing is None:
            return
        self._report(self.playing)
        for echo in self._echoes:
            echo.target = 0.0
        self._over()

    def _over(self) -> None:
        self.playing = None
        talk_ends_s = self.talk.ends_s if self.talk else 0.0
        self._next_s = max(self.now_s, talk_ends_s) + PAUSE_S

    def _aim(self, gain: float) -> None:
        if self._echoes and self._echoes[-1].target > 0:
            self._echoes[-1].target = gain


def _voice_of(recording: Recording) -> Samples:
    begin, end = round(recording.start_s * RATE_HZ), round(recording.end_s * RATE_HZ)
    return to_float(recording.pcm)[begin:end]
