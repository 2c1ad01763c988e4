"""The voices of a chain as one that says each word once, whoever says it."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Protocol

from voice.audio.pcm import silence
from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import SPEAK
from voice.providers.failover.member import Member
from voice.providers.failover.relay import Relay
from voice.providers.failover.utterance import SECONDS_PER_LETTER, Utterance, moved
from voice.providers.protocols import OUTPUT_HZ, SpeechChunk, TextToSpeech
from voice.providers.voices import voice_of

BETWEEN_VOICES_S = 0.06
"""A breath between the words of two voices."""
RATE_KEPT = 0.8
"""Share of what is known of a voice's rate when another sentence is measured."""


class Outlet(Protocol):
    """Where the sound of one sentence goes."""

    def sent_s(self) -> float:
        """How many seconds of it have gone out for good."""

    def take_back(self, from_s: float) -> float:
        """What was given beyond this many seconds is void, unless it has gone out. Returns where
        the sound goes on."""


Given = tuple[Utterance, SpeechChunk]


class SpeakingChain:
    def __init__(
        self, members: Sequence[Member[TextToSpeech]], rates: dict[str, float] | None = None
    ) -> None:
        """rates: seconds per letter, by the name of a voice's provider; learned as they speak."""
        self._members = members
        self._budget = HedgeBudget()
        self._rates = {} if rates is None else rates

    async def speak(
        self,
        text: str,
        outlet: Outlet,
        *,
        voice: str,
        language: str,
        on_served: Callable[[str], None],
    ) -> AsyncGenerator[SpeechChunk, None]:
        """One sentence as sound. Where a voice fails in the middle, the next one goes on with the
        first word that was not whole, and `outlet` takes back what there was of it. Raises
        ProviderError when no voice could go on.

        voice: the agent's, as `voices.voice_of` reads it. on_served: told who gave the first
        sound."""
        said = Utterance(tuple(text.split()))
        spoken: Utterance | None = None
        """What was given last; `said` runs ahead of it when another voice begins."""

        def begin(provider: TextToSpeech) -> AsyncGenerator[Given, None]:
            nonlocal said
            if relay.hands_on:  # so what has not gone out can be said anew
                rest = said.rest(anew=outlet.sent_s() <= said.from_s)
                rest.from_s = outlet.take_back(rest.from_s)
                said = rest
            else:
                rest = said.rest()
            rest.rate = self._rates.get(provider.name, SECONDS_PER_LETTER)
            return _given(provider, rest, voice, language, knows_rate=provider.name in self._rates)

        relay = Relay(self._members, begin, deadlines=SPEAK, budget=self._budget)
        async with aclosing(relay.items()) as items:
            async for member, (utterance, chunk) in items:
                if spoken is None:
                    on_served(member.name)
                elif utterance is not spoken:
                    utterance.from_s = outlet.take_back(utterance.from_s)
                    if utterance.from_s:
                        yield SpeechChunk(silence(BETWEEN_VOICES_S, OUTPUT_HZ))
                        utterance.from_s += BETWEEN_VOICES_S
                said = spoken = utterance
                said.take(chunk)
                yield moved(chunk, said.from_s)
                speaker = member.name
        if spoken is not None:
            self._learn(speaker, said)

    def _learn(self, speaker: str, said: Utterance) -> None:
        if said.given_s:
            rate = self._rates.get(speaker, said.measured_rate())
            self._rates[speaker] = RATE_KEPT * rate + (1 - RATE_KEPT) * said.measured_rate()


async def _given(
    provider: TextToSpeech, utterance: Utterance, voice: str, language: str, *, knows_rate: bool
) -> AsyncGenerator[Given, None]:
    if not utterance.words:  # the voice before broke off behind its last word
        return
    has_sound = False
    named = voice_of(voice, provider.name)
    stream = provider.speak(utterance.text, voice=named, language=language)
    async with aclosing(stream):
        async for chunk in stream:
            has_sound = has_sound or bool(chunk.pcm)
            yield utterance, chunk
    if not has_sound:
        raise ProviderUnavailable(provider.name, "made no sound")
    if knows_rate and utterance.is_cut_short():
        raise ProviderUnavailable(provider.name, "ended long before the sentence")
