"""AssemblyAI's streaming v3 on loopback."""

from typing import Any

from tests.simulators.hearing import RATE_HZ, Hangup, HearingSimulator, Listener, Word

SHORTEST_S, LONGEST_S = 0.05, 1.0
"""Of sound in one message."""


class AssemblyAIListener(Listener):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._turn = 0
        self._words: list[Word] = []
        self._formats = self.simulator.query().get("format_turns") == ["True"]

    def greet(self) -> None:
        begin = {"type": "Begin", "id": "0" * 36, "expires_at": 4102444800}
        self.say(self.simulator.greeting or begin)

    def hear(self, pcm: bytes) -> None:
        if not SHORTEST_S <= len(pcm) / 2 / RATE_HZ <= LONGEST_S:
            self._fail(3007, "Input Duration Error: Received a message out of 50 to 1000 ms")
        words = self.recognition.feed(pcm)
        if words and not self._words:
            self.say({"type": "SpeechStarted", "timestamp": round(words[0].start_s * 1000)})
        self._words += words
        cut = self.simulator.cuts_after_words
        if cut and len(self._words) >= cut:
            self._end()
        elif words:
            self._tell(self._words[:-1], ends=False)

    def told(self, message: dict[str, Any]) -> None:
        if message["type"] == "ForceEndpoint" and self.simulator.answers_finalise:
            self._words += self.recognition.flush()
            if self._words:
                self._end()
        elif message["type"] == "Terminate":
            self.say({"type": "Termination", "audio_duration_seconds": 1})
            raise Hangup(1000, "")

    def _end(self) -> None:
        self._tell(self._words, ends=True)
        if self._formats and self.simulator.formats:
            self._tell(self._words, ends=True, formatted=True)
        self._turn += 1
        self._words = []

    def _tell(self, settled: list[Word], *, ends: bool, formatted: bool = False) -> None:
        self.say(
            turn(self._turn, self._words, settled=len(settled), ends=ends, formatted=formatted)
        )

    def _fail(self, code: int, message: str) -> None:
        self.say({"type": "Error", "error_code": code, "error": message})
        raise Hangup(code, message)


class AssemblyAISimulator(HearingSimulator):
    listener = AssemblyAIListener
    idle_s = 3600.0
    """It waits for ever, unless asked for an `inactivity_timeout`."""
    greeting: dict[str, object] = {}
    """What it says first instead of Begin."""
    formats = True
    """Say the words of a turn once more, formatted, where that was asked for."""


def turn(
    order: int,
    words: list[Word],
    *,
    settled: int | None = None,
    ends: bool = False,
    formatted: bool = False,
) -> dict[str, object]:
    """One Turn message. settled: how many of the words will not change any more; None for all."""
    settled = len(words) if settled is None else settled
    transcript = " ".join(word.text for word in words[:settled])
    return {
        "type": "Turn",
        "turn_order": order,
        "turn_is_formatted": formatted,
        "end_of_turn": ends,
        "transcript": f"{transcript.capitalize()}." if formatted else transcript,
        "end_of_turn_confidence": 0.9 if ends else 0.01,
        "words": [_word(word, index < settled) for index, word in enumerate(words)],
        "utterance": transcript if ends else "",
    }


def _word(word: Word, is_final: bool) -> dict[str, object]:
    return {
        "start": round(word.start_s * 1000),
        "end": round(word.end_s * 1000),
        "text": word.text,
        "confidence": 0.99,
        "word_is_final": is_final,
    }
