"""From a probability per frame to the two moments that matter: somebody began, somebody stopped.

Pure. Positions are sample indices in the microphone stream, and say when it happened, not when it
was decided: an onset is reported 96 ms late, an offset 224 ms late, with the defaults.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Onset:
    sample: int
    """Where speech began."""


@dataclass(frozen=True, slots=True)
class Offset:
    sample: int
    """Where speech ended."""


class SpeechGate:
    """Two thresholds and two minimal lengths, so that a click opens nothing and a plosive's gap
    closes nothing."""

    def __init__(
        self,
        *,
        threshold_on: float = 0.5,
        threshold_off: float = 0.35,
        onset_frames: int = 3,
        offset_frames: int = 7,
    ) -> None:
        """threshold_on, threshold_off: Silero's own defaults (0.5, and 0.15 below it).
        onset_frames: 96 ms; shorter than any word, longer than a click or a key.
        offset_frames: 224 ms; gaps inside a word reach 100 to 150 ms before a plosive.
        """
        if not 0 < threshold_off <= threshold_on < 1:
            raise ValueError("thresholds must keep 0 < off <= on < 1")
        if onset_frames < 1 or offset_frames < 1:
            raise ValueError("an onset and an offset need a frame at least")
        self.speaking = False
        self._on, self._off = threshold_on, threshold_off
        self._frames_needed = {False: onset_frames, True: offset_frames}
        self._began = 0
        """Where the run of frames that speak for a change began,"""
        self._frames = 0
        """and how many it has; 0 when there is none."""

    def feed(self, probability: float, sample: int) -> Onset | Offset | None:
        """sample: index of the first sample of the frame. Frames of 512 samples, in order."""
        if self._contradicts(probability):
            self._frames = 0
        elif self._frames or self._speaks_for_change(probability):
            self._began = self._began if self._frames else sample
            self._frames += 1
        if self._frames < self._frames_needed[self.speaking]:
            return None
        self._frames = 0
        self.speaking = not self.speaking
        return Onset(self._began) if self.speaking else Offset(self._began)

    def _speaks_for_change(self, probability: float) -> bool:
        return probability < self._off if self.speaking else probability >= self._on

    def _contradicts(self, probability: float) -> bool:
        """Between the thresholds a pause goes on but does not begin, and an onset does neither."""
        return probability >= self._on if self.speaking else probability < self._on
