"""What listeners say without wanting the floor: “mm-hm”, “right”, “I see”. Pure, tables only.

“No”, “wait” and “stop” are in none of them. Neither are thanks: they end what is being said.
"""

from voice.text.words import words_of

# fmt: off
HUMMED = frozenset({
    "m", "mm", "mmm", "mhm", "mmhm", "mm-hm", "mm-hmm", "mhmm", "m-hm", "hm", "hmm", "hmmm", "uh",
    "uh-huh", "huh", "aha", "ah", "ahh", "oh", "ooh", "oo", "eh", "um", "umm", "er", "ha", "haha",
    "mm hm", "mm hmm", "uh huh", "ah ha", "ok", "okay", "m'hm",
})
"""The same everywhere, or nearly."""

BACKCHANNELS = {
    "en": frozenset({
        "yeah", "yea", "yes", "yep", "yup", "ya", "right", "sure", "true", "cool", "great",
        "good", "nice", "wow", "fine", "perfect", "exactly", "absolutely", "totally", "indeed",
        "really", "alright", "gotcha", "interesting", "awesome", "amazing", "understood",
        "definitely", "of course", "i see", "got it", "all right", "i know", "makes sense",
        "that makes sense", "sounds good", "fair enough", "i understand", "for sure", 
        "oh my", "oh my god", "very good", "oh wow", "that's right", "that's true",
        "that's good", "that's great", "i get it", "good to know", "oh really", "is that so",
        "you're right", "go on",
    }),
    "de": frozenset({
        "ja", "jo", "jaja", "jap", "genau", "stimmt", "klar", "gut", "richtig", "eben", "achso",
        "ach", "ach so", "ach ja", "ach was", "aha", "alles klar", "na klar", "verstehe",
        "schön", "ich verstehe", "sicher", "natürlich", "super", "toll", "prima", "echt",
        "wirklich", "krass", "interessant", "verstanden", "tatsächlich", "sehr gut",
        "in ordnung", "na gut", "so so", "ich weiß", "das stimmt", "macht sinn", "absolut",
        
    }),
    "fr": frozenset({
        "oui", "ouais", "ouaip", "d'accord", "ah bon", "bon", "bien", "bien sûr", "je vois",
        "voilà", "exactement", "exact", "c'est vrai", "c'est ça", "tout à fait", "très bien",
        "super", "vrai", "vraiment", "ça marche", "entendu", "compris", "je comprends",
        "effectivement", "en effet", "génial", "parfait", "absolument", "je sais", "ah oui",
        "ah ouais", "tiens",
    }),
    "es": frozenset({
        "sí", "si", "ajá", "aja", "vale", "claro", "ya", "bueno", "bien", "entiendo", "exacto",
        "eso", "ya veo", "de acuerdo", "muy bien", "por supuesto", "cierto", "es verdad",
        "verdad", "genial", "perfecto", "exactamente", "claro que sí", "está bien", "qué bien",
        "ah sí", "comprendo", "lo sé", "anda", "así es", "en serio", "entendido",
    }),
    "it": frozenset({
        "sì", "si", "certo", "va bene", "capito", "ho capito", "giusto", "esatto", "bene",
        "vero", "già", "ecco", "chiaro", "d'accordo", "capisco", "perfetto", "ottimo",
        "esattamente", "davvero", "infatti", "è vero", "certamente", "molto bene", "lo so",
        "ah sì", "bello",
    }),
    "pt": frozenset({
        "sim", "certo", "pois", "pois é", "tá", "tá bom", "está bem", "claro", "ok", "entendi",
        "sei", "percebo", "exato", "exatamente", "isso", "verdade", "bom", "bem", "ótimo",
        "muito bem", "com certeza", "é", "é verdade", "beleza", "legal", "perfeito", "uhum",
        "aham", "eu sei", "a sério", "é mesmo", "compreendo",
    }),
    "nl": frozenset({
        "ja", "jaja", "jawel", "oké", "precies", "klopt", "goed", "juist", "inderdaad",
        "snap ik", "ik snap het", "ik begrijp het", "begrepen", "natuurlijk", "prima", "mooi",
        "leuk", "echt", "oh ja", "dat klopt", "zeker", "duidelijk", "echt waar", "ach", "goh",
        "top", "fijn", "heel goed", "ik weet het", "is goed",
    }),
}
# fmt: on
WORDS_MAX = 4
"""Of one of them."""

_TABLES = {
    language: frozenset(" ".join(words_of(entry)) for entry in own | BACKCHANNELS["en"] | HUMMED)
    for language, own in BACKCHANNELS.items()
}
"""As texts are compared."""


def is_backchannel(text: str, language: str) -> bool:
    """Whether these words, and there are some, are nothing but back-channels. English ones count
    in every language: ears write them, and people say them."""
    words = words_of(text)
    return bool(words) and not _behind(words, _table(language))


def may_become_backchannel(text: str, language: str) -> bool:
    """Whether it is one but for a word that may be on its way: “I” of “I see”."""
    table = _table(language)
    rest = " ".join(_behind(words_of(text), table))
    return bool(rest) and any(entry.startswith(rest + " ") for entry in table)


def _table(language: str) -> frozenset[str]:
    return _TABLES.get(language[:2].lower(), _TABLES["en"])


def _behind(words: list[str], table: frozenset[str]) -> list[str]:
    """What is left behind all the back-channels at the beginning."""
    while words:
        counts = range(WORDS_MAX, 0, -1)
        count = next((n for n in counts if " ".join(words[:n]) in table), 0)
        if not count:
            return words
        words = words[count:]
    return words
