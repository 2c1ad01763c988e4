"""Deepgram's `listen` v2 on loopback: Flux, which knows turns."""

from typing import Any

from tests.simulators.hearing import Hangup, HearingSimulator, Listener, Word

UPDATE_S = 0.25
"""Of sound, from one TurnInfo to the next where nothing happens."""
CONFIDENCE_PER_S = 1.4
"""Of silence: usual thresholds are reached after 0.3 s (eager) and 0.5 s."""
CONFIDENCE_MAX = 0.95
UNSURE = 0.1
REQUEST = "00000000-0000-0000-0000-000000000000"


class FluxListener(Listener):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._sequence = 0
        self._turn = 0
        self._start_s = 0.0
        self._said_s = 0.0
        self._words: list[Word] = []
        self._coming: list[Word] = []
        """Heard, and not understood yet."""
        self._awaits_end = False
        self._end = self._asked("eot_threshold", 0.7)
        self._eager_end = self._asked("eager_eot_threshold", 1.0)
        self._timeout_s = self._asked("eot_timeout_ms", 5000) / 1000

    def greet(self) -> None:
        self._tell({"type": "Connected"})

    def hear(self, pcm: bytes) -> None:
        self._coming += self.recognition.feed(pcm)
        if words := self._understood():
            event = "Update" if self._words else "StartOfTurn"
            self._words += words
            self._inform("TurnResumed" if self._awaits_end else event)
            self._awaits_end = False
        elif self.recognition.position_s - self._said_s >= UPDATE_S:
            self._inform("Update")
        self._judge()

    def told(self, message: dict[str, Any]) -> None:
        kind = message["type"]
        if kind == "CloseStream":
            raise Hangup(1000, "")
        if kind != "ForceEndTurn":
            self._tell({"type": "Error", "code": "UNPARSABLE_CLIENT_MESSAGE", "description": kind})
            raise Hangup(1008, "unparsable client message")
        if self.simulator.answers_finalise:
            self._words += [*self._coming, *self.recognition.flush()]
            self._coming = []
            if self._words:
                self._end_turn("manual")
            elif self.simulator.warns:
                code = "FORCE_END_TURN_NO_ACTIVE_TURN"
                self._tell({"type": "Warning", "code": code, "description": "No turn to end."})

    def _asked(self, name: str, default: float) -> float:
        return float(self.simulator.query().get(name, [default])[0])

    def _understood(self) -> list[Word]:
        until_s = self.recognition.position_s - self.simulator.lag_s
        words = [word for word in self._coming if word.end_s <= until_s]
        self._coming = self._coming[len(words) :]
        return words

    @property
    def _silent_s(self) -> float:
        return self.recognition.position_s - self._words[-1].end_s if self._words else 0.0

    @property
    def _confidence(self) -> float:
        knows_all = self._words and not self._coming
        is_open = not knows_all or self._words[-1].text in self.simulator.open_words
        return UNSURE if is_open else min(CONFIDENCE_MAX, self._silent_s * CONFIDENCE_PER_S)

    def _judge(self) -> None:
        cut = self.simulator.cuts_after_words
        if self._confidence >= self._end or (cut and len(self._words) >= cut):
            self._end_turn("model")
        elif self._silent_s >= self._timeout_s:
            self._end_turn("timeout")
        elif self._confidence >= self._eager_end and not self._awaits_end:
            self._awaits_end = True
            self._inform("EagerEndOfTurn")

    def _end_turn(self, trigger: str) -> None:
        self._inform("EndOfTurn", trigger=trigger)
        self._turn += 1
        self._start_s, self._words, self._awaits_end = self.recognition.position_s, [], False

    def _inform(self, event: str, **fields: object) -> None:
        self.simulator.events.append(event)
        self._said_s = self.recognition.position_s
        self._tell(
            turn_info(
                event,
                self._turn,
                " ".join(word.text for word in self._words),
                until_s=self._said_s,
                audio_window_start=self._start_s,
                words=[{"word": word.text, "confidence": 0.99} for word in self._words],
                end_of_turn_confidence=self._confidence,
                **fields,
            )
        )

    def _tell(self, message: dict[str, object]) -> None:
        self.say({"request_id": REQUEST, "sequence_id": self._sequence} | message)
        self._sequence += 1


class FluxSimulator(HearingSimulator):
    listener = FluxListener
    warns = True
    """Say so when there is no turn to end. It is documented both ways."""
    open_words: tuple[str, ...] = ()
    """After these it is sure that more will come."""
    lag_s = 0.0
    """Of sound, for which a word has been over before it is told."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.events: list[str] = []
        """Of all that it has told of turns."""


def turn_info(
    event: str, turn_index: int, transcript: str, *, until_s: float | None, **fields: object
) -> dict[str, object]:
    """One TurnInfo message; fields: those that are not as usual."""
    return {
        "type": "TurnInfo",
        "event": event,
        "turn_index": turn_index,
        "audio_window_start": 0.0,
        "audio_window_end": until_s,
        "transcript": transcript,
        "words": [],
        "end_of_turn_confidence": UNSURE,
    } | fields
