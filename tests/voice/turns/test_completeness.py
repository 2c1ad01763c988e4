import pytest

from voice.turns.completeness import Shape, shape_of
from voice.turns.languages import WORD_CLASSES


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("what is the weather like", "en"),
        ("How many tracks are there?", "en"),
        ("where are you from", "en"),
        ("is it free", "en"),
        ("turn it on", "en"),
        ("set a timer for ten minutes", "en-US"),
        ("I have a problem. Can you help me?", "en"),
        ("Wie wird das Wetter morgen", "de"),
        ("Quel temps fera-t-il demain ?", "fr"),
        ("¿Qué tiempo hará mañana?", "es"),
        ("Che tempo farà domani", "it"),
        ("Como vai estar o tempo amanhã", "pt"),
        ("Wat voor weer wordt het morgen", "nl"),
    ],
)
def test_a_whole_question_or_request_is_finished(text, language):
    assert shape_of(text, language) is Shape.FINISHED


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("I want to go to Paris and", "en"),
        ("I'd like to book a table for", "en"),
        ("can you tell me", "en"),
        ("so", "en"),
        ("Um,", "en"),
        ("what is the", "en"),
        ("well you know", "en"),
        ("I was thinking that maybe we could", "en"),
        ("if it rains", "en"),
        ("when I was at school", "en"),
        ("my brother's", "en"),
        ("I would like to—", "en"),
        ("Ich möchte einen Tisch für", "de"),
        ("also ähm", "de"),
        ("weil der", "de"),
        ("je voudrais une table pour", "fr"),
        ("voy a París y", "es"),
        ("vorrei un tavolo per", "it"),
        ("queria uma mesa para", "pt"),
        ("we gaan naar Parijs en", "nl"),
    ],
)
def test_what_breaks_off_is_open(text, language):
    assert shape_of(text.replace("—", "–"), language) is Shape.OPEN


@pytest.mark.parametrize(
    ("word", "language"),
    [
        ("Yes.", "en"),
        ("no", "en"),
        ("seven", "en"),
        ("London", "en"),
        ("this", "en"),
        ("nein", "de"),
        ("ja", "nl"),
        ("Oui", "fr"),
        ("sí", "es"),
        ("no", "it"),
        ("Não", "pt"),
    ],
)
def test_one_word_may_be_an_answer(word, language):
    assert shape_of(word, language) is Shape.ANSWER


@pytest.mark.parametrize("text", ["yes it is", "I think I do", "no I can't", "that is what I said"])
def test_some_clauses_end_in_an_open_word(text):
    assert shape_of(text) is not Shape.OPEN


@pytest.mark.parametrize(
    "text",
    [
        "my number is oh seven seven",
        "it's spelled J A N",
        "my e-mail address is john dot smith",
        "the code is 4",
        "four seven one",
        "0 7 7 4",
    ],
)
def test_digits_and_letters_may_go_on(text):
    assert shape_of(text) is Shape.DICTATED


@pytest.mark.parametrize(
    "text",
    ["wake me at seven thirty", "I was born in 1987", "let's meet at 2:00", "we left on 3/19/2021"],
)
def test_times_and_dates_are_not_dictated(text):
    assert shape_of(text) in (Shape.STATEMENT, Shape.FINISHED)


def test_a_whole_telephone_number_is_not_waited_on():
    assert shape_of("0 7 7 4 1 2 9 9 6 3 1") is not Shape.DICTATED


@pytest.mark.parametrize("text", ["how many conference", "my account number", "I want the large"])
def test_what_lacks_its_verb_or_noun_is_unsure(text):
    assert shape_of(text) in (Shape.UNSURE, Shape.DICTATED)


@pytest.mark.parametrize(
    "text", ["I have already tried to restart it", "my name is Jennifer Smith"]
)
def test_a_clause_is_a_statement(text):
    assert shape_of(text) is Shape.STATEMENT


@pytest.mark.parametrize("text", ["", "  ", "…?"])
def test_without_words_there_is_no_shape(text):
    assert shape_of(text) is Shape.EMPTY


def test_punctuation_is_not_needed():
    asked = "can you suggest some sessions for me"
    assert shape_of(asked) is shape_of(asked.capitalize() + "?")


def test_a_full_stop_does_not_finish_what_is_open():
    assert shape_of("I'd like a table for.") is Shape.OPEN


def test_only_the_last_sentence_counts():
    assert shape_of("What is the weather like? And the") is Shape.OPEN


def test_unknown_languages_are_taken_for_english():
    assert shape_of("to the", "xx") is Shape.OPEN


@pytest.mark.parametrize("language", sorted(WORD_CLASSES))
def test_every_language_knows_its_words(language):
    """A table that lost a class would be found by nobody."""
    classes = WORD_CLASSES[language]
    assert len(classes.open) > 60
    for name in ("fillers", "lead_ins", "answers", "questions", "interrogatives", "numbers"):
        assert len(getattr(classes, name)) > 3, name
    assert classes.interrogatives <= classes.questions
    for filler in classes.fillers:
        assert shape_of(filler, language) is Shape.OPEN
