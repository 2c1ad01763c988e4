import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.text.speakable import speakable


@pytest.mark.parametrize(
    ("written", "spoken"),
    [
        ("Plain text stays. It does!", "Plain text stays. It does!"),
        ("**Hello** _there_, `code` and ~~gone~~.", "Hello there, code and gone."),
        ("# A title\nText", "A title\nText"),
        ("- one\n- two\n* three\n1. four", "one\ntwo\nthree\n1. four"),
        ("> quoted\n\n---\n\nafter", "quoted\nafter"),
        ("| a | b |\n|---|---|\n| 1 | 2 |", "a, b\n1, 2"),
        ("Look:\n```python\nx = 1\n```\nDone.", "Look:\n(code left out)\nDone."),
        ("```\nnever closed", "(code left out)"),
        ("[a link](http://x.org/y) and ![a cat](cat.png)", "a link and a cat"),
        ("See https://www.example.com/a/b?c=1. Next", "See example dot com. Next"),
        ("Write to jo@example.org", "Write to jo at example dot org"),
        ("Well done 🎉👍🏽!", "Well done!"),
        ("🎉", ""),
        ("…", ""),
        ("$3.50 and $1 and $1,200", "3 dollars and 50 cents and 1 dollar and 1200 dollars"),
        ("$0.99, €5m, £2.5 billion", "99 cents, 5 million euros, 2.5 billion pounds"),
        ("£1.01", "1 pound and 1 penny"),
        ("15% of 80 = 12", "15 percent of 80 equals 12"),
        ("12 × 7 − 4, 5 - 3, 2 + 2", "12 times 7 minus 4, 5 minus 3, 2 plus 2"),
        ("8 ÷ 2, 2*3", "8 divided by 2, 2 times 3"),
        ("-5 degrees", "minus 5 degrees"),
        ("20°C, 1 kg, 10,000 m", "20 degrees Celsius, 1 kilogram, 10000 metres"),
        ("at 5 km/h or 30 mph", "at 5 kilometres per hour or 30 miles per hour"),
        ("6 ft, 16 GB, 3 min", "6 feet, 16 gigabytes, 3 minutes"),
        ("5 in the morning, 3 I think", "5 in the morning, 3 I think"),
        ("3:00 pm, 3:05 PM, 7:30am", "3 P M, 3 oh 5 P M, 7 30 A M"),
        ("14:05, 12:00, at 5 p.m.", "14 oh 5, 12 o'clock, at 5 P M."),
        ("on 2026-11-21", "on November 21, 2026"),
        ("3-5 days, 10–20 people, 1990–2000", "3 to 5 days, 10 to 20 people, 1990 to 2000"),
        ("call 555-123-4567 about covid-19", "call 555-123-4567 about covid-19"),
        ("e.g. tea, i.e. leaves, and/or water", "for example, tea, that is, leaves, and or water"),
        ("Q&A, C++, R & D, #1", "Q&A, C++, R and D, number 1"),
        ("the year 1999, 3.5 million, page 5.", "the year 1999, 3.5 million, page 5."),
    ],
)  # fmt: skip
def test_what_is_written_is_said_as_people_say_it(written, spoken):
    assert speakable(written) == spoken


LANGUAGES = {
    "de": [
        ("**15 %** von 80 = 12 🎉", "15 Prozent von 80 gleich 12"),
        ("Das kostet 5,50 € oder $3, zusammen 1.234 €.",
         "Das kostet 5 Euro 50 oder 3 Dollar, zusammen 1234 Euro."),
        ("0,99 € und 1 €, 2,5 Mio. €", "99 Cent und 1 Euro, 2,5 Millionen Euro"),
        ("um 14:30 Uhr, um 9:00", "um 14 Uhr 30, um 9 Uhr"),
        ("am 5.3.2024 und am 2024-03-05", "am 5. März 2024 und am 5. März 2024"),
        ("20 °C, 100 km/h, 1 kg, 12.000 Leute",
         "20 Grad Celsius, 100 Kilometer pro Stunde, 1 Kilogramm, 12000 Leute"),
        ("10–20 Leute, 3-5 Tage, -5 Grad", "10 bis 20 Leute, 3 bis 5 Tage, minus 5 Grad"),
        ("z. B. Tee & Kaffee, d.h. und/oder, Nr. 5, #1",
         "zum Beispiel Tee und Kaffee, das heißt und oder, Nummer 5, Nummer 1"),
        ("Siehe https://www.bahn.de/fahrplan?x=1.", "Siehe bahn Punkt de."),
        ("an jo@example.org", "an jo at example Punkt org"),
        ("1. Erstens", "1. Erstens"),
        ("Die Version 2.0.1 und 3,5", "Die Version 2.0.1 und 3,5"),
    ],
    "fr": [
        ("**15 %** de 80 = 12 🎉", "15 pour cent de 80 égale 12"),
        ("5,50 €, 1 €, 0,99 €", "5 euros 50, 1 euro, 99 centimes"),
        ("2 milliards €, 3 Mds €", "2 milliards d'euros, 3 milliards d'euros"),
        ("12 000 personnes à 14h30 ou 9:00", "12000 personnes à 14 heures 30 ou 9 heures"),
        ("le 01/03/2024", "le 1er mars 2024"),
        ("20 °C et 100 km/h, 10–20", "20 degrés et 100 kilomètres par heure, 10 à 20"),
        ("p. ex. thé & café, n° 5", "par exemple thé et café, numéro 5"),
        ("https://www.sncf.fr/x", "sncf point fr"),
        ("Qu'est-ce que c'est ? Voilà !", "Qu'est-ce que c'est? Voilà!"),
    ],
    "es": [
        ("El **15 %** de 80 = 12 🎉", "El 15 por ciento de 80 igual a 12"),
        ("5,50 €, $3, 2,5 millones €", "5 euros con 50, 3 dólares, 2,5 millones de euros"),
        ("a las 14:30 del 05/03/2024", "a las 14 y 30 del 5 de marzo de 2024"),
        ("20 °C, 100 km/h, 12.000 personas", "20 grados, 100 kilómetros por hora, 12000 personas"),
        ("p. ej. té & café, 10–20, nº 5", "por ejemplo té y café, 10 a 20, número 5"),
        ("https://www.renfe.es", "renfe punto es"),
        ("¿Qué? ¡Sí!", "¿Qué? ¡Sí!"),
    ],
    "it": [
        ("Il **15 %** di 80 = 12 🎉", "Il 15 per cento di 80 uguale a 12"),
        ("5,50 €, 1 €, 3 mln €", "5 euro e 50, 1 euro, 3 milioni di euro"),
        ("alle 14:30 del 01/03/2024", "alle 14 e 30 del primo marzo 2024"),
        ("20 °C, 1 km, 2 km", "20 gradi, 1 chilometro, 2 chilometri"),
        ("ad es. tè & caffè, 10–20", "ad esempio tè e caffè, 10 a 20"),
        ("jo@example.it", "jo chiocciola example punto it"),
    ],
    "pt-BR": [
        ("**15 %** de 80 = 12 🎉", "15 por cento de 80 igual a 12"),
        ("R$ 5,50, R$ 1, 3 mi", "5 reais e 50, 1 real, 3 milhões"),
        ("às 14h30 de 05/03/2024", "às 14 e 30 de 5 de março de 2024"),
        ("20 °C, 2 kg & 3 l", "20 graus, 2 quilos e 3 litros"),
        ("https://www.exemplo.com.br/x", "exemplo ponto com ponto br"),
    ],
    "nl": [
        ("**15 %** van 80 = 12 🎉", "15 procent van 80 is 12"),
        ("€ 5,50, € 1, € 3 mln", "5 euro 50, 1 euro, 3 miljoen euro"),
        ("om 14:30 uur op 05-03-2024", "om 14 uur 30 op 5 maart 2024"),
        ("20 °C, 10–20, 12.000 mensen", "20 graden, 10 tot 20, 12000 mensen"),
        ("bijv. thee & koffie, nr. 5", "bijvoorbeeld thee en koffie, nummer 5"),
        ("https://www.ns.nl/reis", "ns punt nl"),
    ],
}  # fmt: skip


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [(language, *pair) for language, pairs in LANGUAGES.items() for pair in pairs],
)
def test_other_languages_say_it_their_way(language, written, spoken):
    assert speakable(written, language=language) == spoken


def test_languages_without_a_table_lose_the_markup_and_keep_the_rest():
    assert speakable("**15 %** z 80 🎉", language="cs-CZ") == "15 % z 80"


@given(st.text(max_size=80), st.sampled_from(["en", "cs", *LANGUAGES]))
def test_any_text_is_spoken_or_silent_and_never_an_error(text, language):
    spoken = speakable(text, language=language)

    assert spoken == spoken.strip()
    assert not spoken or any(character.isalnum() for character in spoken)


NUMBERS = st.text(alphabet="0123456789.,:-/€$% hkmM", max_size=20)


@given(NUMBERS, st.sampled_from(["en", *LANGUAGES]))
def test_numbers_however_they_are_written_do_no_harm(text, language):
    spoken = speakable(text, language=language)

    assert sum(map(str.isdigit, spoken)) <= sum(map(str.isdigit, text))
