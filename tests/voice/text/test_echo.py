from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.voice.text.misheard import misheard
from tests.voice.text.replies import MEANWHILE, REPLIES
from voice.text.echo import HeardText, SaidWord, is_echo, own_words, said_words
from voice.text.letters import split

PACE = 15.0
"""Letters a second."""
WORKSHOPS = REPLIES["en"][0]


def timed(text: str, began_s: float = 10.0) -> list[SaidWord]:
    """The words of a reply, and when each was audible."""
    words: list[SaidWord] = []
    at_s = began_s
    for word in split(text):
        words.append(SaidWord(text[word.start : word.end], at_s))
        at_s += (len(word.letters) + 1) / PACE
    return words


def at(word: str, said: list[SaidWord]) -> float:
    found = next(each.at_s for each in said if each.text.startswith(word))
    assert found is not None
    return found


def heard_while(text: str, said: list[SaidWord], first: str, *, late_s: float = 0.2) -> HeardText:
    """`text`, heard from when `first` was audible on, at the pace of the reply."""
    began_s = at(first, said) + late_s
    return HeardText(text, began_s, began_s + len(text) / PACE + 0.2)


@pytest.mark.parametrize(
    ("reply", "first", "text"),
    [
        (WORKSHOPS, "The", "The workshops take place"),
        (WORKSHOPS, "The", "the workshop stay plays on thirsty"),
        (WORKSHOPS, "the", "the fort of june and there are elves of them"),
        (WORKSHOPS, "there", "their our twelve of them"),
        (WORKSHOPS, "The", "uh the workshop stay plays on thirsty"),
        (WORKSHOPS, "Thursday", "Thursday"),
        (WORKSHOPS, "Thursday", "thirstday"),
        (WORKSHOPS, "and", "and"),
        (WORKSHOPS, "workshops", "worksh"),  # the beginning of an interim
        (REPLIES["de"][0], "finden", "finden am Donners dag statt und"),
        (REPLIES["fr"][0], "ateliers", "atelier ont lieu le jeu di quatre"),
        (REPLIES["es"][0], "jueves", "jueves quatro de junio y hay doce"),
        (REPLIES["ru"][0], "четверг", "четверг четвертого июня всего"),
        (REPLIES["hi"][0], "गुरुवार", "गुरुवार चार जून को"),
        (REPLIES["ko"][0], "목요일에", "목요일 열리고 모두 열두"),
        (REPLIES["ja"][0], "木", "木曜に行われ全部"),
        (REPLIES["zh"][0], "星", "星期四居行一共"),
    ],
)
def test_what_the_assistant_is_saying_is_an_echo_however_badly_it_is_heard(reply, first, text):
    said = timed(reply)

    assert is_echo(heard_while(text, said, first), said)


@pytest.mark.parametrize(
    ("first", "text"),
    [
        ("on", "no"),
        ("of", "stop"),
        ("Thursday", "wait"),
        ("Thursday", "wait what day was that"),
        ("there", "no no when is the food"),
        ("there", "can I bring my dog to the hotel"),
        ("website", "yes"),
        ("sign", "okay thanks that's enough"),
    ],
)
def test_what_a_user_says_meanwhile_is_all_the_users(first, text):
    said = timed(WORKSHOPS)
    heard = heard_while(text, said, first)

    assert not is_echo(heard, said)
    assert own_words(heard, said) == text


def test_a_user_may_repeat_a_word_that_was_said_a_second_ago():
    said = timed(WORKSHOPS)

    assert is_echo(heard_while("Thursday?", said, "Thursday", late_s=0.2), said)
    assert not is_echo(heard_while("Thursday?", said, "Thursday", late_s=1.2), said)


def test_a_user_may_quote_what_was_said():
    said = timed(WORKSHOPS)
    began_s = at("sign", said)
    heard = HeardText("what do you mean by twelve", began_s, began_s + 1.8)

    assert own_words(heard, said) == "what do you mean by twelve"


@pytest.mark.parametrize(
    ("first", "echo", "own"),
    [
        ("on", "on Thursday", "wait stop"),
        ("place", "place on thirsty the fort", "tell me about the speakers"),
        ("twelve", "twelve of them", "is there any food"),
    ],
)
def test_after_the_echo_the_rest_is_the_users(first, echo, own):
    said = timed(WORKSHOPS)
    heard = heard_while(f"{echo} {own}", said, first)

    assert not is_echo(heard, said)
    assert own_words(heard, said) == own


def test_one_word_after_an_echo_may_be_misheard_but_is_told():
    said = timed(WORKSHOPS)
    heard = heard_while("place on Thursday wait", said, "place")

    assert is_echo(heard, said)
    assert own_words(heard, said) == "wait"


def test_without_times_a_single_word_is_the_users_and_a_clause_is_an_echo():
    said = said_words(WORKSHOPS)

    assert not is_echo(HeardText("Thursday?"), said)
    assert is_echo(HeardText("the workshop stay plays on thirsty"), said)
    assert not is_echo(HeardText("can I bring my dog"), said)


@pytest.mark.parametrize("text", ["", " ", "…", "?!"])
def test_no_words_are_no_echo(text):
    assert not is_echo(HeardText(text), timed(WORKSHOPS))
    assert own_words(HeardText(text), timed(WORKSHOPS)) == ""


def test_nothing_said_means_no_echo():
    assert own_words(HeardText("hello there"), []) == "hello there"
    assert not is_echo(HeardText("hello there"), [])


def test_where_somebody_writes_marks_and_capitals_matters_to_nobody():
    said = timed("Well, it's half-past three!")

    assert is_echo(HeardText("WELL its half past three", 10.1, 11.6), said)


LANGUAGES = sorted(REPLIES)


@st.composite
def spans(draw: st.DrawFn) -> tuple[list[SaidWord], list[SaidWord]]:
    """A reply and a run of its words."""
    reply = draw(st.sampled_from([reply for each in LANGUAGES for reply in REPLIES[each]]))
    said = timed(reply)
    first = draw(st.integers(0, len(said) - 2))
    return said, said[first : first + draw(st.integers(2, 12))]


@given(spans(), st.floats(0, 0.4), st.floats(0, 0.4))
@settings(max_examples=30)
def test_a_text_is_always_its_own_echo(span, late_s, lag_s):
    said, words = span
    text = " ".join(word.text for word in words)
    began_s = words[0].at_s + late_s
    until_s = words[-1].at_s + late_s + (len(words[-1].text) + 1) / PACE + lag_s

    # A word of one letter is no evidence for anything, and may be left over.
    assert len(own_words(HeardText(text, began_s, until_s), said)) <= 1
    assert is_echo(HeardText(text, began_s, until_s), said)


@given(st.sampled_from(LANGUAGES), st.randoms(use_true_random=False))
@settings(max_examples=30)
def test_what_is_left_is_made_of_words_that_were_heard(language, random):
    said = timed(random.choice(REPLIES[language]))
    words = [*(word.text for word in said), *random.choice(MEANWHILE[language]).split()]
    random.shuffle(words)
    heard = HeardText(" ".join(words[:12]), 10 + random.random() * 4, 16)

    left = own_words(heard, said)

    letters = iter(heard.text)
    assert all(letter in letters for letter in left.replace(" ", ""))


@given(
    st.sampled_from([text for text in MEANWHILE["en"] if len(text.split()) > 2]),
    st.sampled_from(REPLIES["en"]),
    st.floats(10, 16),
)
@settings(max_examples=60)
def test_a_sentence_that_has_nothing_to_do_with_the_reply_is_never_an_echo(text, reply, began_s):
    heard = HeardText(text, began_s, began_s + len(text) / PACE)

    assert not is_echo(heard, timed(reply))


def test_once_the_sound_says_that_somebody_speaks_every_word_counts():
    said = timed(WORKSHOPS)
    heard = heard_while("place on Thursday wait", said, "place")

    assert is_echo(heard, said)
    assert not is_echo(heard, said, has_strays=False)
    assert is_echo(heard_while("place on Thursday", said, "place"), said, has_strays=False)


def share(count: int, total: int) -> float:
    return count / total


@pytest.mark.parametrize(
    ("errors", "words", "missed"),
    [(0.2, 2, 0.08), (0.2, 4, 0.06), (0.4, 4, 0.12), (0.4, 8, 0.15)],
)
def test_echoes_with_misheard_words_are_seldom_taken_for_a_user(errors, words, missed):
    random = Random(7)
    total, taken = 100, 0
    for _ in range(total):
        language = random.choice(LANGUAGES)
        said = timed(random.choice(REPLIES[language]))
        count = words * (2 if language in ("ja", "zh") else 1)
        first = random.randrange(len(said) - count)
        span = said[first : first + count]
        text = " ".join(misheard([word.text for word in span], errors, random)) or span[0].text
        late_s = random.uniform(0.05, 0.4)
        heard = HeardText(text, span[0].at_s + late_s, said[first + count].at_s + late_s + 0.2)
        taken += not is_echo(heard, said)

    assert share(taken, total) <= missed


def test_users_are_hardly_ever_taken_for_an_echo():
    random = Random(7)
    total, taken = 200, 0
    for _ in range(total):
        language = random.choice(LANGUAGES)
        said = timed(random.choice(REPLIES[language]))
        text = random.choice(MEANWHILE[language])
        began_s = random.uniform(10, 16)
        heard = HeardText(text, began_s, began_s + len(text) / PACE + random.uniform(0, 0.5))
        taken += is_echo(heard, said)

    assert share(taken, total) <= 0.01
