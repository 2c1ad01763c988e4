"""Pure: what a server's log says about why it ended."""

TELLING = ("FATAL", "PANIC", "rror", "No space")


def complaint(log: str) -> str:
    """The last line that tells a reason, else the last line, as a sentence."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if any(word in line for word in TELLING)]
    last = (telling or lines or ["it said nothing"])[-1]
    return last.rstrip(".") + "."
