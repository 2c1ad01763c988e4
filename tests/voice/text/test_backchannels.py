import pytest

from voice.text.backchannels import BACKCHANNELS, WORDS_MAX, is_backchannel, may_become_backchannel


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Mm-hm.", "en"),
        ("uh-huh", "en-GB"),
        ("yeah yeah, right", "en"),
        ("Oh, I see.", "en"),
        ("Ach so, ja.", "de"),
        ("d’accord", "fr"),
        ("Claro que sí", "es-MX"),
        ("Okay", "nl"),
        ("right", "ja"),
    ],
)
def test_what_listeners_say_is_a_backchannel(text, language):
    assert is_backchannel(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("", "en"),
        ("…", "en"),
        ("no", "en"),
        ("stop", "en"),
        ("wait", "en"),
        ("thank you", "en"),
        ("yeah but", "en"),
        ("okay and what about tomorrow", "en"),
        ("I see a problem", "en"),
        ("ja aber", "de"),
        ("nein", "de"),
        ("genau", "en"),
    ],
)
def test_what_asks_for_the_floor_is_none(text, language):
    assert not is_backchannel(text, language)


def test_the_beginning_of_one_may_become_one():
    assert may_become_backchannel("I", "en")
    assert may_become_backchannel("oh I", "en")
    assert may_become_backchannel("va", "it")
    assert not may_become_backchannel("I see", "en")
    assert not may_become_backchannel("I want", "en")
    assert not may_become_backchannel("", "en")


def test_no_entry_is_longer_than_is_looked_for():
    entries = [entry for table in BACKCHANNELS.values() for entry in table]
    assert max(len(entry.split()) for entry in entries) <= WORDS_MAX


def test_every_entry_of_a_table_is_found_in_its_language():
    for language, table in BACKCHANNELS.items():
        assert [entry for entry in table if not is_backchannel(entry, language)] == []
