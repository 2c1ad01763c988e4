"""AssemblyAI's ear: Universal-Streaming v3. It gets all that the microphone hears.

Our own VAD decides when somebody has finished. Where AssemblyAI ends a turn by itself, its words
are a piece of what is being said.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from assemblyai.streaming.v3 import RealTimeParameters, RealTimeTranscriberOptions, SpeechModel

from voice.providers.account import Account
from voice.providers.http import CONNECT_S
from voice.providers.protocols import INPUT_HZ
from voice.providers.stt.assemblyai.connection import Connection
from voice.providers.stt.closing import to_the_end
from voice.providers.stt.socket_stream import SocketStream
from voice.providers.stt.terms import fitting

LEAVES_TURNS_TO_US: dict[bool, dict[str, object]] = {
    True: {"end_of_turn_confidence_threshold": 1.0, "format_turns": True},
    False: {"min_turn_silence": 1000, "max_turn_silence": 2000},
}
"""The family of universal-streaming (True) ends no turn where no confidence is enough; the others
look for an end after so many milliseconds of silence, which is later than we do."""
SIX = ("en", "es", "de", "fr", "pt", "it")
LANGUAGES = {
    "universal-streaming-english": ("en",),
    "universal-streaming-multilingual": SIX,
    "u3-rt-pro": SIX,
}
"""https://www.assemblyai.com/docs/faq/language-support-for-real-time-transcription"""
TERMS_MAX, TERM_CHARACTERS_MAX = 100, 50


class AssemblyAI:
    speech_only = False
    tells_as_it_goes = True

    def __init__(self, account: Account) -> None:
        self.name = account.provider
        self._account = account
        self._options = RealTimeTranscriberOptions(
            api_host="ws" + account.base_url.rstrip("/").removeprefix("http"),
            api_key=account.key,
            connect_timeout=2 * CONNECT_S,  # ours is over before, and tells what happened
            max_connection_retries=0,
        )

    @asynccontextmanager
    async def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AsyncIterator[SocketStream]:
        parameters = self._parameters(language, terms)
        wire = Connection(self._options, self._account)
        try:
            await wire.connect(parameters)
            async with SocketStream(wire, self._account) as stream:
                yield stream
        finally:
            await to_the_end(wire.close())

    async def aclose(self) -> None:
        """Streams share no connection; each is closed with its own."""

    def _parameters(self, language: str, terms: Sequence[str]) -> RealTimeParameters:
        """Raises ProviderRejected for what the model can't do."""
        account = self._account
        if account.model not in {model.value for model in SpeechModel}:
            raise account.rejected(
                f"knows no model “{account.model}”; check {account.model_setting}"
            )
        spoken = language.split("-")[0].lower()
        known = LANGUAGES.get(account.model, (spoken,))
        if spoken not in known:
            raise account.rejected(
                f"{account.model} understands {', '.join(known)}, not “{language}”; "
                f"check {account.model_setting}",
                is_ours=True,
            )
        turns = LEAVES_TURNS_TO_US[account.model.startswith("universal-streaming")]
        return RealTimeParameters.model_validate(
            {
                "sample_rate": INPUT_HZ,
                "encoding": "pcm_s16le",
                "speech_model": account.model,
                "keyterms_prompt": _keyterms(terms),
                **turns,
            }
        )


def _keyterms(terms: Sequence[str]) -> list[str] | None:
    """None for none, since they cost extra."""
    chosen = fitting(terms, count_max=TERMS_MAX, term_max=TERM_CHARACTERS_MAX)
    return chosen or None
