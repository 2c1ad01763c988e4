"""What of a text can be sent to a vendor at all."""


def sendable(text: str) -> str:
    """Without half surrogate pairs, which a model may write and UTF-8 can't carry."""
    return text.encode(errors="replace").decode()
