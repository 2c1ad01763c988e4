"""Deepgram's `listen` v2 on loopback: Flux, which knows turns."""

from typing import Any

from tests.simulators.hearing import Hangup, HearingSimulator, Listener, Word

UPDATE_S = 0.25
"""Of sound, from one TurnInfo to the next where nothing happens."""
PAUSE_S = 0.5
"""Of silence, after which the model is confident that somebody has finished."""
TIMEOUT_S = 5.0
REQUEST = "00000000-0000-0000-0000-000000000000"


class FluxListener(Listener):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._sequence = 0
        self._turn = 0
        self._start_s = 0.0
        self._said_s = 0.0
        self._words: list[Word] = []
        query = self.simulator.query()
        self._ends_turns = float(query.get("eot_threshold", ["0.7"])[0]) < 1.0

    def greet(self) -> None:
        self._tell({"type": "Connected"})

    def hear(self, pcm: bytes) -> None:
        words = self.recognition.feed(pcm)
        if words:
            event = "Update" if self._words else "StartOfTurn"
            self._words += words
            self._inform(event)
        elif self.recognition.position_s - self._said_s >= UPDATE_S:
            self._inform("Update")
        self._end_by_itself()

    def told(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "CloseStream":
            raise Hangup(1000, "")
        if kind != "ForceEndTurn":
            self._tell({"type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": kind})
            raise Hangup(1008, "unparsable client message")
        if self.simulator.answers_finalise:
            self._words += self.recognition.flush()
            if self._words:
                self._end("manual")
            elif self.simulator.warns:
                code = "FORCE_END_TURN_NO_ACTIVE_TURN"
                self._tell({"type": "Warning", "code": code, "description": "No turn to end."})

    def _end_by_itself(self) -> None:
        if not self._words:
            return
        silent_s = self.recognition.position_s - self._words[-1].end_s
        cut = self.simulator.cuts_after_words
        if (cut and len(self._words) >= cut) or (self._ends_turns and silent_s >= PAUSE_S):
            self._end("model")
        elif silent_s >= TIMEOUT_S:
            self._end("timeout")

    def _end(self, trigger: str) -> None:
        self._inform("EndOfTurn", trigger=trigger)
        self._turn += 1
        self._start_s, self._words = self.recognition.position_s, []

    def _inform(self, event: str, **fields: object) -> None:
        self._said_s = self.recognition.position_s
        self._tell(
            {
                "type": "TurnInfo",
                "event": event,
                "turn_index": self._turn,
                "audio_window_start": self._start_s,
                "audio_window_end": self._said_s,
                "transcript": " ".join(word.text for word in self._words),
                "words": [{"word": word.text, "confidence": 0.99} for word in self._words],
                "end_of_turn_confidence": 0.1,
            }
            | fields
        )

    def _tell(self, message: dict[str, object]) -> None:
        self.say({"request_id": REQUEST, "sequence_id": self._sequence} | message)
        self._sequence += 1


class FluxSimulator(HearingSimulator):
    listener = FluxListener
    warns = True
    """Say so when there is no turn to end. It is documented both ways."""
