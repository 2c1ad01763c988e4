"""kill -9 of the server in the middle of a reply: the talk page shows one reply, in one place."""

from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser

from tests.browser.talk import Talk
from tests.serving import Site, database, site

BACK_S = 30.0


@pytest.fixture
def kept(postgres: None, redis: None) -> Iterator[str]:
    with database() as url:
        yield url


def logged_in(browser: Browser, running: Site) -> Talk:
    talk = Talk(browser.new_context(), running.url)
    talk.page.goto(f"{running.url}/login/")
    talk.page.fill("[name=username]", running.user)
    talk.page.fill("[name=password]", running.password)
    talk.page.click("main button[type=submit]")
    talk.page.wait_for_selector("#start")
    return talk.load()


def test_a_reply_that_another_server_carries_on_stays_one_caption(
    kept: str, tmp_path: Path, browser_hearing: Callable[[Path | None], Browser]
) -> None:
    with site(tmp_path, on_database=kept, LOG_LEVEL="WARNING") as first:
        talk = logged_in(browser_hearing(None), first)
        talk.type("Tell me everything that you can do.")
        talk.until("the answer is heard", lambda: talk.announced("audible"), timeout_s=BACK_S)
        talk.pause(1.0)
        first.process.kill()
        first.process.wait()
        same_port = str(urlsplit(first.url).port)
        with site(tmp_path, on_database=kept, LOG_LEVEL="WARNING", PORT=same_port):
            talk.until("it is over", lambda: ended(talk) == [1, 2], timeout_s=BACK_S)
            heard, rest = (message["heard_text"] for message in talk.messages("reply_ended"))
            assert [message.get("resumes") for message in talk.messages("reply_started")][1] == 1
            assert talk.captions()[1:] == [f"{heard} {rest}"]
            talk.page.context.close()


def ended(talk: Talk) -> list[int]:
    return [message["reply"] for message in talk.messages("reply_ended")]
