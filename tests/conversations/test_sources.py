import re

import pytest
from django.test import Client
from django.urls import reverse

from conversations import services
from conversations.models import Conversation
from conversations.sources import SOURCES_MAX, TITLE_CHARS_MAX, Source, linked
from tests.conversations.conftest import at

URL = "https://www.example.org/tea?x=1"


def test_a_source_has_a_title_an_address_and_a_site():
    assert linked([{"title": " A\npage ", "url": URL}]) == [Source("A page", URL, "example.org")]


def test_a_page_without_a_title_is_called_by_its_site():
    assert linked([{"title": "", "url": URL}]) == [Source("example.org", URL, "example.org")]


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "data:text/html,x",
        "//example.org",
        "/tea",
        "",
        "https://",
        "http://[broken",
        "https://example.org/\njavascript:x",
        "https://example.org/a b",
    ],
)
def test_what_is_no_plain_web_address_is_left_out(url):
    assert linked([{"title": "x", "url": url}]) == []


def test_there_is_an_end_to_titles_and_to_sources():
    found = linked([{"title": "t" * 500, "url": f"{URL}{number}"} for number in range(50)])

    assert len(found) == SOURCES_MAX
    assert len(found[0].title) == TITLE_CHARS_MAX


# --- below a reply --------------------------------------------------------------------------------
SOURCES = [
    {"title": "Tea <b>", "url": URL},
    {"title": "A trap", "url": "javascript:alert(1)"},
    {"title": "", "url": "https://example.net/"},
]


@pytest.fixture
def sourced(hers: Conversation) -> Conversation:
    """With a reply that rests on these."""
    services.record_reply(
        hers.pk,
        0,
        reply=1,
        text="It is hot.",
        source="model",
        interrupted=False,
        started_at=at(0),
        ended_at=at(2),
        metrics={},
        sources=SOURCES,
    )
    return hers


def test_they_are_links_on_the_page_of_the_transcript(
    as_alice: Client, sourced: Conversation
) -> None:
    page = as_alice.get(reverse("conversation", args=[sourced.pk])).content.decode()

    links = re.findall(r'<a class="sources__title"([^>]*)>(.*?)</a>', page)
    assert [title for _, title in links] == ["Tea &lt;b&gt;", "example.net"]
    assert f'href="{URL}"' in links[0][0]
    assert all('target="_blank" rel="noopener noreferrer"' in link for link, _ in links)
    assert "A trap" not in page
    assert page.count("sources__site") == 1


def test_they_are_in_the_file_of_the_transcript(as_alice: Client, sourced: Conversation) -> None:
    text = as_alice.get(reverse("transcript", args=[sourced.pk, "md"])).content.decode()

    assert f"- [Tea \\<b\\>](<{URL}>)" in text
    assert "trap" not in text
