"""A language model that only an agent asks, on the dashboard of a server where nobody has talked to
it: it stands behind the chain, and its button works."""

from pathlib import Path

from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import launch
from tests.serving import Site, site

WISH = """
from conversations.models import Agent
Agent.objects.update(language_models="groq:a/larger-one, offline")
"""


def dashboard(playwright: Playwright, running: Site) -> Page:
    page = launch(playwright).new_page()
    page.goto(f"{running.url}/login/?next=/dashboard/")
    page.fill("[name=username]", running.user)
    page.fill("[name=password]", running.password)
    page.click("main button[type=submit]")
    return page


def test_one_is_asked_no_more_and_again(
    postgres: None, redis: None, tmp_path: Path, playwright: Playwright
) -> None:
    nobody = "http://127.0.0.1:9"
    groq = {"GROQ_API_KEY": "a-key", "GROQ_BASE_URL": nobody, "LLM_CHAIN": "offline"}
    with site(tmp_path, LOG_LEVEL="WARNING", **groq) as running:
        running.manage("shell", "-c", WISH)
        page = dashboard(playwright, running)
        row = page.locator('#providers tr[data-key="llm/groq: a/larger-one"]')

        row.get_by_role("button", name="Stop asking groq: a/larger-one").click()
        expect(row.locator(".badge")).to_contain_text("by hand")
        expect(page.locator("#switched")).to_have_text("groq: a/larger-one is asked no more.")
        row.get_by_role("button", name="Ask again groq: a/larger-one").click()
        expect(row.locator(".badge")).to_have_text("well")
        page.context.browser.close()
