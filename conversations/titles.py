"""What a conversation is called: its first words. Pure."""

import textwrap

TITLE_LENGTH = 60
"""Characters; the list shows a title on one line of a wide screen."""


def title_from(text: str) -> str:
    """The first words of what was said, cut at a word's end; "" when nothing was said."""
    title = textwrap.shorten(text, TITLE_LENGTH, placeholder="…")
    if title == "…":  # one endless word
        title = f"{text.strip()[: TITLE_LENGTH - 1]}…"
    return (title[:1].upper() + title[1:]).rstrip(".,;:!")
