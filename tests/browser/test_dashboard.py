"""The dashboard in a browser, on a site that serves: figures that change by themselves, a provider
that is switched, and a conversation that is watched and steered while it goes on."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Playwright, expect

from tests.browser.conftest import OpenTalk, launch
from tests.serving import Site

PHONE = {"width": 390, "height": 844}
TURNS = """
import random
from datetime import UTC, datetime
from bench import traffic
from voice.telemetry.meters import Meters
chance, meters = random.Random(7), Meters()
for turn in range(1, {turns} + 1):
    traffic.count(meters, traffic.report(turn, chance), chance)
traffic.keep(meters, datetime.now(UTC))
"""
CONVERSATION = """
from datetime import timedelta
from django.utils import timezone
from conversations import selectors, services
from conversations.models import User
user = User.objects.get(is_superuser=True)
conversation = services.start_conversation(user.pk, selectors.default_agent().pk)
services.open_session(conversation.pk, providers={}, client="a test")
at = timezone.now()
services.record_user_turn(
    conversation.pk, 1, text="What is the time?", source="spoken", started_at=at, ended_at=at
)
services.record_reply(
    conversation.pk, 1, reply=1, text="It is noon.", source="model", interrupted=False,
    started_at=at + timedelta(seconds=1), ended_at=at + timedelta(seconds=2),
    metrics={"final": True, "vad_end_ms": 250.0, "llm_ttft_ms": 250.0, "total_ms": 500.0},
)
print(conversation.pk)
"""


@pytest.fixture
def open_page(
    site: Site, playwright: Playwright, login: dict[str, Any]
) -> Iterator[Callable[..., Page]]:
    """Opens a page of the site; at the end nothing has complained, the security policy included."""
    browser = launch(playwright)
    complaints: list[str] = []

    def opened(path: str, **context: Any) -> Page:
        page = browser.new_context(storage_state=login, **context).new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on(
            "console",
            lambda said: said.type == "error" and complaints.append(said.text),
        )
        page.goto(site.url + path)
        return page

    yield opened
    browser.close()
    assert complaints == []


def milliseconds(text: str) -> int:
    return int(text.removesuffix(" ms").replace(",", ""))


def test_figures_come_and_change_by_themselves_and_their_parts_add_up(
    site: Site, open_page: Callable[..., Page]
) -> None:
    page = open_page("/dashboard/")
    expect(page.locator("#status")).to_have_text("Live")
    site.manage("shell", "-c", TURNS.format(turns=40))
    paid = page.locator("#cost-providers div", has_text="llm/groq")  # nobody else does here
    paid.wait_for(timeout=20_000)

    table = page.locator("#parts").evaluate(
        "body => [...body.closest('table').querySelectorAll('tbody tr, tfoot tr')]"
        ".map(row => [...row.querySelectorAll('td')].map(cell => cell.textContent))"
    )
    *parts, whole = table
    for column in range(3):
        added = sum(milliseconds(row[column]) for row in parts)
        assert added == pytest.approx(milliseconds(whole[column]), abs=5)  # each is rounded

    before = paid.inner_text()
    site.manage("shell", "-c", TURNS.format(turns=5))
    expect(paid).not_to_have_text(before, use_inner_text=True, timeout=20_000)

    page.get_by_label("1 hour").check()
    expect(page.locator("#figures")).to_have_attribute("aria-busy", "false")
    assert page.url.endswith("span=1h")
    drawn = page.locator("#wait-chart").evaluate(
        "canvas => Chart.getChart(canvas).data.labels.length"
    )
    assert drawn == 60


def test_a_provider_is_asked_no_more_and_again_by_keyboard(open_page: Callable[..., Page]) -> None:
    page = open_page("/dashboard/")
    row = page.locator('#providers tr[data-key="llm/offline"]')
    row.get_by_role("button", name="Stop asking offline").focus()
    page.keyboard.press("Enter")

    expect(row.locator(".badge")).to_contain_text("by hand")
    again = row.get_by_role("button", name="Ask again offline")
    expect(again).to_be_focused()
    page.keyboard.press("Enter")
    expect(row.locator(".badge")).to_have_text("well")


def test_a_conversation_is_watched_and_steered_while_it_goes_on(
    open_page: Callable[..., Page], open_talk: OpenTalk
) -> None:
    talk = open_talk().load().start().wait_for_state("listening", timeout_s=20)
    page = open_page("/dashboard/sessions")
    [session] = talk.messages("session")
    page.locator(f'#sessions a[href$="{session["conversation"]}"]').click()
    expect(page.locator("#watching")).to_have_text("Live")
    expect(page.locator("#unwatched")).to_be_hidden()

    talk.type("What is two plus two?")
    expect(page.locator("#captions .utterance--user")).to_contain_text("two plus two")
    page.get_by_label("Say this now").fill("A colleague joins us.")
    page.get_by_role("button", name="Say it").click()
    expect(page.locator("#said")).to_have_text("It is being said.")
    talk.until("the words", lambda: any("colleague joins" in one for one in talk.captions()))
    expect(page.locator("#captions .utterance--assistant").last).to_contain_text("colleague")

    page.get_by_label("Note to the model").fill("Be brief.")
    page.get_by_role("button", name="Send the note").click()
    expect(page.get_by_label("Context of this conversation")).to_have_value("Be brief.")
    expect(page.locator("#context-version")).to_contain_text("its own 1")

    page.get_by_label("Context of this conversation").fill("A draft.")
    page.get_by_label("Note to the model").fill("Be kind.")
    page.get_by_role("button", name="Send the note").click()
    expect(page.locator("#context-version")).to_contain_text("its own 2")
    expect(page.get_by_label("Context of this conversation")).to_have_value("A draft.")

    page.on("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="End the conversation").click()
    expect(page.locator("#over")).to_be_visible()
    expect(page.get_by_role("button", name="Say it")).to_be_hidden()
    expect(page.get_by_role("button", name="End the conversation")).to_be_hidden()
    expect(page.get_by_role("button", name="Send the note")).to_be_visible()
    talk.wait_for_state("idle")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_is_wider_than_a_phone(
    site: Site, open_page: Callable[..., Page], scheme: str
) -> None:
    conversation = site.manage("shell", "-c", CONVERSATION).strip().splitlines()[-1]
    for path in (
        "/dashboard/",
        "/dashboard/sessions",
        f"/dashboard/sessions/{conversation}",
        f"/dashboard/conversations/{conversation}",
        "/dashboard/agents/1/applied",
    ):
        page = open_page(path, viewport=PHONE, color_scheme=scheme)
        if "conversations" not in path:
            expect(page.locator("#status")).to_have_text("Live")
        assert page.locator("html").evaluate("html => html.scrollWidth") <= 390, path
