"""What English words do to a question. A word that stands in none of these tables is content."""

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
    "tell me", "explain", "do you know", "does anyone know", "does anybody know", "i want to know",
    "i would like to know", "i need to know", "i wonder", "i was wondering", "hey", "hi", "hello",
    "okay", "ok", "so", "well", "um", "uh", "please",
    *(f"{can} {who} {please}{say}" for can in ("can", "could", "would")
      for who in ("you", "anyone", "anybody", "someone", "somebody")
      for please in ("", "please ") for say in ("tell me", "explain")),
)
"""Said before a question, and not part of it."""

ASIDE = frozenset({
    "please", "exactly", "actually", "really", "just", "basically", "thanks", "maybe", "ever",
    "so", "truly", "simply",
})

PLAIN = frozenset({
    "a", "an", "the", "some", "any", "there", "am", "is", "are", "be", "been", "being", "do",
    "does", "that", "have", "has", "and", "per",
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
    "kid": "child", "children": "child", "maths": "math", "mathematics": "math",
    "photo": "picture", "usa": "america", "uk": "britain", "tv": "television",
    "phone": "telephone", "cellphone": "telephone", "bike": "bicycle", "ok": "okay",
    "earn": "make", "create": "make", "lifetime": "life", "website": "site",
    "programme": "program", "colour": "color", "favourite": "favorite", "cost": "price",
    "occur": "happen", "advantage": "benefit", "mom": "mother", "mum": "mother", "dad": "father",
    "automobile": "car", "e-mail": "email", "wi-fi": "wifi",
}
"""In all their forms: what is the same is their stem."""
# fmt: on
