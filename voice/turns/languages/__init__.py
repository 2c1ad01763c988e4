"""What each language's words say about the ends of clauses. Pure, tables only."""

from voice.turns.languages.dutch import DUTCH
from voice.turns.languages.english import ENGLISH
from voice.turns.languages.french import FRENCH
from voice.turns.languages.german import GERMAN
from voice.turns.languages.italian import ITALIAN
from voice.turns.languages.portuguese import PORTUGUESE
from voice.turns.languages.spanish import SPANISH
from voice.turns.languages.word_classes import WordClasses

WORD_CLASSES: dict[str, WordClasses] = {
    "en": ENGLISH,
    "de": GERMAN,
    "fr": FRENCH,
    "es": SPANISH,
    "it": ITALIAN,
    "pt": PORTUGUESE,
    "nl": DUTCH,
}
"""By the first part of a BCP 47 tag."""
