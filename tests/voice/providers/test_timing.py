import pytest

from voice.providers.tts.timing import Letters, Mark, Timing


def told(text: str, spoken: list[str]) -> list[Mark]:
    """What is told of a text of which a vendor speaks these words, one each second, for 0.8 s."""
    timing = Timing(text)
    marks = []
    for second, word in enumerate(spoken):
        marks += timing.heard(Mark(word, second, second + 0.8))
    return marks + timing.rest()


def starts(text: str, spoken: list[str]) -> list[tuple[str, float]]:
    return [(mark.text, mark.start_s) for mark in told(text, spoken)]


def test_words_are_those_of_the_text():
    assert starts("“Hello”, she said.", ["hello", "she", "said"]) == [
        ("“Hello”,", 0),
        ("she", 1),
        ("said.", 2),
    ]


@pytest.mark.parametrize(
    ("text", "spoken", "expected"),
    [
        ("It costs $5 today.", ["It", "costs", "five", "dollars", "today"], [0, 1, 2, 4]),
        ("It costs $5.", ["It", "costs", "five", "dollars"], [0, 1, 2]),
        ("New-York is new.", ["New", "York", "is", "new"], [0, 2, 3]),
        ("New York is new.", ["NewYork", "is", "new"], [0, 0, 1, 2]),
        ("Don't go — now.", ["Don", "'t", "go", "now"], [0, 2, 3, 3]),
        ("Go now 🙂", ["Go", "now"], [0, 1, 1.8]),
        ("no no no", ["no", "no", "no"], [0, 1, 2]),
        ("one two three", ["one", "three"], [0, 1, 1]),
        ("Café là", ["Cafe\u0301", "la\u0300"], [0, 1]),
        ("שלום עולם", ["שלום", "עולם"], [0, 1]),
        ("你好世界", ["你", "好", "世", "界"], [0]),
        ("one two", [], []),
        ("one two", ["one"], [0]),
        ("one two", ["", "one", ",", "two", "."], [1, 3]),
        ("hello there you", ["hello", "there", "hello", "there", "you"], [0, 1, 4]),
    ],
)
def test_each_word_is_told_once_and_in_order(text, spoken, expected):
    found = starts(text, spoken)

    assert [word for word, _ in found] == text.split()[: len(expected)]
    assert [start_s for _, start_s in found] == expected


def test_a_word_ends_with_the_last_part_of_it():
    assert told("New-York is", ["New", "York", "is"]) == [
        Mark("New-York", 0, 1.8),
        Mark("is", 2, 2.8),
    ]


def test_what_was_said_otherwise_ends_where_the_text_goes_on():
    assert told("It is $5 now", ["It", "is", "five", "dollars", "now"])[2] == Mark("$5", 2, 4)


def test_times_that_run_backwards_are_not_believed():
    timing = Timing("one two")
    first = timing.heard(Mark("one", 2.0, 2.5))
    second = timing.heard(Mark("two", 1.0, 1.5))

    assert [mark.start_s for mark in first + second] == [2.0, 2.0]
    assert second[0].end_s == 2.0


def test_letters_become_words_across_messages():
    letters = Letters()
    first = list(letters.feed([Mark("H", 0.1, 0.2), Mark("i", 0.2, 0.3)], 0.0))
    second = list(letters.feed([Mark("!", 0.0, 0.1), Mark(" ", 0.1, 0.2)], 1.0))

    assert first == []
    assert second == [Mark("Hi!", 0.1, 1.1)]
    assert list(letters.rest()) == []
