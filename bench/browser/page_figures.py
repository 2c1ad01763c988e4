"""What the events and the tapped sound of a call mean: answers, ducks, stops, and their parts.

Between the recordings the microphone hears digital silence, so the first frame that is not silent
says when one began; where in it speech starts and ends says labels.jsonl. What the tap heard of it
then tells its place to a quarter of a millisecond.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from bench.browser.tap import Tapped
from tests.browser.recordings import Recording

SOONEST_MS = 96
"""VAD needs three frames to be sure (voice/audio/gate.py): what is sooner had another cause."""
SILENT_DB = -80
SILENT_FRAMES = 50
"""A second: within a recording noise suppression leaves no more than a few silent frames."""
DUCKED_GAIN = 0.126
"""−18 dB."""
DUCKED_WITHIN_S = 0.6

Event = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Speech:
    """A recording as the page heard it, in seconds of the AudioContext."""

    name: str
    start_s: float
    end_s: float


@dataclass
class Figures:
    answers_ms: list[float] = field(default_factory=list)
    ducks_ms: list[float] = field(default_factory=list)
    stops_ms: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    """Recordings that were answered before their end."""
    nothing_to_stop: list[str] = field(default_factory=list)
    """Recordings before whose onset the reply, if there was one, had ended by itself."""
    stopped_before: list[str] = field(default_factory=list)
    """Recordings whose reply was interrupted before their onset, or too soon after it to be because
    of it: room noise or a breath was taken for speech. No barge-in, so not in `stops_ms`."""
    not_ducked: list[str] = field(default_factory=list)
    not_stopped: list[str] = field(default_factory=list)
    """Recordings that were talked over until the reply ended by itself. There must be none."""


def named(events: list[Event], name: str, **fields: object) -> list[Event]:
    wanted = {"name": name, **fields}
    return [event for event in events if wanted.items() <= event.items()]


def speeches(events: list[Event], recordings: list[Recording], tapped: Tapped) -> list[Speech]:
    """When each recording was heard. Raises ValueError when sound was lost on the way."""
    began_s: list[float] = []
    silent = 0
    for frame in named(events, "microphone"):
        if frame["level_db"] <= SILENT_DB:
            silent += 1
            continue
        if silent >= SILENT_FRAMES:
            began_s.append(frame["time_s"])
        silent = 0
    if len(began_s) != len(recordings):
        raise ValueError(f"{len(recordings)} recordings were played, {len(began_s)} were heard")
    return [
        _speech(recording, at_s, tapped)
        for recording, at_s in zip(recordings, began_s, strict=True)
    ]


def _speech(recording: Recording, near_s: float, tapped: Tapped) -> Speech:
    at_s = tapped.place_s(recording.samples(), near_s) - tapped.capture_s
    return Speech(recording.path.name, at_s + recording.start_s, at_s + recording.end_s)


def work_out(events: list[Event], spoken: list[Speech], tapped: Tapped) -> Figures:
    figures = Figures()
    ends_s = [speech.start_s for speech in spoken[1:]] + [float("inf")]
    for speech, next_s in zip(spoken, ends_s, strict=True):
        take_answer(events, speech, next_s, figures)
    for before, speech in pairwise(spoken):
        reply = playing(events, before, speech)
        if reply is None:
            figures.nothing_to_stop.append(speech.name)
            continue
        take_duck(reply, speech, tapped, figures)
        take_stop(events, reply["reply"], speech, figures)
    return figures


def take_answer(events: list[Event], speech: Speech, next_s: float, figures: Figures) -> None:
    heard_s = [event["time_s"] for event in named(events, "audible")]
    answered_s = [at_s for at_s in heard_s if speech.start_s < at_s < next_s]
    if not answered_s:
        figures.unanswered.append(speech.name)
    elif answered_s[0] < speech.end_s:
        figures.early.append(speech.name)
    else:
        figures.answers_ms.append((answered_s[0] - speech.end_s) * 1000)


def playing(events: list[Event], before: Speech, speech: Speech) -> Event | None:
    """The `audible` of the reply that began last before this onset, if it was still to be heard."""
    begun = [
        event
        for event in named(events, "audible")
        if before.start_s < event["time_s"] < speech.start_s
    ]
    if not begun:
        return None
    end_s = _end_s(events, begun[-1]["reply"])
    return begun[-1] if end_s is None or end_s > speech.start_s else None


def _end_s(events: list[Event], reply: int) -> float | None:
    ends_s = [event["audible_s"] for event in named(events, "stopped", reply=reply)]
    return ends_s[-1] if ends_s else None


def take_duck(reply: Event, speech: Speech, tapped: Tapped, figures: Figures) -> None:
    """Until when, after the onset, the reply was louder than 18 dB below what it would have been.
    Not counted where it paused by itself around the onset."""
    began_s = reply["time_s"] - tapped.latency_s
    onset_s = speech.start_s
    gains = tapped.gains(
        reply["reply"], began_s, onset_s - tapped.latency_s - 0.1, onset_s + DUCKED_WITHIN_S
    )
    soft_s = [at_s for at_s, gain in gains if at_s > onset_s - 0.03 and gain <= DUCKED_GAIN]
    loud_s = [at_s for at_s, gain in gains if gain > DUCKED_GAIN]
    if not soft_s:
        what = f"{speech.name} ({len(gains)} windows)"
        return figures.not_ducked.append(what) if loud_s else None
    last_s = max((at_s for at_s in loud_s if at_s < soft_s[0]), default=None)
    if last_s is not None and soft_s[0] - last_s < 0.02:
        figures.ducks_ms.append((soft_s[0] - onset_s) * 1000)
    return None


def take_stop(events: list[Event], reply: int, speech: Speech, figures: Figures) -> None:
    """What became of the reply that was talked over."""
    end_s = _end_s(events, reply)
    if end_s is None:
        return figures.not_stopped.append(speech.name)
    after_ms = (end_s - speech.start_s) * 1000
    what = f"{speech.name} {after_ms:+.0f} ms"
    if not named(events, "message", type="interrupted", reply=reply):
        figures.not_stopped.append(what)
    elif after_ms < SOONEST_MS:
        figures.stopped_before.append(what)
    else:
        figures.stops_ms.append(after_ms)
    return None


def sent_ms(events: list[Event], tapped: Tapped) -> list[float]:
    """From a frame's first sample until the page handed it to the socket."""
    return [
        1000 * (tapped.at_s(frame["at_ms"]) - frame["time_s"]) + 1000 * tapped.capture_s
        for frame in named(events, "microphone")
    ]


def audible_ms(events: list[Event], tapped: Tapped) -> list[float]:
    """From a reply's first frame off the socket until its first audible sample at the ear, what it
    begins with of silence taken off."""
    return [
        1000 * (event["time_s"] - tapped.arrived_s[event["reply"]] - tapped.lead_s(event["reply"]))
        for event in named(events, "audible")
    ]
