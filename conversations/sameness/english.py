"""What English words do to a question. A word that stands in none of these tables is content."""

import re

# fmt: off
OPENED = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'m": " am",
    "what's": "what is", "who's": "who is", "where's": "where is", "when's": "when is",
    "how's": "how is", "why's": "why is", "that's": "that is", "there's": "there is",
    "it's": "it is", "let's": "let us", "i'd": "i would", "you'd": "you would",
}
"""Contractions. A bare “'s” is a genitive, or cannot be told from one."""

LEAD_INS = (
    "can you tell me", "could you tell me", "please tell me", "tell me", "do you know",
    "i want to know", "i would like to know", "i wonder", "can you explain", "could you explain",
    "please explain", "explain", "hey", "hi", "hello", "okay", "ok", "so", "well", "um", "uh",
)
"""Said before a question, and not part of it."""

REWORDED = (
    (
        re.compile(
            r"^what (?:is|are) (?:the |a |some )?(?:(?:best|good|right|easiest) )?"
            r"ways? (?:to|of|for|that)\b"
        ),
        "how to",
    ),
    (re.compile(r"^what (?:is|are) the reasons? (?:why|that|for)\b"), "why"),
    (re.compile(r"^how come\b"), "why"),
    (
        re.compile(
            r"^how (?:can|could|do|does|should|would) (?:i|we|you|one|someone|people)\b"
        ),
        "how to",
    ),
    (re.compile(r"^is it possible to\b"), "can i"),
    (re.compile(r"^(?:at )?what time\b"), "when"),
)
"""Two ways to ask the same."""

ASIDE = frozenset({
    "please", "exactly", "actually", "really", "just", "basically", "thanks", "maybe", "ever",
})

PLAIN = frozenset({
    "a", "an", "the", "some", "any", "there", "am", "is", "are", "be", "been", "being", "do",
    "does", "that", "have", "has", "and",
})
"""They hold a sentence together. What they do to its time, TENSES says."""

ASKING = {
    "what": "what", "which": "what", "who": "who", "whom": "who", "whose": "whose", "when": "when",
    "where": "where", "why": "why", "how": "how",
}

PAST = frozenset({"did", "was", "were", "had", "used", "yesterday", "ago"})
FUTURE = frozenset({"will", "shall", "gonna", "tomorrow"})
CONDITIONAL = frozenset({"would", "could", "might"})

MODALS = {
    "can": "can", "may": "can", "should": "should", "ought": "should", "must": "must",
    "need": "must",
}

NEGATIONS = {
    "not": "not", "no": "not", "never": "not", "none": "not", "nobody": "not", "nothing": "not",
    "nowhere": "not", "neither": "not", "nor": "not", "without": "without", "except": "except",
    "unless": "unless", "instead": "instead", "hardly": "hardly", "stop": "stop", "avoid": "stop",
    "prevent": "stop", "quit": "stop",
}

PERSONS = {
    "i": "me", "me": "me", "my": "me", "mine": "me", "myself": "me", "we": "us", "us": "us",
    "our": "us", "you": "you", "your": "you", "yours": "you", "yourself": "you",
    "he": "him", "him": "him", "his": "him", "she": "her", "her": "her", "hers": "her",
    "it": "it", "its": "it", "they": "them", "them": "them", "their": "them", "this": "this",
    "these": "this", "those": "this",
}
ANYBODY = frozenset({"i", "you", "we", "one", "someone", "somebody", "people", "person"})
"""After an auxiliary all of them ask the same: “how do I”, “how does one”."""
AUXILIARIES = frozenset({"do", "does", "can", "could", "should", "would", "to"})

DEGREES = frozenset({
    "more", "less", "most", "least", "fewer", "better", "worse", "best", "worst", "than", "much",
    "many", "few", "little", "enough", "too", "very", "only", "all", "every", "each", "both",
    "half", "double", "twice", "first", "last", "next", "previous", "other", "another", "same",
    "different", "before", "after", "above", "below", "over", "under", "up", "down", "in", "out",
    "on", "off",
})

NO_COMPARISONS = frozenset({
    "after", "other", "another", "water", "number", "computer", "paper", "power", "father",
    "mother", "brother", "sister", "never", "ever", "over", "under", "weather", "whether", "winter",
    "summer", "order", "river", "dinner", "answer", "letter", "member", "matter", "center", "enter",
    "remember", "consider", "interest", "forest", "rest", "test", "west", "request", "user",
    "player", "driver", "teacher", "writer", "engineer", "career", "cancer", "butter", "finger",
    "server", "router", "twitter", "former", "either", "neither", "rather", "together", "lawyer",
})

RELATIONS = frozenset({
    "from", "to", "into", "than", "by", "against", "versus", "vs", "for", "with", "at", "through",
    "between", "or", "if", "because", "about", "as", "of",
})
"""Between two things. Which they are, and in which order, makes the question."""

SYNONYMS = {
    "begin": "start", "purchase": "buy", "movie": "film", "large": "big", "quick": "fast",
    "quickly": "fast", "kids": "children", "kid": "child", "maths": "math", "mathematics": "math",
    "photo": "picture", "photos": "pictures", "usa": "america", "uk": "britain",
    "tv": "television", "phone": "telephone", "bike": "bicycle", "ok": "okay", "earn": "make",
    "lifetime": "life", "website": "site", "websites": "sites", "cellphone": "telephone",
    "starting": "start", "programme": "program", "colour": "color", "favourite": "favorite",
}
# fmt: on
