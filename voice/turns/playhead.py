"""Where the user's ear is in a reply, and so how much more may be sent. Pure: `now` is passed in.

The socket gives no back-pressure, so this does. Between two `playback` reports the ear moves on at
the pace of playing, for REPORT_TRUST_S at most; a client that never reports is believed to hear at
that pace throughout. Positions are in samples at 24 kHz.
"""

from dataclasses import dataclass

from voice.turns.heard import OUTPUT_HZ

REPORT_TRUST_S = 2.0
"""Reports come every 0.25 s: after 2 s without one the client is not playing."""
STALLED_S = 10.0
LEAD_STEP_MS = 200
LEAD_MAX_MS = 2_000


@dataclass(slots=True)
class Playhead:
    lead_ms: float
    """How far the sound may run ahead of the ear."""
    reports: bool = False
    """This client has sent `playback` at least once."""
    sent: int = 0
    heard: float = 0.0
    moved_at: float = 0.0
    reported_at: float = 0.0
    underruns: int = 0
    stopped_at: float | None = None
    """When playing was cut: the ear moves no further on its own."""

    def send(self, samples: int, *, now: float) -> None:
        """Count samples that went out."""
        if self.sent == 0:
            self.moved_at = self.reported_at = now
        self._advance(now)
        self.sent += samples

    def report(self, played: int, *, underruns: int, now: float) -> None:
        """Take a `playback` of this reply. Under-runs let the sound run further ahead."""
        self.reports = True
        self.heard = float(min(played, self.sent))
        self.moved_at = self.reported_at = now
        if underruns > self.underruns:
            self.underruns = underruns
            self.lead_ms = min(LEAD_MAX_MS, self.lead_ms + LEAD_STEP_MS)

    def position(self, now: float) -> int:
        """The sample that the ear has reached."""
        self._advance(now)
        return int(self.heard)

    def room(self, now: float) -> int:
        """How many samples may be sent now; not positive when the ear must catch up first."""
        return int(self.lead_ms * OUTPUT_HZ / 1000) - (self.sent - self.position(now))

    def is_stalled(self, now: float) -> bool:
        """A client that used to report has stopped while sound is waiting for it."""
        return self.reports and self.sent > 0 and now - self.reported_at > STALLED_S

    def _advance(self, now: float) -> None:
        until = now if self.stopped_at is None else min(now, self.stopped_at)
        if self.reports:
            until = min(until, self.reported_at + REPORT_TRUST_S)
        if until > self.moved_at:
            self.heard = min(float(self.sent), self.heard + (until - self.moved_at) * OUTPUT_HZ)
        self.moved_at = max(self.moved_at, until)
