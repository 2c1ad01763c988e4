"""Sound that was kept: a reply is taken down while a voice speaks it, and played from that later.

The sound goes the way of a live voice in both cases: the same frames, word times and captions.
"""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing

from voice.providers.failover.speaking import Outlet
from voice.providers.failover.utterance import Voiced
from voice.providers.protocols import OUTPUT_HZ
from voice.stages.speak import SpeakSentence
from voice.store import Sentence, Spoken
from voice.text.draft import Draft
from voice.turns.timeline import WordTime

SECONDS_MAX = 30.0
"""More is not taken down."""
PIECE_BYTES = OUTPUT_HZ // 5 * 2
"""0.2 s: the loop has other sessions to serve between two pieces."""


class Recording:
    """A reply as a voice spoke it once."""

    def __init__(self, spoken: Spoken) -> None:
        self._sentences: dict[str, tuple[bytes, Sentence]] = {}
        begin = 0
        for sentence in spoken.sentences:
            end = begin + 2 * sentence.samples
            self._sentences[sentence.said] = spoken.pcm[begin:end], sentence
            begin = end

    def holds(self, said: str | Draft) -> bool:
        return isinstance(said, str) and said in self._sentences

    async def speak(self, said: str) -> AsyncGenerator[Voiced, None]:
        """One of its sentences."""
        pcm, sentence = self._sentences[said]
        words = tuple(WordTime(*word) for word in sentence.words)
        yield Voiced(pcm[:PIECE_BYTES], words)
        for start in range(PIECE_BYTES, len(pcm), PIECE_BYTES):
            yield Voiced(pcm[start : start + PIECE_BYTES])


class Tape:
    """Takes down a reply as it is spoken, all of it or nothing: not what a second voice had to go
    on with, and not what is too long."""

    def __init__(self) -> None:
        self._is_spoilt = False
        self._pcm: list[bytes] = []
        self._samples = 0
        self._sentences: list[tuple[str, int, tuple[WordTime, ...]]] = []
        """As said, how many samples, and its words."""

    async def take(
        self, voice: SpeakSentence, said: str | Draft, outlet: Outlet
    ) -> AsyncGenerator[Voiced, None]:
        """Pass a sentence on as `voice` speaks it."""
        begin, words = self._samples, list[WordTime]()

        def taken_back() -> None:
            if self._samples > begin:
                self._spoil()

        async with aclosing(voice(said, _Watched(outlet, taken_back))) as stream:
            async for voiced in stream:
                self._keep(voiced.pcm)
                words += voiced.words
                yield voiced
        text = said if isinstance(said, str) else " ".join(said.words)
        self._sentences.append((text, self._samples - begin, tuple(words)))

    def spoken(self, voice: str, texts: Sequence[str]) -> Spoken | None:
        """All of it, by that name; None if it is not all there. texts: the sentences as they are
        written."""
        if self._is_spoilt or len(texts) != len(self._sentences) or not self._pcm:
            return None
        sentences = (
            Sentence(text, said, samples, words)
            for text, (said, samples, words) in zip(texts, self._sentences, strict=True)
        )
        return Spoken(voice, tuple(sentences), b"".join(self._pcm))

    def _keep(self, pcm: bytes) -> None:
        self._samples += len(pcm) // 2
        if self._samples > SECONDS_MAX * OUTPUT_HZ:
            self._spoil()
        elif not self._is_spoilt:
            self._pcm.append(pcm)

    def _spoil(self) -> None:
        self._is_spoilt = True
        self._pcm.clear()


class _Watched:
    """The outlet of a sentence; tells when sound is taken back, because another voice goes on."""

    def __init__(self, outlet: Outlet, on_taken_back: Callable[[], None]) -> None:
        self._outlet = outlet
        self._on_taken_back = on_taken_back

    def sent_s(self) -> float:
        return self._outlet.sent_s()

    def take_back(self, from_s: float) -> float:
        self._on_taken_back()
        return self._outlet.take_back(from_s)
