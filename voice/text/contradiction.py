"""Whether somebody says that an answer was no answer to what they asked. Pure; English only."""

import re

# fmt: off
_PATTERNS = tuple(re.compile(pattern) for pattern in (
    r"\bthat(?:'s| is| was|s)?(?: really| just)? not (?:what|the question|right|correct|true"
    r"|an answer|my question|the answer|it)\b",
    r"\bthat (?:isn't|wasn't|isnt|wasnt) (?:what|the question|right|correct|true|an answer"
    r"|my question|the answer|it)\b",
    r"\bnot what (?:i|we) (?:asked|said|meant|wanted|want|was asking|am asking)\b",
    r"\b(?:i|we) (?:didn't|did not|never) (?:ask|say|mean|want)\b",
    r"\b(?:wrong|incorrect|bad|false) (?:answer|question|one|thing)\b",
    r"\b(?:that's|that is|that was|you're|you are|your answer is|it's|it is) "
    r"(?:completely |just |all |totally |quite |simply )?"
    r"(?:wrong|incorrect|false|mistaken|nonsense|not right|not true)\b",
    r"^(?:no|nope|nah|wrong|incorrect|not that)\W*$",
    r"^(?:no|nope|wait|sorry|actually|well|nah)\b[\s,.!]*(?:no[\s,.!]+)*(?:but )?i "
    r"(?:meant|mean|asked|said|was asking|am asking|wanted|want)\b",
    r"^no\b[\s,.!]+(?:not|that|it|you|the other|what|how|who|when|where|why|i)\b",
    r"\bi (?:meant|was asking about|asked about|asked for|was talking about)\b",
    r"\b(?:answer|listen to) (?:my|the) question\b",
    r"\byou (?:misunderstood|misheard|got (?:it|that|me) wrong|didn't (?:answer|understand|listen)"
    r"|did not (?:answer|understand|listen))\b",
    r"\bthat(?:'s| is) not (?:it|helpful)\b", r"\btry again\b", r"\bask(?:ed)? something else\b",
))
# fmt: on


def contradicts(text: str) -> bool:
    """“That's not what I asked.” “No, I meant the other one.” “Wrong answer.”"""
    plain = " ".join(text.lower().replace("’", "'").split()).lstrip(" \"'“‘.,-–…")
    return any(pattern.search(plain) for pattern in _PATTERNS)
