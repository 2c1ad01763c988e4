"""The voice of one reply: its sentences spoken by a provider, or played from a recording."""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass, field
from functools import partial

from voice.providers.errors import ProviderError
from voice.providers.failover.speaking import Outlet, SpeakingChain
from voice.providers.failover.utterance import Voiced
from voice.replying.making import REPEATED
from voice.replying.recording import Recording, Tape
from voice.replying.said import Said
from voice.replying.script import Script
from voice.stages.frames import Frames
from voice.stages.speak import speak
from voice.text.draft import Draft
from voice.text.pronunciation import Pronunciation
from voice.turns.heard import SpeakingRate


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks, and how."""

    chain: SpeakingChain
    name: str
    language: str
    pronunciation: Pronunciation
    rate: SpeakingRate = field(default_factory=SpeakingRate)
    """Of this session's voice."""


class Voicing:
    def __init__(self, voice: Voice) -> None:
        self.recording: Recording | None = None
        """The sentences that need no voice any more."""
        self.tape: Tape | None = None
        """Takes the others down."""
        self.error: ProviderError | None = None
        """Why it broke off."""
        self._said: list[tuple[str, str | Draft]] = []
        """Who was given which text. A Draft grows until it is finished."""
        self.on_sentence: Callable[[], None] = lambda: None
        self.on_voice: Callable[[str], None] = lambda name: None
        """Told at each sentence which provider speaks it."""
        self._voice = voice

    async def run(self, script: Script, frames: Frames, said: Said) -> None:
        """Until all of the script is among the frames, or there is an error. said: is told what
        the frames say."""

        def give(text: str, spoken: str) -> None:
            said.give(text, spoken)
            self.on_sentence()

        try:
            await speak(
                script,
                frames,
                voice=self._speak,
                said=self._voice.pronunciation.of,
                on_sentence=give,
                on_more=said.give_more,
                language=self._voice.language,
            )
        except ProviderError as error:
            self.error = error
            await frames.put(None)

    def characters(self) -> dict[str, int]:
        """How much each provider was given to say: all of a sentence, where it began it."""
        given: dict[str, int] = {}
        for name, text in self._said:
            length = len(text if isinstance(text, str) else " ".join(text.words))
            given[name] = given.get(name, 0) + length
        return given

    def _speak(self, text: str | Draft, outlet: Outlet) -> AsyncGenerator[Voiced, None]:
        """One sentence: from the recording where that holds it."""
        if self.recording is not None and self.recording.holds(text):
            self.on_voice(REPEATED)
            return self.recording.speak(str(text))
        live = partial(
            self._voice.chain.speak,
            voice=self._voice.name,
            language=self._voice.language,
            on_served=partial(self._served, text),
        )
        return live(text, outlet) if self.tape is None else self.tape.take(live, text, outlet)

    def _served(self, text: str | Draft, name: str) -> None:
        self._said.append((name, text))
        self.on_voice(name)
