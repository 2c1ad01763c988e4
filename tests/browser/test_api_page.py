"""/docs, in Chromium: everything on it comes from this site, and it can be tried out."""

import re
from typing import Any

from playwright.sync_api import Playwright, expect

from tests.browser import conftest
from tests.serving import Site


def test_an_address_can_be_tried_out_on_the_page(
    site: Site, login: dict[str, Any], playwright: Playwright
):
    browser = conftest.launch(playwright)
    page = browser.new_context(storage_state=login).new_page()
    complaints: list[str] = []
    asked: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site.url}/docs")
    operation = page.locator("#operations-Memories-forget_all_memories")
    operation.locator("button").first.click()
    operation.get_by_text("Try it out").click()
    operation.get_by_text("Execute").click()
    status = operation.locator(".live-responses-table .response .response-col_status").inner_text()
    browser.close()

    assert status.startswith("204")  # with the cookie and its CSRF token
    assert complaints == []
    assert [url for url in asked if not url.startswith((site.url, "data:"))] == []


BRIGHT, DARK = re.compile(r"rgb\(2\d\d, 2\d\d, 2\d\d\)"), re.compile(r"rgb\(\d\d, \d\d, \d\d\)")
NOTHING = "rgba(0, 0, 0, 0)"


def test_it_follows_the_colour_scheme_as_the_other_pages_do(
    site: Site, login: dict[str, Any], playwright: Playwright
):
    browser = conftest.launch(playwright)
    page = browser.new_context(storage_state=login, color_scheme="dark").new_page()
    complaints: list[str] = []
    page.on("console", lambda said: complaints.append(said.text))
    page.goto(f"{site.url}/docs")
    page.locator("#operations-Memories-forget_all_memories").wait_for()
    ground, heading = page.locator("html"), page.locator(".opblock-tag").first
    expect(ground).to_have_css("background-color", DARK)
    expect(heading).to_have_css("color", BRIGHT)
    page.emulate_media(color_scheme="light")
    expect(ground).to_have_css("background-color", NOTHING)
    expect(heading).to_have_css("color", DARK)
    browser.close()

    assert complaints == []
