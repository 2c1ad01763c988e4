"""What a person waits for, measured in the page: headless Chromium whose microphone plays
recordings, against a real site with the offline providers.

Button → listening: from the click until socket and microphone are open, each time in a new context
with an empty cache. Then one long call, in which each recording is answered and the next one talks
over the answer; the same call with the network 200 ms late each way; and replies that are stopped
by a key and by typing. All times are of the AudioContext's clock, with what the browser says of the
latency of its microphone and its speaker added. Usage: python -m bench.browser [runs]
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from itertools import cycle, islice
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, StorageState, sync_playwright

from bench.browser.delay import delayed
from bench.browser.page_figures import (
    Event,
    Figures,
    audible_ms,
    named,
    sent_ms,
    speeches,
    work_out,
)
from bench.browser.tap import Tapped
from bench.figures import summary
from bench.servers import measured_site, wait_until_warm
from bench.speech.clips import labels
from tests.browser.conftest import launch
from tests.browser.recordings import Recording, silence, write
from tests.browser.talk import Talk
from tests.serving import Site

LEAD_S, GAP_S, TAIL_S = 3.0, 2.0, 4.0
"""Digital silence before the first recording (the echo test's chime is over by then), between two
(the answer is heard for as long), and after the last."""
SPARE = 6
"""Recordings beyond the runs asked for: some answers are short and over before the next onset."""
DELAY_S = 0.2
LONG_QUESTION = "Tell me everything that you can do."
LISTEN_S, SILENT_S, ANSWER_S = 1.0, 0.5, 20.0
CLICK = (
    "addEventListener('click', (event) => {"
    " if (event.target.closest('#start')) window.clicked_ms = event.timeStamp }, true)"
)


@dataclass(frozen=True, slots=True)
class Heard:
    """A call: what the page announced, and what the tap heard."""

    events: list[Event]
    tapped: Tapped


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


def new_talk(browser: Browser, site: Site, login: StorageState, *, tapped: bool) -> Talk:
    context = browser.new_context(
        storage_state=login, permissions=["microphone"], bypass_csp=tapped
    )
    talk = Talk(context, site.url)
    talk.page.add_init_script(CLICK)
    if tapped:
        Tapped.install(talk.page)
    return talk.load()


def listening_at_ms(talk: Talk) -> float | None:
    for state in talk.announced("state"):
        if state["link"] == "open" and state["microphone"] == "on":
            return float(state["at_ms"])
    return None


def listening_ms(browser: Browser, site: Site, login: StorageState) -> float:
    talk = new_talk(browser, site, login, tapped=False).start()
    talk.until("it listens", lambda: listening_at_ms(talk) is not None)
    at_ms = listening_at_ms(talk)
    assert at_ms is not None
    waited_ms = at_ms - float(talk.page.evaluate("clicked_ms"))
    talk.page.click("#hang-up")
    talk.wait_for_state("idle")
    talk.page.context.close()
    return waited_ms


def call(browser: Browser, site: Site, login: StorageState, seconds: float) -> Heard:
    """A call while the microphone plays the recordings from their beginning."""
    talk = new_talk(browser, site, login, tapped=True).start()
    talk.until("it listens", lambda: listening_at_ms(talk) is not None)
    talk.pause(seconds)
    return over(talk)


def over(talk: Talk) -> Heard:
    heard = Heard(talk.page.evaluate("announced"), Tapped.collect(talk.page))
    talk.page.context.close()
    return heard


def stopped_ms(
    browser: Browser, site: Site, login: StorageState, runs: int, stop: Callable[[Talk], None]
) -> list[float]:
    """Replies to typed questions; from the key that stops each until nothing of it is heard."""
    talk = new_talk(browser, site, login, tapped=True)
    for answered in range(runs):
        talk.type(LONG_QUESTION)
        talk.until(
            "the answer is heard",
            partial(has_answered, talk, answered),
            timeout_s=ANSWER_S,
        )
        talk.pause(LISTEN_S)
        stop(talk)
        talk.pause(SILENT_S)
        talk.page.keyboard.press("Escape")
        talk.wait_for_state("listening")
    return waits_ms(over(talk))


def has_answered(talk: Talk, times: int) -> bool:
    return len(talk.announced("audible")) > times


def waits_ms(heard: Heard) -> list[float]:
    """From each key that stopped a reply until the last audible sample of it."""
    keys_s = [key_s for key, key_s in heard.tapped.keys_s if key in ("Escape", "Enter")]
    waits = []
    for stopped in named(heard.events, "stopped"):
        told_s = heard.tapped.at_s(stopped["at_ms"])
        key_s = max(key_s for key_s in keys_s if key_s < told_s)
        audible_s = stopped["audible_s"]
        # A reply that was just pausing, or ended by itself, was not stopped by the key.
        if told_s - key_s < SILENT_S and audible_s is not None and audible_s > key_s:
            waits.append(1000 * (audible_s - key_s))
    return waits


@contextmanager
def slowed(site: Site) -> Iterator[Site]:
    """The same site behind a slow network."""
    port = urlsplit(site.url).port
    assert port
    with delayed(port, DELAY_S) as slow:
        yield replace(site, url=f"http://localhost:{slow}")


def played(recordings: list[Recording], path: Path) -> float:
    """Write what the microphone is to hear; returns how many seconds that lasts."""
    parts = [silence(LEAD_S)]
    for recording in recordings:
        parts += [recording.samples(), silence(GAP_S)]
    write(path, *parts, silence(TAIL_S))
    return sum(map(len, parts)) / 32_000 + TAIL_S


# --- what is printed ------------------------------------------------------------------------------
def row(name: str, values: list[float]) -> None:
    print(summary(name, values) if values else f"{name:<52} nothing measured")


def report(figures: Figures, heard: Heard) -> None:
    row("end of speech → first audible sample", figures.answers_ms)
    metrics = named(heard.events, "message", type="turn_metrics", final=True)
    row("    as the page itself reports it", [metric["total_ms"] for metric in metrics])
    row("sound → frame handed to the socket", sent_ms(heard.events, heard.tapped))
    row("first frame received → audible", audible_ms(heard.events, heard.tapped))


def report_overlap(figures: Figures) -> None:
    row("onset of speech over a reply → ducked by 18 dB", figures.ducks_ms)
    row("onset of speech over a reply → last audible sample", figures.stops_ms)
    print(f"answered before their end: {figures.early or 'none'}")
    print(f"not answered: {figures.unanswered or 'none'}")
    print(f"not ducked: {figures.not_ducked or 'none'}")
    print(
        f"not stopped, the reply ended by itself after the onset: {figures.not_stopped or 'none'}"
    )
    print(f"stopped before the onset, by no speech: {figures.stopped_before or 'none'}")
    print(f"nothing to stop at the onset: {figures.nothing_to_stop or 'none'}")


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
            row("button → listening", [listening_ms(browser, site, login) for _ in range(runs)])
            for where in (nearby, slowed):
                with where(site) as reached:
                    heard = call(browser, reached, login, seconds)
                spoken = speeches(heard.events, recordings, heard.tapped)
                figures = work_out(heard.events, spoken, heard.tapped)
                print(f"--- {where.__doc__}")
                report(figures, heard)
                report_overlap(figures)
            print("--- stopped by hand")
            for name, stop in STOPS.items():
                row(name, stopped_ms(browser, site, login, runs, stop))
            browser.close()


@contextmanager
def nearby(site: Site) -> Iterator[Site]:
    """The site itself."""
    yield site


STOPS: dict[str, Callable[[Talk], None]] = {
    "key → last audible sample": lambda talk: talk.page.keyboard.press("Escape"),
    "typed text → last audible sample": lambda talk: talk.type("Never mind."),
}


if __name__ == "__main__":
    main()
