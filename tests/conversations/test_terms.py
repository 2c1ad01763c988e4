import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from conversations.terms import (
    TERM_LENGTH,
    TERMS_MAX,
    check_language_models,
    check_pronunciations,
    check_terms,
    language_models,
    pronunciations,
    terms,
)


def lines(*written: str) -> str:
    return "\n".join(written)


def test_terms_are_one_to_a_line_each_once():
    assert terms(lines("Nguyen", "", "  New York ", "Nguyen", "\t")) == ("Nguyen", "New York")
    assert terms("") == ()


def test_pronunciations_are_written_and_spoken():
    text = lines("Nguyen = win", "", " New York=the city ", "E=mc2 = energy")

    assert pronunciations(text) == {
        "Nguyen": "win",
        "New York": "the city",
        "E": "mc2 = energy",
    }


def test_as_many_terms_as_every_ear_takes_are_fine_and_one_more_is_not():
    check_terms(lines(*(f"term {n}" for n in range(TERMS_MAX))))
    with pytest.raises(ValidationError, match=f"At most {TERMS_MAX} terms; these are 101"):
        check_terms(lines(*(f"term {n}" for n in range(TERMS_MAX + 1))))


def test_a_term_that_is_too_long_is_named():
    check_terms("x" * TERM_LENGTH)
    with pytest.raises(ValidationError, match="“yyy"):
        check_terms(lines("fine", "y" * (TERM_LENGTH + 1)))


@pytest.mark.parametrize("line", ["Nguyen", "Nguyen =", "= win", "=", "Nguyen: win"])
def test_a_line_that_is_no_pronunciation_is_named(line):
    with pytest.raises(ValidationError, match=f"“{line}” should read"):
        check_pronunciations(lines("SQL = sequel", line))


def test_what_reads_well_is_accepted():
    check_terms("")
    check_pronunciations("")
    check_pronunciations(lines("Nguyen = win", "", "  "))


@given(st.text(max_size=80))
def test_what_was_accepted_silences_no_word(text):
    try:
        check_pronunciations(text)
    except ValidationError:
        return
    assert all(written and spoken for written, spoken in pronunciations(text).items())


def test_language_models_are_providers_each_with_its_model():
    written = "groq: llama-3.3-70b , openai,local:llama3.2:3b, router:meta/llama"

    check_language_models(written)

    assert language_models(written) == (
        ("groq", "llama-3.3-70b"),
        ("openai", ""),
        ("local", "llama3.2:3b"),
        ("router", "meta/llama"),
    )


def test_no_language_models_are_those_of_the_settings():
    check_language_models("  ")
    assert language_models("") == ()


@pytest.mark.parametrize("part", ["groq:", ":llama", "Groq", "groq llama", "groq:a b", "", "-"])
def test_a_part_that_is_no_language_model_is_named(part):
    with pytest.raises(ValidationError, match=f"“{part}” should read"):
        check_language_models(f"openai, {part}, gemini")


def test_a_provider_is_asked_once():
    with pytest.raises(ValidationError, match="“groq” is named twice"):
        check_language_models("groq:a, openai, groq:b")
