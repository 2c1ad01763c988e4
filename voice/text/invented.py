"""Text that an ear makes up out of silence or noise: “Thank you for watching.” Pure.

Ears that learned from subtitles fill silence with what stands at their end. Such text starts no
turn and interrupts nobody.
"""

from voice.text.words import words_of

LETTERS_PER_S = 25.0
"""As fast as anybody speaks; 15 is usual."""
LETTERS_AT_ONCE = 10
"""VAD misses the soft ends of short words: “yes” may seem to last no time at all."""
CLOSING_LETTERS_PER_S = 18.0
"""What is often made up has to take its time to be believed."""

# fmt: off
CREDITS = {
    "en": ("subtitles by", "subtitled by", "captions by", "transcribed by",
           "subtitles created by", "transcription by", "closed captioning", "amara.org",
           "amara org", "esa, inc", "copyright ©"),
    "de": ("untertitel der", "untertitel von", "untertitel im auftrag", "untertitelung",
           "copyright wdr", "im auftrag des zdf", "swr 20"),
    "fr": ("sous-titres réalisés", "sous-titrage", "sous-titres par", "sous-titrage société"),
    "es": ("subtítulos realizados", "subtítulos por", "subtítulos en español", "subtitulado por"),
    "it": ("sottotitoli creati", "sottotitoli e revisione", "sottotitoli a cura", "sottotitoli di"),
    "pt": ("legendas pela comunidade", "legendado por", "legenda por", "legendas por"),
    "nl": ("ondertiteling", "ondertitels ingediend", "ondertiteld door", "tv gelderland"),
}
"""Nobody says these to an assistant: made up, however long the sound was, if the text begins with
one."""

CLOSINGS = {
    "en": ("thank you for watching", "thanks for watching", "thank you so much for watching",
           "please subscribe", "like and subscribe", "see you next time",
           "see you in the next video", "don't forget to subscribe", "thank you for listening",
           "thank you very much", "thank you", "bye bye", "we'll be right back", "you"),
    "de": ("vielen dank fürs zuschauen", "vielen dank für ihre aufmerksamkeit", "vielen dank",
           "bis zum nächsten mal", "danke fürs zuschauen", "tschüss"),
    "fr": ("merci d'avoir regardé cette vidéo", "merci d'avoir regardé", "abonnez-vous", "merci",
           "à la prochaine"),
    "es": ("gracias por ver el video", "gracias por ver", "suscríbete al canal", "suscríbete",
           "hasta la próxima", "muchas gracias"),
    "it": ("grazie per la visione", "grazie per aver guardato", "iscrivetevi al canale",
           "grazie a tutti", "alla prossima"),
    "pt": ("obrigado por assistir", "inscreva-se no canal", "até a próxima", "até o próximo vídeo"),
    "nl": ("bedankt voor het kijken", "tot de volgende keer", "dank u wel"),
}
"""Said too, so only made up on a sound that was too short for them."""
# fmt: on


def is_invented(text: str, spoken_s: float, language: str = "en") -> bool:
    """Whether this was not said. spoken_s: how long the voice was heard, pauses not counted."""
    words = words_of(text)
    letters = sum(map(len, words))
    said = " ".join(words)
    if any(said.startswith(" ".join(words_of(credit))) for credit in _of(CREDITS, language)):
        return True
    if said in {" ".join(words_of(closing)) for closing in _of(CLOSINGS, language)}:
        return letters > CLOSING_LETTERS_PER_S * spoken_s
    return letters > LETTERS_AT_ONCE + LETTERS_PER_S * spoken_s


def _of(table: dict[str, tuple[str, ...]], language: str) -> tuple[str, ...]:
    """Ears fall back to English."""
    return table["en"] + table.get(language[:2].lower(), ())
