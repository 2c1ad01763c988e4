"""A browser on an open speaker, in virtual time: its speaker plays what the session sends, and its
microphone hears that, and whoever talks over it."""

import asyncio
import json
import struct
from collections import deque
from collections.abc import Callable
from typing import Any

import numpy as np

from bench.echo.case import Outcome, Setting, SetUp
from bench.echo.ear import Ear
from bench.echo.replies import REPLY_DBFS, Voice
from bench.echo.room import RATE_HZ, Room, background, impulse_response
from bench.echo.speaker import Playing, gain
from bench.echo.talk import FRAME, FRAME_S, USERS_AFTER_S, Talk, talk_of
from tests.scenarios.clock import sleep_until
from tests.voice.audio.recordings import recordings
from voice import wire
from voice.audio.pcm import Samples, from_float
from voice.edge.connection import Connection
from voice.edge.inbox import Inbox
from voice.providers.protocols import OUTPUT_HZ

TO_SPEAKER_S = 0.06
"""From the server to what can be heard."""
ASKED = "Go on."
REPORT_S, JITTER_S = 0.25, 0.001
JUMP_S = 0.06
PAUSE_S = 1.5
"""Between replies: so long nobody says anything."""
WAITS_S = 8.0
"""For an answer, before the user types once more."""
TURN_S = 3.0
"""After it, a turn of what they said is still theirs."""
_HEADER = struct.Struct("<II")


class Client:
    def __init__(self, setting: Setting, set_up: SetUp, ear: Ear, voice: Voice) -> None:
        self.outcome = Outcome()
        self.connection = Connection(
            rate_hz=RATE_HZ,
            audio="binary",
            client="bench",
            send_text=self._text,
            send_bytes=self._sound,
            close_socket=self._closed,
        )
        self._setting, self._set_up, self._ear, self._voice = setting, set_up, ear, voice
        self._loop = asyncio.get_running_loop()
        self._random = np.random.default_rng(setting.seed)
        self._noise = background(30 * RATE_HZ, setting.seed)
        self._room = self._made_room()
        self._playing: Playing | None = None
        self._talks: list[Talk] = []
        self._is_ducked = False
        self._coming: deque[Callable[[], None]] = deque()
        """What the server has sent, on its way."""
        self._began_s = self._reported_s = self._quiet_s = 0.0

    def _made_room(self) -> Room | None:
        setting = self._setting
        if setting.gain_db is None:
            return None
        response = impulse_response(setting.room, setting.seed)
        return Room(response, gain_db=setting.gain_db, delay_s=setting.delay_s, block=FRAME)

    async def run(self, inbox: Inbox) -> None:
        """Have as many replies as the setting says, each after a pause."""
        self._began_s = self._quiet_s = self._loop.time()
        self._quiet_s -= WAITS_S - PAUSE_S
        index = 0
        while not self._is_over():
            now_s = self._began_s + index * FRAME_S
            await sleep_until(now_s + FRAME_S)
            await inbox.receive(wire.MicAudio(from_float(self._frame(now_s, index))))
            await self._report(inbox)
            await self._ask(inbox)
            index += 1

    def _is_last(self) -> bool:
        is_interrupted, outcome = self._setting.is_interrupted, self.outcome
        done = outcome.interruptions if is_interrupted else outcome.replies
        return done >= self._setting.replies

    def _is_over(self) -> bool:
        return self._is_last() and self._is_quiet_for(TURN_S)

    def _is_quiet_for(self, seconds: float) -> bool:
        return self._loop.time() - self._quiet_s > seconds

    async def _ask(self, inbox: Inbox) -> None:
        """The first time, and where no answer comes."""
        if self._is_quiet_for(WAITS_S) and not self._is_last():
            self._quiet_s = self._loop.time() - PAUSE_S
            await inbox.receive(wire.Text(ASKED))

    # --- microphone and speaker -----------------------------------------------------------------
    def _frame(self, from_s: float, index: int) -> Samples:
        """What the microphone hears of this frame, while the speaker plays it."""
        at = index * FRAME
        heard = self._noise[np.arange(at, at + FRAME) % len(self._noise)].copy()
        for talk in self._talks[-2:]:
            heard += talk.take(from_s)
            self._speak(talk, from_s)
        played = np.zeros(FRAME, np.float32)
        if self._playing is not None and not self._playing.is_stopped:
            played = self._play(self._playing, from_s)
        return heard if self._room is None else heard + self._room.hear(played)

    def _speak(self, talk: Talk, now_s: float) -> None:
        if talk.begins_s <= now_s <= talk.ends_s:
            self._quiet_s = now_s
        while talk.words and talk.words[0][0] <= now_s + FRAME_S:
            at_s, word = talk.words.pop(0)
            self._ear.sounds(word, at_s, is_echo=False)

    def _play(self, playing: Playing, from_s: float) -> Samples:
        is_first = playing.begins_s is None
        played = playing.play(from_s, FRAME)
        if playing.begins_s is not None and is_first:
            self._begins(playing)
        if playing.rest_s > 0:
            self._quiet_s = from_s
        is_masked = any(talk.begins_s <= from_s <= talk.ends_s for talk in self._talks)
        for word in playing.said():
            if self._room is not None and not (is_masked and self._ear.masks()):
                self._ear.sounds(word, from_s + self._setting.delay_s, is_echo=True)
        return played * gain(self._is_ducked)

    def _begins(self, playing: Playing) -> None:
        self.outcome.replies += 1
        if self._setting.is_interrupted and self.outcome.interruptions < self._setting.replies:
            self._talks.append(self._talk_over(playing))
            self.outcome.interruptions += 1

    def _talk_over(self, playing: Playing) -> Talk:
        assert playing.begins_s is not None
        level_dbfs = REPLY_DBFS + (self._setting.gain_db or -10.0) + self._random.uniform(0, 6)
        recording = recordings()[int(self._random.integers(len(recordings())))]
        begins_s = playing.begins_s + float(self._random.uniform(0.8, 3))
        return talk_of(recording, begins_s, level_dbfs)

    async def _report(self, inbox: Inbox) -> None:
        playing, now = self._playing, self._loop.time()
        is_due = now - self._reported_s >= REPORT_S
        if playing is None or playing.begins_s is None or playing.is_stopped or not is_due:
            return
        self._reported_s = now
        await inbox.receive(self._playback(playing))

    def _playback(self, playing: Playing) -> wire.Playback:
        played_ms = playing.position_s * 1000
        if not self._set_up.reports_positions:
            return wire.Playback(playing.number, played_ms)
        jitter_s = float(self._random.uniform(-JITTER_S, JITTER_S))
        mic = round((self._loop.time() - self._began_s + jitter_s) * RATE_HZ)
        sample = round(playing.position_s * OUTPUT_HZ)
        return wire.Playback(playing.number, played_ms, 0, mic, sample)

    # --- what the server says ---------------------------------------------------------------------
    async def _text(self, text: str) -> None:
        message = json.loads(text)
        if message["type"] in ("interrupted", "duck", "unduck", "transcript_update"):
            self._later(lambda: self._take(message))

    async def _sound(self, frame: bytes) -> None:
        number, _ = _HEADER.unpack_from(frame)
        self._later(lambda: self._take_sound(number, frame[_HEADER.size :]))

    async def _closed(self, code: int) -> None:
        return None

    def _later(self, act: Callable[[], None]) -> None:
        """In order: of timers that are due at once, any may come first."""
        self._coming.append(act)
        self._loop.call_later(TO_SPEAKER_S, lambda: self._coming.popleft()())

    def _take(self, message: dict[str, Any]) -> None:
        now = self._loop.time()
        match message["type"]:
            case "duck":
                self._is_ducked = True
                self._noticed(self._users(now), now)
            case "unduck":
                self._is_ducked = False
            case "interrupted":
                self._stop(self._users(now), now)
            case "transcript_update" if message["role"] == "user" and message["is_final"]:
                self._turn(message["text"], self._users(now, TURN_S))

    def _users(self, now: float, after_s: float = USERS_AFTER_S) -> Talk | None:
        """Whose doing it is what happens now, if it is anybody's."""
        return next((talk for talk in reversed(self._talks) if talk.is_at(now, after_s)), None)

    def _noticed(self, talk: Talk | None, now: float) -> None:
        if talk is None:
            self.outcome.false_ducks += 1
        elif not talk.is_noticed:
            talk.is_noticed = True
            self.outcome.noticed_s.append(now - talk.begins_s)

    def _stop(self, talk: Talk | None, now: float) -> None:
        playing = self._playing
        if playing is None or playing.is_stopped:
            return
        playing.is_stopped, self._is_ducked = True, False
        if talk is None:
            self.outcome.false_interruptions += 1
            self._take_back(now)
        elif not talk.has_stopped:
            talk.has_stopped = True
            self.outcome.stopped_s.append(now - talk.begins_s)

    def _take_back(self, now: float) -> None:
        """Who was about to talk has nothing left to interrupt."""
        if self._talks and self._talks[-1].begins_s > now:
            self._talks.pop()
            self.outcome.interruptions -= 1

    def _turn(self, text: str, talk: Talk | None) -> None:
        if text in ("", ASKED):
            return
        if talk is None:
            self.outcome.false_turns += 1
        elif not talk.is_heard:
            talk.is_heard = True
            self.outcome.heard_turns += 1

    def _take_sound(self, number: int, pcm: bytes) -> None:
        if self._playing is None or self._playing.number != number:
            self._playing, self._is_ducked = self._next(number), False
        if not self._playing.is_stopped:
            self._playing.add(pcm, self._voice.said)

    def _next(self, number: int) -> Playing:
        if number % 3:
            return Playing(number)
        jump_s = JUMP_S * float(self._random.choice((-1, 1)))
        return Playing(number, float(self._random.uniform(1, 4)), jump_s)
