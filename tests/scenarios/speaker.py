"""What the client plays: sample-exact, so that it is known what anybody could have heard."""

from dataclasses import dataclass

from tests.scenarios.seen import Seen, Sound
from tests.scenarios.timeline import Client
from voice.providers.protocols import OUTPUT_HZ

ONE_AT_A_TIME_S = 0.02
"""Beyond what the network and the buffer hold back, two replies that touch by less are one after
the other."""


@dataclass(slots=True)
class Playing:
    """One reply."""

    plays_from: float
    received: int = 0
    played: int = 0
    underruns: int = 0
    moved_at: float = 0.0
    is_stopped: bool = False

    def advance(self, now: float) -> None:
        """A buffer that runs dry waits for the next frame."""
        if self.is_stopped or now < self.plays_from:
            return
        since = max(self.moved_at, self.plays_from)
        self.played = min(self.received, self.played + round((now - since) * OUTPUT_HZ))
        self.moved_at = now

    def rest_s(self, now: float) -> float:
        """How long it would still be heard."""
        self.advance(now)
        if self.is_stopped:
            return 0.0
        return (self.received - self.played) / OUTPUT_HZ + max(0.0, self.plays_from - now)


class Speaker:
    def __init__(self, plan: Client, seen: Seen) -> None:
        self._plan = plan
        self._seen = seen
        self._replies: dict[int, Playing] = {}

    def take(self, sound: Sound, now: float) -> None:
        playing = self._replies.get(sound.reply)
        if playing is None:
            self._note_overlap(now)
            playing = self._replies[sound.reply] = Playing(now + self._plan.buffer_s)
        playing.advance(now)
        if playing.played and playing.played == playing.received:
            playing.underruns += 1
        playing.received += sound.samples

    def stop(self, now: float, reply: int | None = None) -> None:
        """This reply, or all of them: at once and for good."""
        for number, playing in self._replies.items():
            if reply in (None, number):
                playing.advance(now)
                playing.is_stopped = True
                self._seen.played[number] = playing.played

    def reports(self, now: float) -> list[tuple[int, float, int]]:
        """(reply, milliseconds played, under-runs) of the last reply, until it was all played and
        that has been reported."""
        return [
            (number, playing.played * 1000 / OUTPUT_HZ, playing.underruns)
            for number, playing in list(self._replies.items())[-1:]
            if self._moved(number, playing, now)
        ]

    def _moved(self, number: int, playing: Playing, now: float) -> bool:
        before = self._seen.played.get(number, -1)
        playing.advance(now)
        self._seen.played[number] = playing.played
        return playing.played != before or playing.is_stopped

    def _note_overlap(self, now: float) -> None:
        rest_s = max((playing.rest_s(now) for playing in self._replies.values()), default=0.0)
        if rest_s > self._plan.network_s + self._plan.buffer_s + ONE_AT_A_TIME_S:
            self._seen.doubled_s += rest_s
