"""Deepgram's `listen` v1 on loopback: nova."""

from typing import Any

from tests.simulators.hearing import Hangup, HearingSimulator, Listener, Word

INTERIM_S = 1.0
"""The longest time without a word from it, while it gets sound."""


class NovaListener(Listener):
    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._start_s = 0.0
        """Where the segment begins."""
        self._words: list[Word] = []
        self._said_s = 0.0

    def hear(self, pcm: bytes) -> None:
        words = self.recognition.feed(pcm)
        self._words += words
        cut = self.simulator.cuts_after_words
        if cut and len(self._words) >= cut:
            self._say(is_final=True)
        elif words or self.recognition.position_s - self._said_s >= INTERIM_S:
            self._say()

    def told(self, message: dict[str, Any]) -> None:
        if message["type"] == "Finalize" and self.simulator.answers_finalise:
            self._words += self.recognition.flush()
            if self.recognition.position_s > self._start_s:  # else there is nothing left to do
                self._say(is_final=True, from_finalize=True)
        elif message["type"] == "CloseStream":
            raise Hangup(1000, "")

    def _say(self, *, is_final: bool = False, from_finalize: bool = False) -> None:
        self._said_s = self.recognition.position_s
        duration_s = self._said_s - self._start_s
        self.say(
            results(
                " ".join(word.text for word in self._words),
                start=self._start_s,
                duration=duration_s,
                words=[word.json for word in self._words],
                is_final=is_final,
                from_finalize=from_finalize,
            )
        )
        if is_final:
            self._start_s, self._words = self._said_s, []


class DeepgramSimulator(HearingSimulator):
    listener = NovaListener


def results(transcript: str, *, words: object = (), **fields: object) -> dict[str, object]:
    """One Results message; fields: those that are not as usual."""
    alternative = {"transcript": transcript, "confidence": 0.99, "words": list(words)}
    return {
        "type": "Results",
        "channel_index": [0, 1],
        "start": 0.0,
        "duration": 0.0,
        "is_final": False,
        "speech_final": False,
        "from_finalize": False,
        "channel": {"alternatives": [alternative]},
        "metadata": {
            "request_id": "00000000-0000-0000-0000-000000000000",
            "model_uuid": "00000000-0000-0000-0000-000000000000",
            "model_info": {"name": "general-nova-3", "version": "1", "arch": "nova-3"},
        },
    } | fields
