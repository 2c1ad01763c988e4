"""The web pages that a reply rests on, as they may be shown. Pure.

What stands in the database came from pages of strangers: only plain web addresses become links.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

SOURCES_MAX = 10
TITLE_CHARS_MAX = 120


@dataclass(frozen=True, slots=True)
class Source:
    title: str
    """On one line; the site's name where the page has none."""
    url: str
    site: str
    """The name of the site."""


def linked(sources: Iterable[Mapping[str, Any]]) -> list[Source]:
    """Those of a turn that can be linked to, in order."""
    found = (_source(str(each.get("title", "")), str(each.get("url", ""))) for each in sources)
    return [source for source in found if source is not None][:SOURCES_MAX]


def _source(title: str, url: str) -> Source | None:
    site = _site(url)
    line = " ".join(title.split())
    if len(line) > TITLE_CHARS_MAX:
        line = line[: TITLE_CHARS_MAX - 1].rstrip() + "…"
    return Source(line or site, url, site) if site else None


def _site(url: str) -> str:
    """Empty for what is no web address."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    is_web = parts.scheme in ("http", "https") and url.isprintable() and " " not in url
    return (parts.hostname or "").removeprefix("www.") if is_web else ""
