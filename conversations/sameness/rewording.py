"""Two ways to ask the same, brought to one. Pure.

Each of these leaves the answer as it is; what it does to the grammar nobody sees.
"""

import re

_ONE = r"(?:i|we|you|one|someone|somebody|anyone|people|a person)"
_WAYS = r"(?:ways?|steps?|process|procedure|trick)"
_KIND = r"(?:(?:best|good|great|right|proper|correct|easiest|easy|simplest|simple) )?"
_DOES = r"(?:does|do|will|would|should)"
_FINDS = r"(?:buy|find|get|download|watch|order|read|rent|sell|learn|study)"
_FEELS = r"(?:what is it like|how does it feel|what does it feel like)"

# fmt: off
REWORDED = tuple((re.compile(wordy), plainly) for wordy, plainly in (
    # how to
    (rf"^what (?:is|are|would be) (?:(?:the|a|an|some|any) )*{_KIND}{_WAYS} (?:to|of|for|that)\b",
     "how to"),
    (rf"^how (?:can|could|do|does|should|would|must) {_ONE}\b", "how to"),
    (rf"^what (?:can|could|do|should|must) {_ONE} (?:(?:need|have) to )?do (?:in order )?to\b",
     "how to"),
    (r"^how to go about\b", "how to"),
    (r"^how to become\b", "how to be"),
    (r"\bget rid of\b", "remove"),
    (r"\bget over\b", "overcome"),
    # where to, how far, who
    (rf"^where (?:can|could|do|should|would) {_ONE} (?={_FINDS}\b)", "where to "),
    (r"^how far away\b", "how far"),
    (r"^(who|what) (is|was) it that\b", r"\1"),
    # why, when, may I
    (r"^what (?:is|are) the reasons? (?:why|that|for)\b", "why"),
    (r"^(?:how come|why is it that|for what reasons?)\b", "why"),
    (r"^(?:at )?what time\b", "when"),
    (rf"^(?:is|would) it (?:be )?possible (?:for {_ONE} )?to\b", "can i"),
    (r"^(?:is|are) there (?:a|any|some) (?:possible )?ways? to\b", "can i"),
    # what if, how long, how it is
    (r"^what (?:will |would )?happens? (?:if|when)\b", "what happens if"),
    (rf"^how (?:long|much time) {_DOES} it take (?:for )?(?:{_ONE} |me )?to\b", "how long to"),
    (rf"^(?:{_FEELS}|how is it) (?:to be|to|being)\b", "what is it like"),
    (rf"^{_FEELS}\b", "what is it like"),
    # what it means, what it costs, how it differs
    (r"^what (?:does|do) (.+) mean$", r"what is the meaning of \1"),
    (rf"^how much {_DOES} it cost to (.+)$", r"what is the price of \1"),
    (rf"^how much {_DOES} (.+) cost$", r"what is the price of \1"),
    (r"^how (?:is|are) (.+) different (?:from|than|to) (.+)$",
     r"what is the difference between \1 and \2"),
    (r"^how (?:does|do) (.+) differ from (.+)$", r"what is the difference between \1 and \2"),
    (r"\b(?:main|major|key|basic) (differences? between)\b", r"\1"),
    # of several the best, and of all the best
    (r"^(?:what|which) are (?:(?:some|any|the|of the) )*(?:best|good|great|top)\b",
     "what are best"),
    (r"\b(best|most|worst|least|\w{3,}est)\b(.*) (?:of all time|in the world)$", r"\1\2"),
))
# fmt: on

_BETWEEN = re.compile(r"\bbetween (?P<one>.+) and (?P<other>.+)$")
_EITHER = re.compile(
    r"\b(?P<one>[\w'.+-]+) (?:or|vs|versus) (?:(?:a|an|the) )?(?P<other>[\w'.+-]+)"
)


def reworded(question: str) -> str:
    """The question in the words that stand for all its wordings. In lower case, contractions
    opened."""
    question = question.strip(" ?.!")
    for wordy, plainly in REWORDED:
        question = wordy.sub(plainly, question)
    question = _BETWEEN.sub(lambda found: f"between {_both(found, 'and')}", question)
    return _EITHER.sub(lambda found: _both(found, "or"), question)


def _both(found: "re.Match[str]", link: str) -> str:
    """Two that may stand in either order, in one."""
    return f" {link} ".join(sorted((found["one"], found["other"])))
