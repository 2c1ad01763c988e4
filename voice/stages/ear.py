"""The ear of one session: speech goes to the chain, transcripts come back as events.

What belongs to which utterance is kept here: `finalise` is answered in order, so a piece of text
belongs to the oldest utterance that has not been answered, else to the one being spoken.
"""

from collections import deque
from collections.abc import Callable, Sequence

import structlog

from voice.providers.errors import ProviderError
from voice.providers.failover.hearing import HearingChain
from voice.providers.protocols import Transcript
from voice.telemetry.meters import count
from voice.turns.events import Event, TranscriptGrew

log = structlog.get_logger()


class Ear:
    """`run` is its life; `send` and `finalise` are called by others meanwhile."""

    def __init__(
        self,
        chain: HearingChain,
        *,
        language: str,
        terms: Sequence[str],
        emit: Callable[[Event], None],
        now: Callable[[], float],
        on_failure: Callable[[ProviderError], None],
        on_given: Callable[[str, float], None] = lambda name, seconds: None,
    ) -> None:
        """on_failure: told once when nobody can hear any more. on_given: told now and then how
        many more seconds of sound a provider was given."""
        self._hearing = chain.listen(
            self, language=language, terms=terms, on_given=self._count_given
        )
        self._on_given = on_given
        self._given_s = 0.0
        self._emit = emit
        self._now = now
        self._on_failure = on_failure
        self._asked: deque[int] = deque()
        """Utterances whose end was asked for and is not known."""
        self._utterance = 1
        self._settled = ""
        self._interim = ""
        self.heard_by = ""
        """Whose transcript was the last."""

    async def run(self) -> None:
        """Listen until cancelled."""
        await self._hearing.run()

    def steer(self, *, language: str, terms: Sequence[str]) -> None:
        """Expect this language and these terms from here on."""
        self._hearing.steer(language, terms)

    async def send(self, pcm: bytes, *, is_speech: bool) -> None:
        """Take what the microphone hears."""
        await self._hearing.send(pcm, is_speech=is_speech)

    def take_given_s(self) -> float:
        """How much sound its providers were given since this was last asked, as far as they have
        answered."""
        given_s, self._given_s = self._given_s, 0.0
        return given_s

    async def finalise(self, utterance: int) -> None:
        """Ask for the rest of this utterance. Answered by a final TranscriptGrew."""
        self._asked.append(utterance)
        self._utterance = utterance + 1
        await self._hearing.finalise()

    # --- what the chain tells (arbiter.Hearer) ----------------------------------------------------
    def on_transcript(self, transcript: Transcript, *, anew: bool) -> None:
        self.heard_by = self._hearing.name
        if anew:
            self._settled = self._interim = ""
        if transcript.is_final or transcript.answers_finalise:
            self._settled, self._interim = f"{self._settled} {transcript.text}".strip(), ""
        else:
            self._interim = transcript.text
        turn_over = transcript.turn_over
        if not transcript.answers_finalise:
            utterance = self._asked[0] if self._asked else self._utterance
            self._tell(utterance, is_final=False, is_late=transcript.is_late, turn_over=turn_over)
        elif self._asked:
            self._tell(self._asked.popleft(), is_final=True, turn_over=turn_over)

    def on_deaf(self, error: ProviderError, *, is_news: bool) -> None:
        """What was understood of each utterance is all there will be."""
        log.warning("stt.failed", error=str(error))
        while self._asked:
            self._tell(self._asked.popleft(), is_final=True)
        if is_news:
            count("errors", "stt")
            self._on_failure(error)

    def _count_given(self, name: str, seconds: float) -> None:
        self._given_s += seconds
        self._on_given(name, seconds)

    def _tell(
        self,
        utterance: int,
        *,
        is_final: bool,
        is_late: bool = False,
        turn_over: bool | None = None,
    ) -> None:
        text = f"{self._settled} {self._interim}".strip()
        self._emit(
            TranscriptGrew(
                self._now(), utterance, text, is_final, is_late=is_late, turn_over=turn_over
            )
        )
        if is_final:
            self._settled = self._interim = ""
