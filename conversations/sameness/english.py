"""What English words do to a question. A word that stands in none of these tables is content."""

# fmt: off
OPENED = {
    "can't": "can not", "cannot": "can not", "won't": "will not", "shan't": "shall not",
    "n't": " not", "'re": " are", "'ve": " have", "'ll": " will", "'m": " am",
    "what's": "what is", "who's": "who is", "where's": "where is", "when's": "when is",
    "how's": "how is", "why's": "why is", "that's": "that is", "there's": "there is",
    "it's": "it is", "let's": "let us", "i'd": "i would", "you'd": "you would",
    "e mail": "email", "wi fi": "wifi", " and a half": " plus half", " and a third": " plus third",
    " and a quarter": " plus quarter",
}
"""Contractions, and what is written in other ways as well. A bare “'s” is a genitive, or cannot be
told from one."""

LEAD_INS = (
    "tell me", "give me", "remind me", "explain", "define", "do you know", "does anyone know",
    "does anybody know", "i want to know", "i would like to know",
    "i need to know", "i wonder", "i was wondering", "hey", "hi", "hello", "okay", "ok", "so",
    "well", "um", "uh", "please",
    *(f"{can} {who} {please}{say}" for can in ("can", "could", "would")
      for who in ("you", "anyone", "anybody", "someone", "somebody")
      for please in ("", "please ") for say in ("tell me", "give me", "explain", "define")),
)
"""Said before a question, and not part of it."""

BEGINNINGS = frozenset({
    "is", "are", "was", "were", "am", "do", "does", "did", "can", "could", "should", "would",
    "will", "has", "have", "had", "may", "might", "must", "if", "whether", "about",
})
"""Of a question that has no word that asks."""

ASIDE = frozenset({
    "please", "exactly", "actually", "really", "just", "basically", "thanks", "maybe", "ever",
    "so", "truly", "simply", "again", "anyway", "anyways", "currently",
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
ANYBODY = frozenset({"i", "we", "one", "someone", "somebody", "people", "person"})
"""After an auxiliary all of them ask the same: “can I”, “can one”. “You” may be the assistant."""
AUXILIARIES = frozenset({"do", "does", "can", "could", "should", "would", "to"})

ADVERBS = frozenset({"fast", "online", "quick", "soon", "well", "together"})
"""Beside those in “-ly”."""

BEING = frozenset({"am", "is", "are", "was", "were", "be", "been", "being"})
PARTICIPLES = frozenset({
    "born", "broken", "brought", "built", "bought", "caught", "chosen", "done", "drawn", "driven",
    "eaten", "found", "fought", "frozen", "given", "grown", "held", "hidden", "hit", "hurt", "kept",
    "killed", "known", "led", "lost", "made", "meant", "met", "paid", "sent", "shot", "sold",
    "spent", "spoken", "stolen", "taken", "taught", "thrown", "told", "won", "worn", "written",
})
"""Beside those in “-ed”."""
NO_PARTICIPLES = frozenset({
    "thing", "king", "ring", "spring", "string", "wedding", "building", "evening", "morning",
    "nothing", "something", "anything", "everything", "during", "ceiling", "feeling", "meaning",
    "painting", "need", "speed", "seed", "bed", "red", "feed", "weed", "breed", "united",
})

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
    "begin": "start", "commence": "start", "purchase": "buy", "movie": "film", "large": "big",
    "huge": "big", "quick": "fast", "rapidly": "fast", "kid": "child", "children": "child",
    "maths": "math", "mathematics": "math", "photo": "picture", "photograph": "picture",
    "usa": "america", "uk": "britain", "tv": "television", "phone": "telephone",
    "cellphone": "telephone", "smartphone": "telephone", "mobile": "telephone",
    "bike": "bicycle", "ok": "okay", "earn": "make", "create": "make", "lifetime": "life",
    "website": "site", "programme": "program", "occur": "happen", "advantage": "benefit",
    "mom": "mother", "mum": "mother", "dad": "father", "automobile": "car", "cost": "price",
    "delete": "remove", "erase": "remove", "solve": "fix", "resolve": "fix", "repair": "fix",
    "retrieve": "recover", "enhance": "improve", "boost": "increase",
    "decrease": "reduce", "lessen": "reduce", "smart": "intelligent", "clever": "intelligent",
    "wealthy": "rich", "tough": "hard", "difficult": "hard", "simple": "easy",
    "crucial": "important", "vital": "important", "difference": "differ", "different": "differ",
    "differentiate": "differ", "distinguish": "differ", "scared": "afraid", "loose": "lose",
    "everyday": "daily", "autumn": "fall", "aeroplane": "airplane", "physician": "doctor",
    "attorney": "lawyer", "mt": "mount", "examination": "exam", "marriage": "marry",
    "pc": "computer", "fridge": "refrigerator", "reside": "live", "wage": "salary",
    "income": "salary", "select": "choose", "locate": "find", "assist": "help", "damage": "harm",
    "grey": "gray", "colour": "color", "favourite": "favorite", "harbour": "harbor",
    "neighbour": "neighbor", "theatre": "theater", "centre": "center", "tyre": "tire",
    "aluminium": "aluminum", "organisation": "organization", "programming": "program",
}
"""In all their forms: what is the same is their stem."""
# fmt: on
