"""No page is wider than its window, whatever long words stand on it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright

from tests.browser.conftest import launch
from tests.serving import Site

NARROW, LAPTOP = 320, 1280
LONG = "Supercalifragilisticexpialidocious" * 3
TALK = """
from conversations import selectors, services
from conversations.models import User
user = User.objects.get(is_superuser=True)
talk = services.start_conversation(user.pk, selectors.default_agent().pk)
talk.title = {long!r}
talk.save()
"""
Open = Callable[[int], Page]


@pytest.fixture
def window(site: Site, playwright: Playwright, login: dict[str, Any]) -> Iterator[Open]:
    """One that is so wide, of somebody who is logged in."""
    browser = launch(playwright)
    yield lambda width: browser.new_page(
        storage_state=login, viewport={"width": width, "height": 700}, base_url=site.url
    )
    browser.close()


def width_of(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth"))


def test_ours_fit_the_narrowest_phone(site: Site, window: Open) -> None:
    site.manage("shell", "-c", TALK.format(long=LONG))
    page = window(NARROW)

    page.goto("/conversations/")
    assert page.get_by_role("link", name=LONG).is_visible()
    found = {page.url: width_of(page)}
    for path in ("/conversations/?q=nothing", "/memory/", "/account/", "/password/", "/nowhere/"):
        page.goto(path)
        found[path] = width_of(page)

    page.evaluate("document.querySelector('.menu__name').textContent = 'Maximiliane'.repeat(9)")
    found["with a long name"] = width_of(page)

    assert found == dict.fromkeys(found, NARROW)


def test_the_page_of_the_api_fits_the_narrowest_phone(window: Open) -> None:
    page = window(NARROW)

    page.goto("/docs")
    page.wait_for_selector(".opblock")

    assert width_of(page) == NARROW


def test_those_of_the_admin_fit_a_laptop(window: Open) -> None:
    page = window(LAPTOP)

    page.goto("/admin/auth/group/1/change/")
    page.wait_for_selector(".selector-chosen")

    assert width_of(page) == LAPTOP
