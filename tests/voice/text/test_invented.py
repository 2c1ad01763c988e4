import pytest

from voice.text.invented import is_invented


@pytest.mark.parametrize("spoken_s", [0.2, 1.0, 30.0])
def test_credits_are_never_said(spoken_s):
    assert is_invented("Subtitles by the Amara.org community", spoken_s, "en")
    assert is_invented("Untertitel im Auftrag des ZDF für funk, 2017", spoken_s, "de")


def test_english_credits_count_in_every_language():
    assert is_invented("Subtitles by someone", 2.0, "pt-BR")


def test_a_closing_is_believed_if_it_had_the_time():
    assert is_invented("Thank you for watching!", 0.5)
    assert not is_invented("Thank you for watching!", 1.3)
    assert is_invented("Thank you.", 0.2)
    assert not is_invented("Thank you.", 0.5)


def test_more_than_can_be_said_was_not_said():
    sentence = "I was wondering whether you could tell me the time of the next train"
    assert is_invented(sentence, 0.6)
    assert not is_invented(sentence, 3.0)


@pytest.mark.parametrize("answer", ["yes", "No.", "seven", "Tomorrow", "Mañana"])
def test_a_short_word_is_believed_however_short_its_sound(answer):
    assert not is_invented(answer, 0.05)


def test_nothing_is_not_invented():
    assert not is_invented("", 0.0)


def test_a_question_about_a_credit_is_no_credit():
    assert not is_invented("who are the subtitles by", 1.5)
