"""What a person waits for, measured in the page: headless Chromium whose microphone plays
recordings, against a real site with the offline providers.

Button → listening: from the click until socket and microphone are open, each time in a new context
with an empty cache. Then one long call, in which each recording is answered and the next one talks
over the answer. All its times are of the AudioContext's clock, the speaker's own latency included.
Between the recordings the microphone hears digital silence, so the first frame that is not silent
says when one began (at most 20 ms too early: figures err to our disadvantage); labels.jsonl says
where in it speech starts and ends. Usage: python -m bench.browser [runs]
"""

import sys
import tempfile
from dataclasses import dataclass, field
from itertools import cycle, islice, pairwise
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, StorageState, sync_playwright

from bench.figures import summary
from bench.latency import labels
from bench.servers import measured_site, wait_until_warm
from tests.browser.conftest import launch
from tests.browser.recordings import Recording, silence, write
from tests.browser.talk import Talk
from tests.serving import Site

LEAD_S, GAP_S, TAIL_S = 1.5, 2.0, 4.0
"""Digital silence before the first recording, between two (the answer is heard for as long), and
after the last."""
SPARE = 6
"""Recordings beyond the runs asked for: some answers are short and over before the next onset."""
SOONEST_MS = 96
"""VAD needs three frames to be sure (voice/audio/gate.py): what is sooner had another cause."""
SILENT_DB = -80
SILENT_FRAMES = 50
"""A second: within a recording noise suppression leaves no more than a few silent frames."""
CLICK = (
    "addEventListener('click', (event) => {"
    " if (event.target.closest('#start')) window.clicked_ms = event.timeStamp }, true)"
)

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
    stops_ms: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    early: list[str] = field(default_factory=list)
    """Recordings that were answered before their end."""
    nothing_to_stop: list[str] = field(default_factory=list)
    """Recordings before whose onset the reply, if there was one, had ended by itself."""
    stopped_before: list[str] = field(default_factory=list)
    """Recordings whose reply was interrupted before their onset, or too soon after it to be because
    of it: room noise or a breath was taken for speech. No barge-in, so not in `stops_ms`."""
    not_stopped: list[str] = field(default_factory=list)
    """Recordings that were talked over until the reply ended by itself. There must be none."""


# --- what happens in the browser ------------------------------------------------------------------
def log_in(browser: Browser, site: Site) -> StorageState:
    page = browser.new_page()
    page.goto(f"{site.url}/login/")
    page.fill("[name=username]", site.user)
    page.fill("[name=password]", site.password)
    page.click("main button[type=submit]")
    page.wait_for_selector("#start:enabled")
    state = page.context.storage_state()
    page.context.close()
    return state


def open_talk(browser: Browser, site: Site, login: StorageState) -> Talk:
    """A call that has begun, its microphone playing the recordings from their beginning."""
    context = browser.new_context(storage_state=login, permissions=["microphone"])
    talk = Talk(context, site.url)
    talk.page.add_init_script(CLICK)
    talk.load().start()
    talk.until("it listens", lambda: listening_at_ms(talk) is not None)
    return talk


def listening_at_ms(talk: Talk) -> float | None:
    for state in talk.announced("state"):
        if state["link"] == "open" and state["microphone"] == "on":
            return float(state["at_ms"])
    return None


def listening_ms(browser: Browser, site: Site, login: StorageState) -> float:
    talk = open_talk(browser, site, login)
    at_ms = listening_at_ms(talk)
    assert at_ms is not None
    waited_ms = at_ms - float(talk.page.evaluate("clicked_ms"))
    talk.page.click("#hang-up")
    talk.wait_for_state("idle")
    talk.page.context.close()
    return waited_ms


def call(browser: Browser, site: Site, login: StorageState, seconds: float) -> list[Event]:
    """All that the page announced while the recordings were played."""
    talk = open_talk(browser, site, login)
    talk.pause(seconds)
    announced: list[Event] = talk.page.evaluate("announced")
    talk.page.context.close()
    return announced


def played(recordings: list[Recording], path: Path) -> float:
    """Write what the microphone is to hear; returns how many seconds that lasts."""
    parts = [silence(LEAD_S)]
    for recording in recordings:
        parts += [recording.samples(), silence(GAP_S)]
    write(path, *parts, silence(TAIL_S))
    return sum(map(len, parts)) / 32_000 + TAIL_S


# --- what it means --------------------------------------------------------------------------------
def named(events: list[Event], name: str, **fields: object) -> list[Event]:
    wanted = {"name": name, **fields}
    return [event for event in events if wanted.items() <= event.items()]


def speeches(events: list[Event], recordings: list[Recording]) -> list[Speech]:
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
        Speech(recording.path.name, at_s + recording.start_s, at_s + recording.end_s)
        for at_s, recording in zip(began_s, recordings, strict=True)
    ]


def work_out(events: list[Event], spoken: list[Speech]) -> Figures:
    figures = Figures()
    ends_s = [speech.start_s for speech in spoken[1:]] + [float("inf")]
    for speech, next_s in zip(spoken, ends_s, strict=True):
        take_answer(events, speech, next_s, figures)
    for before, speech in pairwise(spoken):
        take_stop(events, before, speech, figures)
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


def take_stop(events: list[Event], before: Speech, speech: Speech, figures: Figures) -> None:
    """What became of the reply that began last before this onset."""
    replies = [
        event["reply"]
        for event in named(events, "audible")
        if before.start_s < event["time_s"] < speech.start_s
    ]
    ends_s = [
        event["audible_s"]
        for event in named(events, "stopped", reply=replies[-1] if replies else None)
        if event["audible_s"] is not None
    ]
    if not ends_s:
        (figures.not_stopped if replies else figures.nothing_to_stop).append(speech.name)
        return
    after_ms = (ends_s[-1] - speech.start_s) * 1000
    what = f"{speech.name} {after_ms:+.0f} ms"
    if not named(events, "message", type="interrupted", reply=replies[-1]):
        (figures.not_stopped if after_ms > 0 else figures.nothing_to_stop).append(what)
    elif after_ms < SOONEST_MS:
        figures.stopped_before.append(what)
    else:
        figures.stops_ms.append(after_ms)


def main() -> None:
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 20
    names = islice(cycle(name for name, *_ in labels()), runs + SPARE)
    recordings = [Recording.named(name) for name in names]
    with tempfile.TemporaryDirectory() as folder, measured_site() as site:
        microphone = Path(folder) / "microphone.wav"
        seconds = played(recordings, microphone)
        wait_until_warm(site)
        with sync_playwright() as playwright:
            browser = launch(playwright, microphone)
            login = log_in(browser, site)
            listening = [listening_ms(browser, site, login) for _ in range(runs)]
            events = call(browser, site, login, seconds)
            browser.close()
    figures = work_out(events, speeches(events, recordings))
    print(summary("button → listening", listening))
    print(summary("end of speech → first audible sample", figures.answers_ms))
    metrics = named(events, "message", type="turn_metrics", final=True)
    print(summary("    as the page itself reports it", [row["total_ms"] for row in metrics]))
    print(summary("onset of speech over a reply → last audible sample", figures.stops_ms))
    print(f"answered before their end: {figures.early or 'none'}")
    print(f"not answered: {figures.unanswered or 'none'}")
    print(
        f"not stopped, the reply ended by itself after the onset: {figures.not_stopped or 'none'}"
    )
    print(f"stopped before the onset, by no speech: {figures.stopped_before or 'none'}")
    print(f"nothing to stop at the onset: {figures.nothing_to_stop or 'none'}")


if __name__ == "__main__":
    main()
