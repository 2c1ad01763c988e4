"""Text as it comes from outside, made fit for the database."""


def storable(text: str) -> str:
    """Without what JSON may carry and PostgreSQL can't hold: NUL goes, half a surrogate pair
    becomes a question mark."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
