"""Text as it comes from outside, made fit for the database."""

import re


def storable(text: str) -> str:
    """Without what JSON may carry and PostgreSQL can't hold: NUL goes, half a surrogate pair
    becomes a question mark."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()


def words_alone(text: str) -> list[str]:
    """Its words without marks and capitals."""
    return re.findall(r"\w+(?:['’]\w+)*", text.lower())
