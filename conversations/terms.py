"""Lists that people write one to a line: key terms, and how words are said."""

from django.core.exceptions import ValidationError

TERMS_MAX = 100
"""What every ear takes; more makes it hear them where they were not said."""
TERM_LENGTH = 50


def terms(text: str) -> tuple[str, ...]:
    """One to a line, each once."""
    return tuple(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def pronunciations(text: str) -> dict[str, str]:
    """“written = spoken”, one to a line."""
    pairs = (line.partition("=") for line in text.splitlines() if line.strip())
    return {written.strip(): spoken.strip() for written, _, spoken in pairs}


def check_terms(text: str) -> None:
    """Raises ValidationError, saying what is wrong and what is allowed."""
    found = terms(text)
    if len(found) > TERMS_MAX:
        raise ValidationError(f"At most {TERMS_MAX} terms; these are {len(found)}.")
    if too_long := [term for term in found if len(term) > TERM_LENGTH]:
        raise ValidationError(
            f"A term has at most {TERM_LENGTH} characters; “{too_long[0][:TERM_LENGTH]}…” has more."
        )


def check_pronunciations(text: str) -> None:
    """Raises ValidationError for a line that is not “written = spoken”."""
    for line in filter(str.strip, text.splitlines()):
        written, equals, spoken = line.partition("=")
        if not (written.strip() and equals and spoken.strip()):
            raise ValidationError(f"“{line.strip()}” should read “written = spoken”.")
