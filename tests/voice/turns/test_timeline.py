from hypothesis import given
from hypothesis import strategies as st

from voice.turns.timeline import WordTime, length, middle, places

WORDS = ["four", "four", "four", "four"]


def test_without_times_words_share_what_is_heard_in_proportion():
    assert places(WORDS, [], 100, 500) == [(100, 200), (200, 300), (300, 400), (400, 500)]
    assert places(["two", "eleven"], [], 0, 900) == [(0, 300), (300, 900)]


def test_the_voice_rests_behind_a_comma():
    (first, second) = places(["four,", "four"], [], 0, 1200)

    assert first == (0, 400)
    assert second == (800, 1200)


def test_digits_take_longer_than_letters():
    (year, _) = places(["2026", "four"], [], 0, 2000)

    assert year == (0, 1600)


def test_a_word_is_where_the_voice_says():
    times = [WordTime(1, 900, 1000), WordTime(2, 1000, 1400)]

    assert places(WORDS, times, 100, 2000) == [(100, 900), (900, 1000), (1000, 1400), (1400, 2000)]


def test_a_word_whose_end_is_not_told_ends_with_the_next_one_less_the_pause():
    times = [WordTime(0, 0), WordTime(1, 800)]

    assert places(["four,", "four"], times, 0, 1200) == [(0, 400), (800, 1200)]


def test_words_that_were_not_told_share_what_lies_between_those_that_were():
    times = [WordTime(0, 0, 100), WordTime(3, 500, 700)]

    assert places(WORDS, times, 0, 700) == [(0, 100), (100, 300), (300, 500), (500, 700)]


def test_a_word_that_begins_behind_the_known_sound_has_no_length_yet():
    assert places(["one", "two"], [WordTime(1, 900)], 0, 500)[1] == (900, 900)


def test_the_middle_lies_halfway_between_two_places():
    found = [(0.0, 100.0), (200.0, 400.0)]

    assert middle((0, 1), found) == 50
    assert middle((0, 2), found) == 200
    assert middle((1, 1.5), found) == 250


times = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 900), st.integers(0, 90)), max_size=5)


@given(times, st.integers(0, 200), st.integers(200, 1000))
def test_words_keep_their_order(told, begin, end):
    starts = sorted({start for _, start, _ in told})
    known = [
        WordTime(word, start)
        for word, start in zip(sorted({word for word, _, _ in told}), starts, strict=False)
    ]
    found = places(WORDS, known, min([begin, *starts]), end)
    begins = [first for first, _ in found]

    assert len(found) == len(WORDS)
    assert begins == sorted(begins)


def test_the_pause_at_the_end_does_not_count():
    assert length(["four.", "four."]) == 4 + 4 + 4
    assert length([]) == 1
