"""Two ways to ask the same, brought to one. Pure.

Each of these leaves the answer as it is; what it does to the grammar nobody sees.
"""

import re

_ONE = r"(?:i|we|one|someone|somebody|anyone|people|a person)"
_YOU = (
    r"(?:you(?! (?:feel|think|like|love|want|look|sound|exist)\b)"
    r"(?! (?:work|function|operate|sleep|dream|learn|know|see|hear|talk|speak|do|die|live|listen|"
    r"understand|remember|grow|age|answer|decide)$))"
)
"""Anybody, unless the assistant itself is asked: “how do you feel”, “how do you work”."""
_ANY = rf"(?:{_ONE}|{_YOU})"
_WAYS = r"(?:ways?|steps?|process|procedure|trick|tricks|tips|method|methods)"
_GOOD = r"(?:best|good|great|right|proper|correct|easiest|easy|simplest|simple|ideal|better)"
_KIND = rf"(?:{_GOOD} )?"
_THE = r"(?:(?:the|a|an|some|any|of the) )*"
_DOES = r"(?:does|do|will|would|should)"
_FINDS = r"(?:buy|find|get|download|watch|order|read|rent|sell|learn|study)"
_FEELS = r"(?:what is it like|how does it feel|what does it feel like)"
_SUPER = r"(?:best|worst|most \w+|least \w+|\w{3,}est)"
_LANGUAGE = r"(?:english|spanish|french|german|italian|russian|chinese|japanese|hindi|arabic)"
_MEASURED = (
    "capital|population|president|name|symbol|height|size|price|author|age|length|director|king|"
    "queen|ceo|founder|owner|history|weight|area|temperature|speed|currency|language|causes?|"
    "effects?|symptoms?|benefits?|advantages?|side effects"
)
"""“The capital of Peru” is “Peru's capital”; a glass of wine is no wine glass."""
_MEASURES = {"tall": "height", "heavy": "weight", "deep": "depth", "old": "age"}

# fmt: off
REWORDED = tuple((re.compile(wordy), plainly) for wordy, plainly in (
    # little words and whole phrases
    (r"\b(?:mobile|cell|smart) ?(phones?)\b", r"\1"),
    (r"\ba few\b", "several"),
    (r"\ba little\b", "slightly"),
    (r"\bcapital city\b", "capital"),
    (r"\bthe (?:word|term|abbreviation|acronym|phrase|expression) ", ""),
    (rf"\b({_LANGUAGE}) language\b", r"\1"),
    (r"\b(learn|in|using|of) (\w+) programming(?: language)?$", r"\1 \2"),
    (r"\bget rid of\b", "remove"),
    (r"\bget over\b", "overcome"),
    (r"\bfor (\w{3,}ing)\b", r"to \1"),
    (r"\b(?:in|for|to) (?:the|an?) (?:order|purpose) (?:to|of)\b|\bin order to\b", "to"),
    (r"\bbigge(r|st)\b", r"large\1"),
    (r"\bquicke(r|st)\b", r"faste\1"),
    (r"\b(best|most|worst|least|\w{3,}est)\b(.*) "
     r"(?:ever|of all time|(?:in|of) the world|on earth)$", r"\1\2"),
    (r"\b(bad|good|healthy|harmful) for (?:you|me|us|your health|my health|our health)\b",
     r"\1 for health"),
    (r"\b(?:a lot of|lots of|plenty of)\b", "much"),
    # how to
    (rf"^what (?:is|are|would be) {_THE}(fast|quick|cheap|safe)(?:est)? way to (.+)$",
     r"how to \2 \1"),
    (rf"^what (?:is|are|would be) {_THE}{_KIND}{_WAYS} (?:to|of|for|that|on|by which|in which)"
     rf"(?: {_ANY} (?:can|could|should))?\b", "how to"),
    (rf"^what (?:is|are) {_THE}{_KIND}{_WAYS} {_ANY} (?:can|could|should)\b", "how to"),
    (rf"^how (?:can|could|do|does|should|would|must|shall|might) {_ANY}\b", "how to"),
    (rf"^how {_ONE} (?:can|could|should|would|must)\b", "how to"),
    (rf"^what (?:can|could|do|does|should|must|shall) {_ANY} (?:(?:need|have) to )?do "
     r"(?:in order )?(?:to|for)\b", "how to"),
    (r"^how to (?:best|go about|be able to)\b", "how to"),
    (r"^how to (?:become|be)(?: a| an)?\b", "how to be"),
    (r"^how to (?:tell|know|find out) (?:if|whether)\b", "how to know if"),
    (r"^(how to .+) (?:in )?the (fast|quick|cheap|safe)est way$", r"\1 \2"),
    (rf"^what (?:can|could|do|should) {_ONE} do\b", "what to do"),
    # where to, how far, who
    (rf"^where (?:can|could|do|should|would) {_ANY} (?={_FINDS}\b)", "where to "),
    (r"^(where (?:is|are|was) .+) (?:located|situated)$", r"\1"),
    (r"^how far (?:away )?is (?:it )?(?:from )?(.+) (?:from|to) (.+)$",
     r"what is the distance between \1 and \2"),
    (r"^what is the distance from (.+) to (.+)$", r"what is the distance between \1 and \2"),
    (r"^how far away\b", "how far"),
    (r"^(who|what) (is|was) it that\b", r"\1"),
    # why, when, may I
    (r"^what (?:is|are|was|were) the (?:\w+ )?reasons? (?:why|that|for)\b", "why"),
    (r"^(?:how come|why is it that|for what reasons?)\b", "why"),
    (r"^what makes\b", "why"),
    (r"^(?:at )?what time\b|^(?:in )?(?:what|which) year\b", "when"),
    (rf"^(?:is|would) it (?:be )?possible (?:for {_ONE} )?to\b", "can i"),
    (r"^(?:is|are) there (?:a|any|some) (?:possible )?ways? to\b", "can i"),
    # what if, how long, how it is
    (r"^what (?:will |would )?happens? (?:if|when)\b", "what happens if"),
    (rf"^what happens if {_ANY}\b", "what happens if one"),
    (rf"^how (?:long|much time) {_DOES} it take (?:for )?(?:{_ANY} |me )?to\b", "how long to"),
    (rf"^(?:{_FEELS}|how is it) (?:to be|to|being)\b", "what is it like"),
    (rf"^{_FEELS}\b", "what is it like"),
    (r"^what (?:do you think|is your (?:opinion|view|take)|are your (?:thoughts|views|opinions))"
     r" (?:of|about|on)\b", "what do you think about"),
    # what it means, what it costs, how it differs, how much it is
    (r"^what (?:does|do|did) (.+) means?$", r"what is the meaning of \1"),
    (rf"^how much {_DOES} it cost to (.+)$", r"what is the price of \1"),
    (rf"^how much {_DOES} (.+) cost$", r"what is the price of \1"),
    (r"^how much (?:is|are) (.+)$", r"what is the price of \1"),
    (rf"^how much {_DOES} (.+) (?:earn|make|get paid)\b", r"what is the salary of \1"),
    (r"^how (?:is|are) (.+) different (?:from|than|to) (.+)$",
     r"what is the difference between \1 and \2"),
    (r"^how (?:does|do) (.+) differ from (.+)$", r"what is the difference between \1 and \2"),
    (r"\b(?:main|major|key|basic) (differences? between)\b", r"\1"),
    *((rf"^how {how} (is|was|are) (.+)$", rf"what \1 the {what} of \2")
      for how, what in _MEASURES.items()),
    (r"^how much (?:does|do) (.+) weigh$", r"what is the weight of \1"),
    (r"^how many (.+?) (?:does|do) (?:an? |one |the )?(.+) (?:have|contain)$",
     r"how many \1 are in \2"),
    (r"^how many (.+?) (?:are there |are )?in (?:an? |one |the )?(.+)$",
     r"how many \1 are in \2"),
    (r"^what languages? (?:do|does) (?:they|people|one|we) speak in\b",
     "what language is spoken in"),
    # of several the best, and of all the best
    (rf"^(?:what|which) (?:is|are) {_THE}best\b", "what are best"),
    (rf"^(?:what|which) are {_THE}top\b", "what are best"),
    (r"^(?:what|which) (?:is an?|are(?: some| any)?) (?:good|great)\b", "what are best"),
    (rf"^(?:what|which) (\w+(?: \w+){{0,3}}) (?:is|are) (?:the )?({_SUPER})\b", r"what are \2 \1"),
    (rf"\b({_MEASURED}) of (?:the |an? )?([\w.']+)$", r"\2 \1"),
))
# fmt: on

_BETWEEN = re.compile(r"\bbetween (?:(?:an?|the) )?(?P<one>.+) and (?:(?:an?|the) )?(?P<other>.+)$")
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
