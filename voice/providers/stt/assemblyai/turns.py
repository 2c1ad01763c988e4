"""What AssemblyAI says of its turns → what was heard.

It tells a turn word by word: `transcript` holds those that will not change any more, the rest stand
in `words`. Some models end a turn twice, the second time with capitals and full stops.
"""

import asyncio
import math
from dataclasses import replace

from assemblyai.streaming.v3 import TurnEvent

from voice.providers.stt.wire import Heard, Take

FORMAT_S = 0.3
"""When the second takes longer, the first will do."""


class Turns:
    """Turns in the vendor's words → segments in ours."""

    def __init__(self) -> None:
        self.take: Take = lambda heard: None
        self._unformatted: Heard | None = None
        """The end of a turn whose better wording is on its way."""
        self._waiting: asyncio.TimerHandle | None = None
        self._passed_on = -1
        """The last turn whose final words were passed on."""

    def hear(self, turn: TurnEvent) -> None:
        heard = _heard(turn)
        if self._unformatted and heard.segment != self._unformatted.segment:
            self._settle()
        if heard.segment <= self._passed_on:
            return
        if heard.is_final and heard.text and not turn.turn_is_formatted:
            self._await_format(heard)
        elif heard.is_final:
            self._end(heard)
        else:
            self.take(heard)

    def close(self) -> None:
        self._unformatted = None
        if self._waiting:
            self._waiting.cancel()

    def _await_format(self, heard: Heard) -> None:
        self.close()
        self._unformatted = heard
        self._waiting = asyncio.get_running_loop().call_later(FORMAT_S, self._settle)
        self.take(replace(heard, is_final=False, answers_finalise=False))

    def _settle(self) -> None:
        if self._unformatted:
            self._end(self._unformatted)

    def _end(self, heard: Heard) -> None:
        self.close()
        self._passed_on = heard.segment
        self.take(heard)


def _heard(turn: TurnEvent) -> Heard:
    settled = turn.transcript.split()
    growing = () if turn.end_of_turn else turn.words[len(settled) :]
    return Heard(
        " ".join((*settled, *(word.text for word in growing))),
        segment=turn.turn_order,
        until_s=turn.words[-1].end / 1000 if turn.words else math.inf,
        is_final=turn.end_of_turn,
        answers_finalise=turn.end_of_turn,
    )
