"""Whether something is to be looked up on the web, and what: a plain rule for minds that cannot ask
for a tool by themselves. Pure; English.
"""

import re

# fmt: off
_ASKED = (r"^\W*(?:(?:please|and|so|okay|ok|hey|well|now|then|can you|could you|would you|will you"
          r"|go and|i want you to|i need you to|i'd like you to|let's|try to|just)\b[\s,]*)*")
_WEB = r"(?:the )?(?:web|internet|net|google|online)"
_COMMANDS = tuple(
    re.compile(_ASKED + command, re.IGNORECASE)
    for command in (
        rf"(?:do a )?(?:web )?search (?:(?:on |through )?{_WEB} )?(?:for|about) (?P<query>.+)",
        rf"search {_WEB} (?:and )?(?:find|tell me|see) (?P<query>.+)",
        r"(?:google|browse for) (?!is\b|was\b|has\b|does\b|will\b|says\b)(?:for )?(?P<query>.+)",
        rf"look up (?:on {_WEB} )?(?P<query>.+)",
        rf"look (?P<query>.+?) up(?: (?:on |in )?{_WEB})?(?: for me)?",
        rf"find out (?:(?:on|from) {_WEB} )?(?:about )?(?P<query>.+)",
        rf"what(?:'s| is| does| do) {_WEB} say(?:s|ing)? (?:about|on) (?P<query>.+)",
    )
)
# fmt: on
_NO_QUERY = re.compile(r"(?:it|that|this|something|anything|me|you|yourself)\b", re.IGNORECASE)
_TAIL = re.compile(rf"(?: (?:on|in) {_WEB}| online| for me| please)+$", re.IGNORECASE)


def searched(text: str) -> str | None:
    """What the user wants looked up, in their words; None if they ask for no search."""
    for command in _COMMANDS:
        if found := command.fullmatch(text.strip(" .?!")):
            query = _TAIL.sub("", found["query"].strip(" .?!,"))
            return None if _NO_QUERY.fullmatch(query) else query
    return None
