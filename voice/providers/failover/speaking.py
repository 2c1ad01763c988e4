"""The voices of a chain as one that says each word once, whoever says it."""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import aclosing, asynccontextmanager
from typing import Protocol

from voice.audio.pcm import silence
from voice.providers.errors import ProviderUnavailable
from voice.providers.failover.budget import HedgeBudget
from voice.providers.failover.deadlines import SPEAK
from voice.providers.failover.member import Member, in_order
from voice.providers.failover.relay import Relay
from voice.providers.failover.utterance import SECONDS_PER_LETTER, Utterance, Voiced
from voice.providers.protocols import OUTPUT_HZ, SpeaksDrafts, SpeechChunk, TextToSpeech
from voice.providers.text import until
from voice.providers.voices import voice_of
from voice.text.draft import Draft

BETWEEN_VOICES_S = 0.06
"""A breath between the words of two voices."""
TELLING_LETTERS = 20
"""Of a shorter sentence, such as “No, not yet.”, pauses are the greater part."""
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
        text: str | Draft,
        outlet: Outlet,
        *,
        voice: str,
        language: str,
        on_served: Callable[[str], None],
    ) -> AsyncGenerator[Voiced, None]:
        """One sentence as sound. Where a voice fails in the middle, the next one goes on with the
        first word that was not whole, and `outlet` takes back what there was of it. Raises
        ProviderError when no voice could go on.

        text: a Draft is spoken as it is written by voices that can, by others once it is whole.
        voice: the agent's, as `voices.voice_of` reads it. on_served: told who gave the first
        sound."""
        draft = text if isinstance(text, Draft) else Draft(text, is_whole=True)
        if not self.speaks_drafts:
            await until(draft, lambda: draft.is_whole)
        sentence = _Sentence(draft, outlet, self._rates, voice, language)
        relay = Relay(
            self._members,
            lambda provider: sentence.begin(provider, hands_on=relay.hands_on),
            deadlines=SPEAK,
            budget=self._budget,
        )
        speaker = ""
        async with _patient(relay, draft), aclosing(relay.items()) as items:
            async for member, (utterance, chunk) in items:
                if not speaker:
                    on_served(member.name)
                speaker = member.name
                for piece in sentence.take(utterance, chunk):
                    yield piece
        if speaker:
            self._learn(speaker, sentence.said)

    @property
    def speaks_drafts(self) -> bool:
        """Whether who is asked first begins before it has the whole sentence."""
        return isinstance(in_order(self._members)[0].provider, SpeaksDrafts)

    def _learn(self, speaker: str, said: Utterance) -> None:
        if said.given_s and said.letters >= TELLING_LETTERS:
            rate = self._rates.get(speaker, said.measured_rate())
            self._rates[speaker] = RATE_KEPT * rate + (1 - RATE_KEPT) * said.measured_rate()


class _Sentence:
    """One sentence on its way through the voices."""

    def __init__(
        self, draft: Draft, outlet: Outlet, rates: Mapping[str, float], voice: str, language: str
    ) -> None:
        self.said = Utterance(draft.words)
        """By the voice that goes on from here, or is to."""
        self._draft = draft
        self._utterances = [self.said]
        draft.listen(self._grow)
        self._spoken: Utterance | None = None
        """What the last sound belongs to: `said` runs ahead of it when another voice begins."""
        self._outlet = outlet
        self._rates = rates
        self._voice = voice
        self._language = language

    def begin(self, provider: TextToSpeech, *, hands_on: bool) -> AsyncGenerator[Given, None]:
        """Have this voice say the rest. hands_on: who spoke before will give no more, so what has
        not gone out can be said anew."""
        rest = self.said.rest(anew=hands_on and self._outlet.sent_s() <= self.said.from_s)
        if hands_on:
            rest.from_s = self._outlet.take_back(rest.from_s)
            self.said = rest
        self._utterances.append(rest)
        knows_rate = provider.name in self._rates
        rest.rate = self._rates.get(provider.name, SECONDS_PER_LETTER)
        asked = _asked(provider, rest, self._draft, self._voice, self._language)
        return _given(provider, rest, asked, knows_rate=knows_rate)

    def take(self, utterance: Utterance, chunk: SpeechChunk) -> Iterator[Voiced]:
        """The chunk as a part of the sentence, after a breath where another voice begins."""
        if self._spoken is not None and utterance is not self._spoken:
            utterance.from_s = self._outlet.take_back(utterance.from_s)
            if utterance.from_s:
                yield Voiced(silence(BETWEEN_VOICES_S, OUTPUT_HZ))
                utterance.from_s += BETWEEN_VOICES_S
        self.said = self._spoken = utterance
        yield utterance.take(chunk)

    def _grow(self) -> None:
        for utterance in self._utterances:
            utterance.words = self._draft.words[utterance.first_word :]


async def _given(
    provider: TextToSpeech,
    utterance: Utterance,
    asked: AsyncGenerator[SpeechChunk, None],
    *,
    knows_rate: bool,
) -> AsyncGenerator[Given, None]:
    has_sound = False
    async with aclosing(asked):
        async for chunk in asked:
            has_sound = has_sound or bool(chunk.pcm)
            yield utterance, chunk
    if not utterance.words:  # the voice before broke off behind its last word
        return
    if not has_sound:
        raise ProviderUnavailable(provider.name, "made no sound")
    if knows_rate and utterance.is_cut_short():
        raise ProviderUnavailable(provider.name, "ended long before the sentence")


async def _asked(
    provider: TextToSpeech, utterance: Utterance, draft: Draft, voice: str, language: str
) -> AsyncGenerator[SpeechChunk, None]:
    """This utterance by this voice, as early as it can."""
    named = voice_of(voice, provider.name)
    can_begin = isinstance(provider, SpeaksDrafts)
    await until(draft, lambda: draft.is_whole or (can_begin and bool(utterance.words)))
    if not utterance.words:
        return
    if isinstance(provider, SpeaksDrafts) and not draft.is_whole:
        rest = draft.rest(utterance.first_word)
        stream = provider.speak_draft(rest, voice=named, language=language)
    else:
        stream = provider.speak(utterance.text, voice=named, language=language)
    async with aclosing(stream):
        async for chunk in stream:
            yield chunk


@asynccontextmanager
async def _patient(relay: Relay[TextToSpeech, Given], draft: Draft) -> AsyncIterator[None]:
    """Nobody is late while the sentence is being written."""
    if draft.is_whole:
        yield
        return

    def go_on() -> None:
        if draft.is_whole:
            relay.go_on()

    relay.hold()
    stop = draft.listen(go_on)
    try:
        yield
    finally:
        stop()
