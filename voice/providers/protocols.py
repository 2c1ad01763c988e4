"""What a provider is to the pipeline: four small Protocols and the values that cross them.

Offline and cloud providers stand behind the same ones. An adapter translates its vendor's errors
into those of `errors.py`, once. Audio is mono PCM, signed 16-bit little-endian, everywhere.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Literal, Protocol, runtime_checkable

from voice.text.draft import Draft

INPUT_HZ = 16_000
"""Sample rate of what a SpeechToText is given."""
OUTPUT_HZ = 24_000
"""Sample rate of what a TextToSpeech returns."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """One piece of recognised speech. Pieces that are final are laid end to end; one that is not
    is replaced by the next."""

    text: str
    is_final: bool = False
    answers_finalise: bool = False
    """The last piece of what was sent before `finalise`; may be empty."""
    is_guess: bool = False
    """The provider stayed silent: this is what had been understood when time was up."""
    is_late: bool = False
    """It belongs to what was answered by a guess that had no word of it."""
    turn_over: bool | None = None
    """What the ear thinks of the turn just now, for those that judge turns: it is over, or it goes
    on. None: no opinion. Told anew with each piece; a piece may hold nothing else."""


class SpeechToTextStream(Protocol):
    """One open ear. `transcripts` is read by one task while another sends."""

    async def send(self, pcm: bytes) -> None:
        """Take a piece of sound, 20–100 ms at 16 kHz. Never waits, neither for recognition nor
        for the network: what cannot go out is queued, and the stream breaks when that is full."""

    async def finalise(self) -> None:
        """Ask for everything sent so far, now; never waits. Answered by one `answers_finalise`
        transcript."""

    def transcripts(self) -> AsyncIterator[Transcript]:
        """Yield what was recognised until the stream is closed. Raises ProviderError."""


class SpeechToText(Protocol):
    name: str
    speech_only: bool
    """Send only speech (with half a second before it), not the silence between."""
    tells_as_it_goes: bool
    """Gives transcripts while somebody speaks, so that one that gives none is deaf."""

    def open(
        self, *, language: str, terms: Sequence[str] = ()
    ) -> AbstractAsyncContextManager[SpeechToTextStream]:
        """An ear for one session; leaving the context closes it within a second.

        terms: names and words that are said often and heard wrong otherwise."""


@dataclass(frozen=True, slots=True)
class Message:
    """One entry of the prompt. A tool's result carries the call it answers; results in a row whose
    calls no message of the assistant made are those of calls made at once, just before them."""

    role: Literal["user", "assistant", "tool"]
    text: str
    call: "ToolCall | None" = None
    """For role "tool": the call that `text` answers."""
    calls: "tuple[ToolCall, ...]" = ()
    """For role "assistant": the tools it asked for after `text`. Their results follow, in this
    order."""


@dataclass(frozen=True, slots=True)
class Tool:
    """Something the model may ask for. `parameters` is a JSON schema of an object."""

    name: str
    description: str
    parameters: Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Tokens:
    """What an answer of a model took, as its vendor counts."""

    prompt: int
    answer: int
    is_estimated: bool = False
    """The vendor did not say: it is reckoned from characters."""


def _ignore(tokens: Tokens) -> None:
    """For who does not want to know."""


@dataclass(frozen=True, slots=True)
class Prompt:
    instructions: str
    messages: tuple[Message, ...]
    tools: tuple[Tool, ...] = ()
    language: str = "en"
    time_zone: str = "UTC"
    """The user's, an IANA name: what "today" means for them."""
    temperature: float = 0.7
    reply_tokens_max: int = 150
    on_tokens: Callable[[Tokens], None] = field(default=_ignore, compare=False, repr=False)
    """Told what the answer took, where the vendor says so; behind its last token."""


@dataclass(frozen=True, slots=True)
class ToolCall:
    id: str
    name: str
    arguments: Mapping[str, object] = field(default_factory=dict)


class LanguageModel(Protocol):
    name: str

    def stream(self, prompt: Prompt) -> AsyncGenerator[str | ToolCall, None]:
        """Yield the reply token by token, and behind its last word the tools that the model asks
        for, if any: the caller asks again with their results among the messages. Raises
        ProviderError. Closing it stops the model."""


@runtime_checkable
class StandIn(Protocol):
    """A provider that says something else where it stands in for better ones that are down."""

    stands_in: bool


@dataclass(frozen=True, slots=True)
class SpeechChunk:
    """A piece of spoken audio at 24 kHz, and the words that begin in it where the vendor says."""

    pcm: bytes
    words: tuple[tuple[str, float], ...] = ()
    """(word, start in seconds from the start of this sentence): the words of the text as they stand
    between its white space, in order."""
    ends_s: tuple[float, ...] = ()
    """Where each of `words` ends, from the vendors that say so."""


class TextToSpeech(Protocol):
    name: str

    def speak(self, text: str, *, voice: str, language: str) -> AsyncGenerator[SpeechChunk, None]:
        """Yield one sentence as sound in pieces of 20–200 ms, the first as soon as there is one.
        voice: "" for the default. Raises ProviderError. Closing it stops the voice."""


@runtime_checkable
class SpeaksDrafts(Protocol):
    """A TextToSpeech that begins before it has the whole sentence."""

    def speak_draft(
        self, draft: Draft, *, voice: str, language: str
    ) -> AsyncGenerator[SpeechChunk, None]:
        """Like `speak`, from the first words of `draft` on, to the end of what is written. Until
        then it may pause; nobody may be made to wait for words that are there."""


@dataclass(frozen=True, slots=True)
class Found:
    """One result of a search."""

    title: str
    url: str
    text: str


class Search(Protocol):
    name: str

    async def search(self, query: str, *, results_max: int) -> list[Found]:
        """What the web says, best first. Raises ProviderError."""
