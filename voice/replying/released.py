"""The replies that have a number, and what the client says of them: how much of each it has played.

Only the last few are known; reports on older ones count for nothing.
"""

import asyncio

import structlog

from voice.audio.reference import Reference
from voice.providers.protocols import OUTPUT_HZ
from voice.replying.reply import Reply
from voice.runtime import Runtime
from voice.text.echo import SaidWord
from voice.wire import Heard, Playback

log = structlog.get_logger()

LAST_REPORT_S = 0.3
"""How long a cut reply waits for the client to say what was heard: `reply_ended` is due by 0.5."""
JITTER_S = 0.02
"""By so much the network's delay may vary while a reply is cut."""
ECHO_S = 1.5
"""An echo's words may come so long after the reply's end."""
NUMBERED_MAX = 4
"""Replies that reports may still come for."""


class Released:
    def __init__(self, runtime: Runtime, reference: Reference) -> None:
        """reference: is told where in the microphone's stream a reply is heard."""
        self.is_aligned = False
        """This client says where that is."""
        self._line = runtime.line
        self._reference = reference
        self._now = runtime.clock.now
        self._replies: dict[int, Reply] = {}

    def restart(self) -> None:
        """Another client's microphone and speaker."""
        self.is_aligned = False
        self._reference.restart()

    def add(self, number: int, reply: Reply) -> None:
        self._replies[number] = reply
        while len(self._replies) > NUMBERED_MAX:
            del self._replies[next(iter(self._replies))]

    def of(self, number: int) -> Reply:
        """Raises KeyError for one that is forgotten."""
        return self._replies[number]

    def open(self) -> Reply | None:
        """The reply that is being heard."""
        last = next(reversed(self._replies.values()), None)
        return None if last is None or last.is_interrupted or last.is_concluded else last

    def words_heard(self) -> list[SaidWord]:
        """What could be heard of the assistant in the last moments."""
        now = self._now()
        lately = [r for r in self._replies.values() if now - (r.over_at or now) < ECHO_S]
        return [word for reply in lately for word in reply.words(now)]

    # --- what the client says -------------------------------------------------------------------
    def report(self, playback: Playback) -> None:
        self._line.reports = True
        reply = self._replies.get(playback.reply)
        if reply is not None:
            self._align(playback)
            played = int(playback.played_ms * OUTPUT_HZ / 1000)
            reply.report(played, underruns=playback.underruns)

    def measure(self, heard: Heard) -> Reply | None:
        """Take how long the user waited for a reply; returns it, unless that was known or comes
        too late."""
        reply = self._replies.get(heard.reply)
        if reply is None or reply.timings is None or reply.is_reported:
            return None
        if reply.metrics and reply.metrics.final:
            return None
        reply.metrics = reply.timings.metrics(turn=reply.turn, reply=reply.number, heard=heard)
        return reply

    async def last_report(self, reply: Reply) -> None:
        """Wait until the client has said how much of it was played, but not long.

        A report that comes within a round trip of a cut may have left before the client knew of
        it: that one is taken for the last which is the last when the round trip is over."""
        try:
            async with asyncio.timeout(LAST_REPORT_S):
                await reply.reported.wait()
                if reply.over_at is not None:
                    await self._pass(reply.over_at + reply.lag_s)
        except TimeoutError:
            log.debug("reply.no_last_report", reply=reply.number)

    async def _pass(self, moment: float) -> None:
        rest_s = moment - self._now()
        if rest_s > JITTER_S:
            await asyncio.sleep(rest_s + JITTER_S)

    def _align(self, playback: Playback) -> None:
        """Lay the reply beside the microphone's stream, where the client says how."""
        mic, sample, connection = playback.mic_sample, playback.reply_sample, self._line.connection
        if mic is not None and sample is not None and connection is not None:
            self.is_aligned = True
            self._reference.pair(playback.reply, sample, mic / connection.rate_hz)
