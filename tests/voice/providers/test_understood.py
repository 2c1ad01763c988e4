import pytest

from voice.providers.stt.understood import untold


@pytest.mark.parametrize(
    ("told", "now", "news"),
    [
        ("", "good  night", "good night"),
        ("good night", "good night", ""),
        ("good night", "good night then", "then"),
        ("good night.", "Good night, then", "then"),
        ("it is seventy five dollars", "it is 75 dollars please", "please"),
        ("it costs 75", "it costs seventy five dollars", "five dollars"),
        ("I want two", "I want to go", "go"),
        ("no", "no no no", "no no"),
        ("good night", "good", ""),
        ("good night", "", ""),
    ],
)
def test_what_was_told_is_left_out_however_it_is_written_now(told, now, news):
    assert untold(now.split(), told.split()) == news
