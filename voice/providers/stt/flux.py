"""Deepgram's ear for conversations: Flux over `listen` v2. It gets all that the microphone hears.

Flux can tell by itself when somebody has finished. Our own VAD does, so that is turned off
(https://developers.deepgram.com/docs/flux/own-turn-detection); where Flux ends a turn all the same,
its words are a piece of what is being said.
"""

import math
from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager
from typing import Any

from voice.providers.errors import ProviderUnavailable
from voice.providers.protocols import INPUT_HZ
from voice.providers.stt.deepgram import Deepgram, DeepgramWire, keyterms
from voice.providers.stt.wire import BYTES_PER_S, Heard, Wire

NEVER = 1.0
"""No confidence is above this: the model ends no turn."""
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
            eot_threshold=NEVER,
            keyterm=keyterms(terms) if monolingual else None,
            language_hint=None if monolingual else [spoken],
        )
        return connecting


class FluxWire(DeepgramWire):
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
        ends = message.event == "EndOfTurn"
        until_s = message.audio_window_end
        return Heard(
            message.transcript or "",
            segment=message.turn_index,
            until_s=math.inf if until_s is None else until_s,
            is_final=ends,
            answers_finalise=ends and message.trigger == "manual",
        )
