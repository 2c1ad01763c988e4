"""What in English words says that an answer holds for this moment, person or conversation only.

Whoever is not sure adds a phrase: what is not cached costs a second, a wrong answer costs trust.
"""

# fmt: off
POLITE = (
    r"^\W*(?:(?:hey|hi|hello|okay|ok|so|well|um|uh|please|(?:can|could|would) you (?:please )?"
    r"(?:tell|explain to) me|do you know|i (?:want|would like|'d like) to know)\b[\s,]*)+"
)
"""Said before a question, and not part of it."""

POINTING = frozenset({
    "he", "she", "it", "they", "him", "her", "them", "his", "hers", "its", "their", "theirs",
    "himself", "herself", "itself", "themselves", "this", "that", "these", "those", "here", "there",
    "then", "again", "else", "also", "too", "instead", "either", "such", "same", "other", "others",
    "another", "more", "previous", "previously", "earlier", "above", "former", "latter", "next",
    "ones", "both", "likewise", "aforementioned", "rest", "anymore",
})
"""Words for what was said before."""

HARMLESS = (
    r"\b(?:is|was|would|will) it (?:ever |really |actually )?"
    r"(?:possible|safe|ok|okay|hard|easy|legal|illegal|normal|better|worth|good|bad|healthy"
    r"|unhealthy|dangerous|difficult|expensive|necessary|important|common|rude|polite|cheaper)"
    r"(?: for \w+)? (?:to|that)\b",
    r"\bis it true that\b",
    r"\b(?:does|did|will|would|can|should) it (?:take|cost) (?:\w+ )?to\b",
    r"\bwhat is it like to\b",
    r"\b(?:are|is|was|were) there\b",
    r"\b(?:many|much|old|long|any) \w+ (?:are|is|were|was) there\b",
    r"\bthan (?:other|others|another)\b",
    r"\beach other\b",
    r"\bone another\b",
    r"\b(?:more|less) (?:\w+ ){1,3}?than\b",
    r"\b(?:difference|differences) between (?:\w+ ){1,6}and (?:\w+ )?other\b",
)
"""The same words where they point at nothing."""

CONTINUING = (
    r"^(?:and|but|or|so what|then|because|what about|how about|what if not|why not|how so"
    r"|who else)\b",
    r"^(?:yes|yeah|yep|no|nope|not|right|exactly|sure|thanks|thank you|great|good|cool|wow"
    r"|really)\b",
    r"\b(?:this|that|which|other|next|first|second|third|last|good|better|best) ones?\b",
    r"\bas well\b", r"\bbefore\W*$", r"\bafter\W*$", r"\bone\W*$",
    r"\b(?:did|do|have|had|were|was|can) (?:i|you|we) (?:just |already |ever )*"
    r"(?:say|said|saying|tell|told|ask|asked|asking|mention|mentioned|talk|talked|talking|discuss"
    r"|discussed|mean|meant|repeat)\b",
    r"\b(?:i|you|we) (?:just |already )*"
    r"(?:said|told|asked|mentioned|talked|discussed|meant|were saying|were talking)\b",
    r"\b(?:do you remember|remember|remind|forget|know about me|recall)\b",
    r"\b(?:last|first|second|third|other) (?:question|answer|thing|point|part|option|example)\b",
    r"\b(?:continue|go on|keep going|elaborate|rephrase|repeat|say it|summari[sz]e|shorter|longer"
    r"|slower|louder|simpler)\b",
    r"\bnot what\b", r"\bi meant\b", r"\bof course\b",
)
"""Going on with what was said."""

UNIQUE = frozenset({
    "sun", "moon", "earth", "world", "sky", "sea", "ocean", "universe", "internet", "web", "planet",
    "equator", "bible", "koran", "quran", "un", "eu", "uk", "us", "usa", "alphabet", "solar",
    "milky", "human", "north", "south", "east", "west", "pacific", "atlantic", "sahara", "amazon",
    "roman", "french", "english", "german", "american", "british", "chinese", "russian", "cold",
    "first", "second", "industrial", "great", "big", "main", "best", "worst", "most", "least",
    "fastest", "largest", "biggest", "smallest", "tallest", "highest", "longest", "oldest",
    "deepest", "richest", "shortest", "lightest", "heaviest", "cheapest", "only", "average",
    "difference", "differences", "meaning", "definition", "capital", "purpose", "speed", "point",
    "renaissance", "pope", "periodic", "middle", "dark", "ice", "stone", "bronze", "dead", "red",
    "black", "white", "nile", "alps", "himalayas", "olympics", "piano", "guitar", "violin",
})
"""After “the”, of which there is one, or which begin a name."""

DETERMINED = frozenset({
    "of", "in", "on", "for", "to", "from", "between", "at", "who", "which", "when", "where",
    "with", "by", "inside", "behind", "under", "than",
})
"""After “the” and a few words: which one is said."""

TIMELY = (
    r"\b(?:today|tonight|tomorrow|yesterday|now|nowadays|currently|current|latest|newest|recent"
    r"|recently|upcoming|soon|still|yet|already|ago|lately|anymore|right now)\b",
    r"\b(?:this|next|last|past|coming) (?:second|minute|hour|morning|afternoon|evening|night|day"
    r"|week|weekend|month|year|season|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    r"|spring|summer|autumn|fall|winter|time|election|game|match)\b",
    r"\b(?:weather|forecast|temperature outside|rain|raining|snowing|sunny|news|headlines?|scores?"
    r"|stocks?|shares?|prices?|traffic|exchange rate|bitcoin|crypto|schedule|timetable|standings"
    r"|election|playing|trending|available|in stock)\b",
    r"\bwhat(?:'s| is)? (?:the )?(?:time|date|day|year|month)\b", r"\btime is it\b",
    r"\b(?:day|date|year|month|week) is (?:it|this)\b", r"\bhow old (?:is|are)\b",
    r"\bhow (?:long|many \w+) (?:until|till|since|is it until|are left|to go)\b",
    r"\b(?:dollars?|euros?|yen|rupees?|francs?) (?:in|to|into|is)\b", r"\bopen\W*$",
    r"\b(?:timer|alarm|reminder|clock|calendar|appointments?|meetings?)\b", r"\bwhen is\b",
    r"\bwhen(?:'s| does| do| will| are)\b", r"\b20(?:2[4-9]|[3-9]\d)\b", r"\bso far\b",
    r"\b(?:is|are) (?:it|we) (?:day|night|monday|friday|weekend|late|early)\b",
)
"""Answers to these go stale."""

VARIED = (
    r"\b(?:jokes?|story|stories|poem|poems|song|songs|sing|rhyme|riddles?|limerick|haiku|trivia"
    r"|fun fact|random|surprise|guess|pick|choose|roll|flip|dice|coin|suggest|suggestions?"
    r"|recommend|recommendations?|ideas?|inspire|inspiration|quiz|game|quotes?|compliment|bored"
    r"|imagine|pretend|improvise|brainstorm|write|compose|invent|make up)\b",
)
"""Whoever asks again wants another one."""

PERSONAL = r"\b(?:i|me|my|mine|myself|we|us|our|ours|ourselves)\b"
"""Without “US”, which is written with capitals; lower case counts as “us”."""

ASKING_FOR = r"\b(?:tell|give|show|explain to) me\b"
ANYBODY = (
    r"\b(?:how (?:do|can|could|should|would)|can|could|should|may|what should|where can|when should"
    r"|what can|which \w+ should|why should) i\b|" + ASKING_FOR
)
"""The same words where anybody might say them."""

TO_USER = r"\b(?:your|yours|yourself)\b"
"""Of an answer: it may be about the one who asked."""

OF_HISTORY = (
    r"\b(?:as|like) (?:i|you|we) (?:\w+ )?"
    r"(?:said|mentioned|told|asked|discussed|noted|explained)\b",
    r"\b(?:you|we|i) (?:just |already |earlier |previously )?"
    r"(?:said|told|mentioned|asked|discussed|talked|were asking|were talking)\b",
    r"\b(?:earlier|previously|as before|once again|again|our conversation|last time|remember)\b",
    r"^(?:and|but|also|yes|yeah|no|right|exactly|correct|sorry|i apologi[sz]e|my apologies|you're"
    r" right|you are right|good point|actually|in that case)\b",
)
"""Of an answer: it goes on from what was said."""

NO_ANSWER = (
    r"\b(?:i|we) (?:do not|don't|cannot|can't|could not|couldn't|am not|'m not|am unable|was unable"
    r"|have no|do not have|am afraid)\b",
    r"\bi'm (?:not|afraid|unable|sorry|only)\b", r"\b(?:as of|up to date|up-to-date|real-time|real"
    r" time|cut-?off|my knowledge|my training|as an ai|language model)\b",
    r"\b(?:could|can) you (?:please )?(?:clarify|repeat|specify|say)\b", r"\bwhich one\b",
    r"\blet me (?:look|check|search|see)\b", r"\bnot sure\b",
    r"\bit depends on (?:your|where you)\b",
)
"""Of an answer: it is none, or says that it may be out of date."""
HEARSAY = frozenset({
    "say", "tell", "mean", "know", "think", "explain", "happen", "work", "help", "sure", "go",
    "talk", "like", "want", "make", "get", "thing", "give", "show", "do", "describ", "understand",
    "really",
})
"""Stems that alone are no subject: “can you explain?”"""

REQUESTS = frozenset({
    "explain", "define", "describe", "tell", "translate", "spell", "calculate", "convert", "name",
    "list", "give", "compare", "show", "what's", "who's", "where's", "how's", "why's", "is", "are",
    "was", "were", "do", "does", "did", "can", "could", "would", "should", "will", "may", "must",
    "has", "have", "had", "in", "at", "for", "on", "to", "from", "of", "if",
})
"""What, beside a question word, begins a question that ears write without its mark."""
# fmt: on
