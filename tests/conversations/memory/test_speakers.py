"""Of whom a question speaks."""

import pytest

from conversations.memory.speakers import asked

PRIYA, TOM = ("Priya Nair", "Priya", "priya81"), ("Tom",)


@pytest.mark.parametrize(
    ("text", "plain", "role"),
    [
        ("When did Priya start the cello?", "When did I start the cello?", "user"),
        ("What is Priya's sister called?", "What is my sister called?", "user"),
        ("Where did priya nair study?", "Where did I study?", "user"),
        ("What does Tom think of Lisbon?", "What does you think of Lisbon?", "assistant"),
        ("What is Tom’s dog called?", "What is your dog called?", "assistant"),
        ("Do Priya and Tom share a hobby?", "Do I and you share a hobby?", None),
        ("Where did I park the car?", "Where did I park the car?", "user"),
        ("Can you tell me where I parked?", "Can you tell me where I parked?", "user"),
        ("What did you recommend?", "What did you recommend?", "assistant"),
        ("What did you tell me about Rome?", "What did you tell me about Rome?", None),
        ("Do you remember my dentist?", "Do you remember my dentist?", "user"),
        ("Who wrote Faust?", "Who wrote Faust?", None),
        ("Is a tomato a fruit?", "Is a tomato a fruit?", None),
        ("", "", None),
    ],
)
def test_a_name_becomes_a_pronoun_and_tells_whose_words_answer(
    text: str, plain: str, role: str | None
) -> None:
    found = asked(text, user=PRIYA, assistant=TOM)

    assert (found.text, found.role) == (plain, role)


@pytest.mark.parametrize(
    ("text", "is_personal"),
    [
        ("When did Priya start the cello?", True),
        ("Do Priya and Tom share a hobby?", True),
        ("What did we talk about last week?", True),
        ("Where did I park?", True),
        ("Can you tell me who wrote Faust?", False),
        ("Who wrote Faust?", False),
        ("Where is Rex?", False),
    ],
)
def test_a_question_about_the_two_is_told_from_one_about_the_world(
    text: str, is_personal: bool
) -> None:
    assert asked(text, user=PRIYA, assistant=TOM).is_personal is is_personal


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("How old is Bolota?", ("Bolota",)),
        ("What does Fátima bring from Setúbal?", ("Fátima", "Setúbal")),
        ("Where is Matilde’s crèche?", ("Matilde",)),
        ("What does Priya think of Øyvind?", ("Øyvind",)),
        ("Which one? The first.", ()),
        ("what is the time of the école", ()),
    ],
)
def test_whom_else_it_speaks_of_is_known_by_capitals(text: str, names: tuple[str, ...]) -> None:
    assert asked(text, user=PRIYA, assistant=TOM).names == names


def test_names_that_are_empty_or_odd_do_no_harm() -> None:
    assert asked("a (b) c", user=("", " ", "(b)"), assistant=("[",)).text == "a (b) c"
