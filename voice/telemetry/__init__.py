"""How the voice is doing: how long each part of a turn took, reports on turns, and figures of the
process. Nothing here waits, and nothing here holds words that somebody said."""

from voice.telemetry.timings import Mark, TurnTimings

__all__ = ["Mark", "TurnTimings"]
