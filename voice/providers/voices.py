"""Which voice an agent means. Pure.

Every vendor has names of its own, so an agent may name a voice for each: “cartesia:ID, openai:nova,
en-gb”. A name without a vendor is the offline voice's. Who is not named speaks with the voice that
the settings give it.
"""

OFFLINE = "offline"


def voice_of(voices: str, provider: str) -> str:
    """The voice to ask this provider for; "" for its own."""
    for entry in voices.split(","):
        vendor, colon, name = entry.strip().rpartition(":")
        if (vendor.strip() if colon else OFFLINE) == provider:
            return name.strip()
    return ""
