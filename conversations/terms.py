"""Lists that people write one to a line: key terms, and how words are said."""

import re

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


def language_models(text: str) -> tuple[tuple[str, str], ...]:
    """Providers in order, each with its model or "", from “provider[:model], …”."""
    pairs = (part.partition(":") for part in text.split(",") if part.strip())
    return tuple((provider.strip(), model.strip()) for provider, _, model in pairs)


def check_language_models(text: str) -> None:
    """Raises ValidationError for a part that is not “provider” or “provider:model”, and for a
    provider that is named twice. Whether a provider exists is not known here."""
    for part in text.split(",") if text.strip() else ():
        if not LANGUAGE_MODEL.fullmatch(part.strip()):
            raise ValidationError(
                f"“{part.strip()}” should read “provider” or “provider:model”, with commas between"
                " them."
            )
    providers = [provider for provider, _ in language_models(text)]
    if twice := [each for each in providers if providers.count(each) > 1]:
        raise ValidationError(f"“{twice[0]}” is named twice.")


LANGUAGE_MODEL = re.compile(r"[a-z][a-z0-9_-]*(\s*:\s*[^\s,]+)?")
"""A model's own name may hold a colon or a slash: “local:llama3.2:3b”."""
