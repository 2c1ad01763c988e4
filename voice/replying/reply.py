"""One reply: what it says, how it came about, and how far the user's ear has come in it.

It is made at once and held silent until `release`; what the ear has reached is known at any moment.
How it gets there is in playing.py.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from math import inf
from uuid import UUID

from voice.live import LiveState
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.making import Making
from voice.replying.said import Said
from voice.replying.script import Script
from voice.replying.voicing import Voice, Voicing
from voice.telemetry import TurnTimings
from voice.text.echo import SaidWord
from voice.turns.playhead import Playhead
from voice.wire import TurnMetrics


class Reply:
    def __init__(
        self,
        attempt: int,
        turn: int,
        script: Script,
        *,
        voice: Voice,
        playhead: Playhead,
        now: Callable[[], float],
    ) -> None:
        self.attempt = attempt
        self.turn = turn
        self.script = script
        self.voicing = Voicing(voice)
        self.playhead = playhead
        self.number = 0
        """0 until it is released."""
        self.source = "model"
        self.started_at = 0.0
        """When it was released."""
        self.is_interrupted = False
        self.is_concluded = False
        """It is over and recorded."""
        self.over_at: float | None = None
        """When the last of it was heard."""
        self.timings: TurnTimings | None = None
        """Of a reply to a turn."""
        self.making: Making | None = None
        """Likewise."""
        self.metrics: TurnMetrics | None = None
        """The last that was sent."""
        self.session: UUID | None = None
        """The connection that it was released to."""
        self.is_reported = False
        """Its metrics are final, whatever the client still says."""
        self.text = ""
        """What has been voiced so far, to the word, as it is shown; it only ever grows."""
        self.reported = asyncio.Event()
        """The client said how much it has played."""
        self.lag_s = inf
        """From sending its sound to hearing that it was played, at best: no less than a message
        takes there and back."""
        self.on_audio: Callable[[], None] = lambda: None
        self.on_sound: Callable[[], None] = lambda: None
        """Told when the sound of another sentence begins to go out."""
        self.released = asyncio.Event()
        """It has its number, and may be heard."""
        self.said = Said(voice.rate)
        self._rate = voice.rate
        self._now = now

    @property
    def error(self) -> Exception | None:
        """Why it breaks off before its end."""
        return self.voicing.error or self.script.error

    @property
    def sentences(self) -> list[str]:
        """What the voice has taken from the script."""
        return self.said.texts

    def heard(self) -> str:
        """What the ear has reached."""
        return self.said.heard(self._position())

    def unheard(self) -> list[str]:
        """What the voice has taken from the script and the ear has not reached."""
        return self.said.unheard(self._position())

    def unheard_samples(self) -> int:
        """Of what has been sent."""
        return self.playhead.sent - self._position()

    def words(self, now: float) -> list[SaidWord]:
        """What the voice said, and when each word began to be heard, on the clock of `now`."""
        at = now if self.over_at is None else self.over_at
        return self.said.words(self.playhead.position(now), at)

    def as_live(self, state: LiveState) -> LiveState:
        """`state` with how far this reply has come, for another process to carry it on."""
        return replace(
            state,
            reply=self.number,
            source=self.source,
            spoken=self.said.spoken,
            sent_samples=self.playhead.sent,
            heard_samples=self._position(),
            unvoiced=(*self.said.unvoiced(), *self.script.unread()),
        )

    def restore(self, state: LiveState) -> None:
        """Stand where another process left this reply."""
        self.number, self.source = state.reply, state.source
        self.said = Said(self._rate, state.spoken)
        self.playhead.sent = state.sent_samples
        self.playhead.heard = state.heard_samples
        self.playhead.stopped_at = self.started_at = self._now()

    def release(self, number: int) -> None:
        self.number = number
        self.started_at = self._now()
        self.released.set()

    def report(self, played: int, *, underruns: int) -> None:
        """The client has played so many samples of it."""
        now = self._now()
        self.playhead.report(played, underruns=underruns, now=now)
        self.lag_s = min(self.lag_s, now - self.started_at - played / OUTPUT_HZ)
        self.reported.set()

    def interrupt(self) -> None:
        """The ear moves no further, and what it has reached is to be reported."""
        self.script.stop()
        self.is_interrupted = True
        self.playhead.stopped_at = self.over_at = self._now()
        self.reported.clear()

    def conclude(self) -> str:
        """It is over. Returns what was heard."""
        self.is_concluded = True
        self.over_at = self.over_at or self._now()
        return self.heard()

    def _position(self) -> int:
        return self.playhead.position(self._now())
