"""Sound on its way from the voice to the ear: frames in order, the last of which can be taken
back."""

import asyncio
from dataclasses import dataclass, replace

from voice.providers.protocols import OUTPUT_HZ

FRAME_MS = 40
"""Half the messages of 20 ms, and still less than anybody notices when it is cut."""
FRAME_SAMPLES = OUTPUT_HZ * FRAME_MS // 1000
WAITING_MAX = 600 // FRAME_MS


@dataclass(frozen=True, slots=True)
class Frame:
    """Sound of one sentence; never more than one sentence in a frame."""

    sentence: int
    """Index of the sentence in this reply."""
    text: str
    pcm: bytes
    ends_sentence: bool = False


class Frames(asyncio.Queue[Frame | None]):
    """Sound in order, then None. Full (600 ms) means that the voice waits for the ear. One task
    puts, another gets."""

    def __init__(self) -> None:
        super().__init__(WAITING_MAX)

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

    def _of(self, sentence: int) -> list[Frame]:
        return [frame for frame in self._queue if frame and frame.sentence == sentence]  # type: ignore[attr-defined]
