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


def test_other_languages_lose_the_markup_and_keep_the_rest():
    assert speakable("**15 %** von 80 🎉", language="de-DE") == "15 % von 80"


@given(st.text(max_size=80))
def test_any_text_is_spoken_or_silent_and_never_an_error(text):
    spoken = speakable(text)

    assert spoken == spoken.strip()
    assert not spoken or any(character.isalnum() for character in spoken)
