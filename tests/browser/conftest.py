"""A real server in a process of its own, and a Chromium whose microphone plays a recording.

No ORM in here: Playwright's loop runs in this thread, and Django would refuse."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests import serving
from tests.browser import chromium, recordings
from tests.browser.talk import Talk
from tests.serving import Site

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--use-fake-device-for-media-stream",
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(postgres: None, redis: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The whole application on a free port."""
    with serving.site(tmp_path_factory.mktemp("site"), LOG_LEVEL="WARNING") as running:
        yield running


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def login(site: Site, playwright: Playwright) -> dict[str, Any]:
    """The cookies of somebody who is logged in."""
    browser = launch(playwright)
    page = browser.new_page()
    page.goto(f"{site.url}/login/")
    page.fill("[name=username]", site.user)
    page.fill("[name=password]", site.password)
    page.click("main button[type=submit]")
    page.wait_for_selector("#start")
    state = page.context.storage_state()
    browser.close()
    return dict(state)


@pytest.fixture(scope="session")
def silence(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A second of digital silence, as a recording."""
    return recordings.write(
        tmp_path_factory.mktemp("recordings") / "silence.wav", recordings.silence(1.0)
    )


OpenTalk = Callable[..., Talk]


@pytest.fixture(scope="session")
def browser_hearing(playwright: Playwright) -> Iterator[Callable[[Path | None], Browser]]:
    """A browser whose microphone plays a recording from its start whenever it is opened."""
    browsers: dict[Path | None, Browser] = {}

    def browser(recording: Path | None) -> Browser:
        if recording not in browsers:
            browsers[recording] = launch(playwright, recording)
        return browsers[recording]

    yield browser
    for browser in browsers.values():
        browser.close()


@pytest.fixture
def open_talk(
    site: Site,
    browser_hearing: Callable[[Path | None], Browser],
    login: dict[str, Any],
    silence: Path,
) -> Iterator[OpenTalk]:
    """Open the talk page with a microphone that plays `recording` once and is silent afterwards.

    At the end of the test: no error on the console, no breach of the content security policy."""
    talks: list[Talk] = []

    def open_page(
        recording: Path | None = None, *, microphone: bool = True, query: str = "", **context: Any
    ) -> Talk:
        browser = browser_hearing((recording or silence) if microphone else None)
        allowed = ["microphone"] if microphone else []
        talk = Talk(
            browser.new_context(storage_state=login, permissions=allowed, **context),
            f"{site.url}/{query}",
        )
        talks.append(talk)
        return talk

    yield open_page
    for talk in talks:
        talk.page.context.close()
    assert [talk.complaints for talk in talks] == [[]] * len(talks)


def launch(playwright: Playwright, recording: Path | None = None) -> Browser:
    """recording: what the microphone hears; None for one that may not be used."""
    flags = [*FLAGS]
    if recording:
        flags.append("--use-fake-ui-for-media-stream")
        flags.append(f"--use-file-for-fake-audio-capture={recording}%noloop")
    return playwright.chromium.launch(executable_path=chromium.find(), args=flags)
