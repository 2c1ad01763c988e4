"""The talk page as a person sees it, and what it announces of itself (`voice:*` events)."""

import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page

ANNOUNCED = (
    "state",
    "message",
    "trouble",
    "microphone",
    "speaker",
    "audible",
    "stopped",
    "ducked",
    "echo",
    "path",
)
COLLECT = (
    "window.announced = [];"
    f"for (const name of {list(ANNOUNCED)!r}) document.addEventListener('voice:' + name, (event) =>"
    " announced.push({ name, ...event.detail, at_ms: performance.now() }));"
)
POLL_MS = 20


class Talk:
    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.url = url
        self.complaints: list[str] = []
        self.page.add_init_script(COLLECT)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.page.on("console", lambda said: self._note(said.type, said.text))

    def _note(self, kind: str, text: str) -> None:
        # Sockets that fail are part of what is tested here; all else that is red is not.
        if kind == "error" and "WebSocket" not in text:
            self.complaints.append(text)

    def load(self) -> "Talk":
        self.page.goto(self.url)
        return self

    def start(self) -> "Talk":
        self.page.click("#start")
        return self

    def wait_for_state(self, state: str, *, timeout_s: float = 10.0) -> "Talk":
        self.page.wait_for_selector(f'#talk[data-state="{state}"]', timeout=1000 * timeout_s)
        return self

    def type(self, text: str) -> None:
        self.page.fill("#text", text)
        self.page.press("#text", "Enter")

    @property
    def state(self) -> str:
        return self.page.inner_text("#state")

    def captions(self) -> list[str]:
        return self.page.locator(".utterance__text").all_inner_texts()

    def toasts(self) -> list[str]:
        return self.page.locator(".toast p").all_inner_texts()

    def announced(self, name: str) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = self.page.evaluate(
            "(name) => announced.filter((event) => event.name === name)", name
        )
        return found

    def messages(self, type: str) -> list[dict[str, Any]]:
        return [message for message in self.announced("message") if message["type"] == type]

    def until(self, what: str, is_so: Callable[[], object], *, timeout_s: float = 10.0) -> None:
        """Let the page go on until it is so. `what` names it for whoever reads the failure."""
        deadline = time.monotonic() + timeout_s
        while not is_so():
            assert time.monotonic() < deadline, f"Waited {timeout_s:g} s in vain: {what}"
            self.page.wait_for_timeout(POLL_MS)

    def pause(self, seconds: float) -> None:
        """Give something that must not happen the time to happen."""
        self.page.wait_for_timeout(1000 * seconds)
