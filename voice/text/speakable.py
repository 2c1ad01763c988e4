"""From what a model writes to what a voice should say: what is often said wrong, no more.

Pure. How each language says it is in `wordings`; one that has no file there loses the markup alone.
"""

import re

from voice.text.reading import rules_of, wording_of
from voice.text.wording import Rule

CODE = re.compile(r"```[\s\S]*?(?:```|\Z)")
MARKUP: list[Rule] = [
    (re.compile(r"!\[([^\]]*)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"\[([^\]]+)\]\([^)\s]*\)"), r"\1"),
    (re.compile(r"`([^`]*)`"), r"\1"),
    (re.compile(r"^[ \t]*#{1,6}[ \t]+(.*?)[ \t#]*$", re.MULTILINE), r"\1"),
    (re.compile(r"^[ \t]*(?:[-*_][ \t]*){3,}$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*(?:[-*+•]|>)[ \t]+", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\|?[-:| ]{3,}\|[-:| ]*$", re.MULTILINE), ""),
    (re.compile(r"^[ \t]*\|(.*)\|[ \t]*$", re.MULTILINE), lambda m: m[1].strip().replace("|", ",")),
    (re.compile(r"(\*\*\*|\*\*|\*|__|~~)(?=\S)(.+?)(?<=\S)\1"), r"\2"),
    (re.compile(r"(?<!\w)_(?=\S)(.+?)(?<=\S)_(?!\w)"), r"\1"),
    (re.compile(r"</?[a-zA-Z][^<>]*>"), " "),
    (re.compile(r"\*{2,}"), ""),
    (
        re.compile(  # pictures, flags, dingbats and what joins them; no letters of any script
            "[\U0001f000-\U0001faff\u2600-\u27bf\u2b00-\u2bff\u2190-\u21ff\ufe0f\u200d\u20e3]"
        ),
        "",
    ),
]
SPACES: list[Rule] = [
    (re.compile(r"[ \t]*\n\s*"), "\n"),
    (re.compile(r"[ \t\u00a0\u202f]+"), " "),
    (re.compile(r" (?=[.,!?;:](?:\s|$))"), ""),
]


def speakable(text: str, *, language: str = "en") -> str:
    """What to say for `text`, a whole piece; empty if there is nothing to say."""
    wording = wording_of(language)
    text = CODE.sub(f" ({wording.code}) " if wording else " ", text)
    for pattern, replacement in (*MARKUP, *rules_of(language), *SPACES):
        text = pattern.sub(replacement, text)
    text = text.strip()
    return text if any(character.isalnum() for character in text) else ""
