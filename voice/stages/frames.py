"""Sound on its way from the voice to the ear: frames in order, the last of which can be taken
back."""

import asyncio
from dataclasses import dataclass, replace

import numpy as np

from voice.providers.protocols import OUTPUT_HZ
from voice.turns.timeline import WordTime

FRAME_MS = 40
"""What a voice has to have made before any of it goes out. Where two frames wait they go out as
one, since a message costs the same whatever is in it; more than two would not fit into the least
PLAYOUT_LEAD_MS, 100 ms, and never go."""
FRAME_SAMPLES = OUTPUT_HZ * FRAME_MS // 1000
WAITING_MAX = 600 // FRAME_MS
"""No sentence is begun while more is waiting."""
SENTENCE_MAX = 30_000 // FRAME_MS
"""What may wait of the one that was begun, so that its length is known before it is heard."""
LOUD = 500
"""-36 dB: most voices are silent for a moment before they begin, and when they are done."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Sound of one sentence; never more than one sentence in a frame."""

    sentence: int
    """Index of the sentence in this reply."""
    pcm: bytes
    words: tuple[WordTime, ...] = ()
    """What the voice said meanwhile of where words are."""
    ends_sentence: bool = False

    def joined(self, following: "Frame") -> "Frame":
        """With the next of the same sentence."""
        pcm, words = self.pcm + following.pcm, self.words + following.words
        return Frame(self.sentence, pcm, words, ends_sentence=following.ends_sentence)

    @property
    def loud(self) -> tuple[int, int] | None:
        """The first sample that is not silent, and the one behind the last; None if all are."""
        loud = np.abs(np.frombuffer(self.pcm, "<i2")) > LOUD
        first = int(loud.argmax()) if loud.size else 0
        if not loud.size or not loud[first]:
            return None
        return first, loud.size - int(loud[::-1].argmax())


class Frames(asyncio.Queue[Frame | None]):
    """Sound in order, then None. Full (30 s) means that the voice waits for the ear, and so does a
    sentence before it begins, for most of what is waiting. One task puts, another gets: two frames
    of a sentence joined, where both are here."""

    def __init__(self) -> None:
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._ended = -1
        """The last sentence that was put to its end."""
        super().__init__(SENTENCE_MAX)

    async def room(self) -> None:
        """Return once another sentence may begin."""
        await self._has_room.wait()

    def rest(self, sentence: int) -> tuple[int, int] | None:
        """Once this sentence is here to its end: how many samples of it are waiting, and how many
        of these come before its last silence."""
        if sentence > self._ended:
            return None
        silence = 0
        for frame in reversed(self._of(sentence)):
            if loud := frame.loud:
                silence += len(frame.pcm) // 2 - loud[1]
                break
            silence += len(frame.pcm) // 2
        samples = self.waiting_samples(sentence)
        return samples, samples - silence

    def waiting_samples(self, sentence: int) -> int:
        """How much of this sentence has not gone out."""
        return sum(len(frame.pcm) // 2 for frame in self._of(sentence))

    def take_back(self, sentence: int, samples: int) -> None:
        """Drop the last `samples` of this sentence, or all of it that is still here. For the task
        that puts."""
        while samples > 0 and (waiting := self._of(sentence)):
            frame = waiting[-1]
            kept = frame.pcm[: max(0, len(frame.pcm) - 2 * samples)]
            samples -= (len(frame.pcm) - len(kept)) // 2
            self._queue.pop()  # type: ignore[attr-defined]
            if kept:
                self._queue.append(replace(frame, pcm=kept))  # type: ignore[attr-defined]
        self._look()

    def _put(self, item: Frame | None) -> None:
        super()._put(item)
        if item is not None and item.ends_sentence:
            self._ended = item.sentence
        self._look()

    def _get(self) -> Frame | None:
        item: Frame | None = super()._get()
        following = self._following()
        if item and following and following.sentence == item.sentence:
            item = item.joined(following)
            super()._get()
        self._look()
        return item

    def _following(self) -> Frame | None:
        return self._queue[0] if self._queue else None  # type: ignore[attr-defined]

    def _look(self) -> None:
        if self.qsize() <= WAITING_MAX:
            self._has_room.set()
        else:
            self._has_room.clear()

    def _of(self, sentence: int) -> list[Frame]:
        return [frame for frame in self._queue if frame and frame.sentence == sentence]  # type: ignore[attr-defined]
