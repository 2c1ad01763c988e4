"""Deepgram's ear for conversations: Flux over `listen` v2. It gets all that the microphone hears.

Flux judges turns, and what it thinks of one goes with its words. A finalise comes in each pause,
within turns too, so it must not end Flux's: Flux tells every quarter of a second what it has heard,
and the first that reaches up to the finalise answers it. What else it hears in that turn is told
afterwards. Flux is made to end a turn only where the microphone has stopped, since it can hear
neither a word nor the end of a turn then.
"""

import math
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import INPUT_HZ
from voice.providers.stt.deepgram import Deepgram, DeepgramWire, keyterms
from voice.providers.stt.wire import BYTES_PER_S, Heard, Wire

END, EAGER_END = 0.7, 0.4
"""How sure it has to be that a turn is over, and that it may be. The first is Deepgram's default;
without the second it never tells of an early end, nor that a turn was resumed after one
(https://developers.deepgram.com/docs/flux/configuration)."""
TIMEOUT_MS = 5000
"""Of silence, Deepgram's default: longer than we wait for somebody who has not finished."""
MONOLINGUAL = "flux-general-en"
LANGUAGES = {
    MONOLINGUAL: ("en",),
    "flux-general-multi": ("en", "es", "fr", "de", "hi", "ru", "pt", "ja", "it", "nl"),
}
"""https://developers.deepgram.com/docs/flux/language-prompting"""
SILENCE = bytes(BYTES_PER_S // 10)


class Flux(Deepgram):
    def _endpoint(self, client: Any) -> Any:
        return client.listen.v2

    def _wire(self, socket: Any) -> Wire:
        return FluxWire(socket, self.name)

    def _connecting(self, language: str, terms: Sequence[str]) -> AbstractAsyncContextManager[Any]:
        model = self._account.model
        spoken = language.split("-")[0].lower()
        known = LANGUAGES.get(model, (spoken,))
        if spoken not in known:
            raise self._account.rejected(
                f"{model} understands {', '.join(known)}, not “{language}”; "
                f"check {self._account.model_setting}",
                is_ours=True,
            )
        monolingual = model == MONOLINGUAL
        connecting: AbstractAsyncContextManager[Any] = self._listen.connect(
            model=model,
            encoding="linear16",
            sample_rate=INPUT_HZ,
            eot_threshold=END,
            eager_eot_threshold=EAGER_END,
            eot_timeout_ms=TIMEOUT_MS,
            keyterm=keyterms(terms) if monolingual else None,
            language_hint=None if monolingual else [spoken],
        )
        return connecting


class FluxWire(DeepgramWire):
    answers_unasked = True

    async def finalise(self) -> None:
        await self._socket.send_force_end_turn()

    async def keep_alive(self) -> float:
        """There is no message for it; what Flux counts is sound."""
        await self._socket.send_media(SILENCE)
        return len(SILENCE) / BYTES_PER_S

    def _heard(self, message: Any) -> Heard | None:
        kind = getattr(message, "type", None)  # the SDK makes None of what it doesn't know
        if kind == "Error":
            raise ProviderUnavailable(
                self._provider, f"gave up: {message.code}: {message.description}"
            )
        if kind == "Warning" and message.code == "FORCE_END_TURN_NO_ACTIVE_TURN":
            return Heard("", segment=-1, is_final=True, answers_finalise=True)
        if kind != "TurnInfo":
            return None
        until_s, is_over = message.audio_window_end, _is_over(message)
        return Heard(
            message.transcript or "",
            segment=message.turn_index,
            until_s=math.inf if until_s is None else until_s,
            is_final=message.event == "EndOfTurn",
            answers_finalise=message.trigger == "manual",
            ends_speech=is_over is True,
            turn_over=is_over,
        )


def _is_over(turn: Any) -> bool | None:
    """None before its first word, and where we ended it. An early end is none: it may be taken
    back, and we begin answers on suspicion by ourselves."""
    if turn.event == "EndOfTurn":
        return None if turn.trigger == "manual" else True
    return False if turn.transcript else None
