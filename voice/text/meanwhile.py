"""What is said while something is being looked up, so that nobody sits in silence. Pure."""

from collections.abc import Collection, Mapping

SLOW_TOOLS = frozenset({"web_search"})
"""Tools that may take longer than a listener likes to wait."""
SENTENCES: Mapping[str, tuple[str, ...]] = {
    "en": ("Let me look that up.", "One moment, I'll look it up.", "Let me check that."),
    "de": ("Ich sehe kurz nach.",),
    "es": ("Déjame buscarlo.",),
    "fr": ("Je regarde ça.",),
    "it": ("Do un'occhiata.",),
    "nl": ("Ik zoek het even op.",),
    "pt": ("Deixa-me ver isso.",),
}
"""By the first part of a language's name; in others nothing is said."""


def meanwhile(
    tools: Collection[str], *, language: str, has_spoken: bool, number: int = 0
) -> str | None:
    """The sentence for a reply that waits for these tools, if any is due. number: of the request in
    the conversation; the next one gets another sentence where there are several."""
    if has_spoken or not SLOW_TOOLS.intersection(tools):
        return None
    sentences = SENTENCES.get(language.partition("-")[0].lower())
    return sentences[number % len(sentences)] if sentences else None
