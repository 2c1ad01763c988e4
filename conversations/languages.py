"""Which of PostgreSQL's dictionaries knows the words of a language."""

TEXT_SEARCH = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "nb": "norwegian",
    "ne": "nepali",
    "nl": "dutch",
    "nn": "norwegian",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}
"""ISO 639-1 → what every PostgreSQL from 14 on has built in."""


def text_search(language: str) -> str:
    """The text search configuration for a language tag such as “en-GB”; “simple”, which takes each
    word as it is, for a language that PostgreSQL does not know."""
    return TEXT_SEARCH.get(language.lower().replace("_", "-").split("-")[0], "simple")
