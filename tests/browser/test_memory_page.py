"""The page of what is known about somebody, without JavaScript, by keyboard and on a phone."""

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.conftest import launch
from tests.serving import Site

LONG = "https://example.org/" + "averylongaddresswithoutanyspace" * 8
FACTS = """
from conversations import services
from conversations.models import Memory, User
user = User.objects.get(is_superuser=True)
Memory.objects.filter(user=user).delete()
for text in ("My dog is called Wrecks", "I am vegan", {long!r}):
    services.remember(user.pk, text)
"""


@pytest.fixture
def phone(site: Site, playwright: Playwright, login: dict[str, Any]) -> Iterator[Page]:
    site.manage("shell", "-c", FACTS.format(long=LONG))
    browser = launch(playwright)
    context = browser.new_context(
        storage_state=login,
        java_script_enabled=False,
        viewport={"width": 390, "height": 844},
        color_scheme="dark",
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    page.goto(f"{site.url}/memory/")
    yield page
    browser.close()
    assert complaints == []


def texts(page: Page) -> list[str]:
    return page.locator(".fact > .fact__text").all_inner_texts()


def test_a_fact_is_corrected_by_keyboard_and_forgotten(phone: Page) -> None:
    fact = phone.locator(".fact", has_text="Wrecks")
    fact.locator("summary", has_text="Correct").focus()
    phone.keyboard.press("Enter")
    phone.get_by_label("What is right").and_(phone.locator(":visible")).fill("My dog is called Rex")
    phone.keyboard.press("Tab")
    phone.keyboard.press("Enter")
    phone.get_by_text("Corrected.").wait_for()

    assert texts(phone) == ["My dog is called Rex", LONG, "I am vegan"]
    assert phone.get_by_text("You corrected it").is_visible()
    assert not phone.get_by_text("Wrecks").is_visible()

    phone.locator(".fact", has_text="vegan").get_by_role("link", name="Forget").click()
    phone.get_by_role("button", name="Forget it").click()
    phone.get_by_text("Forgotten for good.").wait_for()

    assert texts(phone) == ["My dog is called Rex", LONG]


@pytest.mark.parametrize("path", ["/memory/", "/account/", "/account/delete", "/memory/forget"])
def test_no_page_is_wider_than_a_phone(site: Site, phone: Page, path: str) -> None:
    phone.goto(site.url + path)

    box = phone.locator("html").evaluate("html => html.scrollWidth")

    assert box <= 390
