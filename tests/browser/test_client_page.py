"""The page of docs/clients.md, in Chromium, on another site than the one it calls."""

import re
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Playwright

from tests import serving
from tests.browser import conftest
from tests.serving import ROOT, Site

[PAGE] = re.findall(
    r"^```html\n(.*?)^```", (ROOT / "docs" / "clients.md").read_text(), re.MULTILINE | re.DOTALL
)


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[str]:
    """The page on a site of its own."""
    (tmp_path / "index.html").write_text(PAGE)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path)))
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def called(
    postgres: None, redis: None, elsewhere: str, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Site]:
    """A site that lets that page call it."""
    with serving.site(tmp_path_factory.mktemp("site"), CORS_ORIGINS=elsewhere) as running:
        yield running


def test_it_logs_in_types_and_plays_the_answer(
    called: Site, elsewhere: str, playwright: Playwright
):
    browser = conftest.launch(playwright)
    page = browser.new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    page.goto(elsewhere)
    page.fill("#site", called.url)
    page.fill("#name", called.user)
    page.fill("#password", called.password)
    page.click("text=Call")
    page.wait_for_selector("#captions >> text=session ")
    page.fill("#text", "Say after me: hello there")
    page.press("#text", "Enter")
    page.wait_for_selector("#captions >> text=user: Say after me: hello there")
    page.wait_for_selector("#captions >> text=assistant:")
    browser.close()

    assert [each for each in complaints if "favicon" not in each and "404" not in each] == []
