"""Which questions and answers are for the cache at all: cases by the rule that decides."""

from dataclasses import replace

import pytest

from conversations.cache import Given, asks_for_time, is_personal, why_not_asked, why_not_kept

STANDS_FOR_ITSELF = """
    What is the capital of France?
    what's the capital of france
    How do I boil an egg?
    Why is the sky blue?
    How many legs does a spider have?
    what is the boiling point of water
    Who wrote Hamlet?
    What is the tallest mountain in Europe?
    How far is the moon from the earth?
    Is it safe to eat raw eggs?
    How long does it take to boil an egg?
    Explain photosynthesis to a child.
    Can you tell me how photosynthesis makes sugar?
    What is twelve times fourteen?
    How tall is the Eiffel Tower?
    Tell me the capital of Peru
    What's the difference between a crocodile and an alligator?
    Are there penguins at the north pole?
    How many bones are there in the human body?
    Are cats more popular than dogs?
    Hey, what is the speed of light?
    When did the second world war end?
    how many continents are there
"""
LEANS = {
    "length": """
        Why?
        Who won?
        Go on
    """,
    "no question": """
        I am so tired.
        Set a timer for ten minutes.
        My dog is called Rex.
        No, I meant the capital of Austria.
    """,
    "goes on": """
        And what about him?
        And in Italy?
        What about Spain?
        How about the other side?
        Which one is better?
        What is the second one?
        What did I say before?
        What have you told me about Rome?
        Could you repeat the question?
        Do you remember the name of the dog?
        Is there a cheaper one?
        What is the last option you gave?
    """,
    "points back": """
        How old is he?
        Who was his father?
        Is that true?
        Tell me more.
        What happened then?
        How many people live there?
        What else can you do?
        Why did she do that?
        What should I do next?
        How do you spell it?
        What does it mean?
        Are they any good?
        Can you explain that again?
        What is another word for it?
        Is this expensive in Japan?
    """,
    "definite": """
        How long does the flight take?
        How tall is the tower?
        Who directed the film?
        What did the president say?
    """,
    "time": """
        What's the weather in London?
        What is the news?
        Who is the current president of France?
        What is the latest version of Python?
        How many days until Christmas?
        When is Easter?
        What is the price of gold?
        Is the shop open now?
        What day is today?
        How old is Barack Obama?
        What happened last week in Rome?
        What is playing at the cinema tonight?
        What is the exchange rate of euros to yen?
        What will happen in 2027?
    """,
    "variety": """
        Tell me a joke about cats.
        Can you recommend a book?
        Tell me a random fact.
        Give me some ideas for dinner.
        Tell me a story about dragons.
    """,
    "oneself": """
        What is my name?
        Am I allergic to nuts?
        Where do I live?
        What are our plans?
        How is my wife called?
    """,
    "subject": """
        Can you explain?
        Could you help please?
    """,
    "language": """
        Wie hoch ist der Eiffelturm?
    """,
}


def lines(table: str) -> list[str]:
    return [line.strip() for line in table.strip().splitlines()]


@pytest.mark.parametrize("question", lines(STANDS_FOR_ITSELF))
def test_a_question_that_stands_for_itself_may_be_kept_and_looked_up(question):
    assert why_not_asked(question) is None


@pytest.mark.parametrize(
    ("rule", "question"), [(rule, line) for rule, table in LEANS.items() for line in lines(table)]
)
def test_one_that_leans_on_the_moment_or_on_what_was_said_is_neither(rule, question):
    assert why_not_asked(question, language="de" if rule == "language" else "en") == rule


@pytest.mark.parametrize("question", lines(LEANS["time"]))
def test_what_is_asked_of_the_moment_is_told_the_time(question):
    assert asks_for_time(question)


def test_the_speed_of_light_needs_no_clock():
    assert not asks_for_time("What is the speed of light?")


# --- answers ------------------------------------------------------------------------------------
PARIS = Given("What is the capital of France?", "Paris is the capital of France.")


def test_a_plain_answer_to_a_plain_question_is_kept():
    assert why_not_kept(PARIS) is None


@pytest.mark.parametrize(
    ("reason", "changes"),
    [
        ("interrupted", {"trouble": "interrupted"}),
        ("failed over", {"trouble": "failed over"}),
        ("tools", {"used": frozenset({"tools"})}),
        ("memory", {"used": frozenset({"memory", "time"})}),
        ("too long", {"audio_s": 30.1}),
        ("points back", {"question": "What is its capital?"}),
        ("cut", {"answer": "Paris is the capital of"}),
        ("cut", {"answer": "Paris is big. " * 60, "reply_tokens_max": 100}),
        ("asks back", {"answer": "Paris is. Would you like to know more?"}),
        ("no answer", {"answer": "I don't know which France you mean."}),
        ("no answer", {"answer": "I'm not able to look things up."}),
        ("no answer", {"answer": "As of my last update it is Paris."}),
        ("no answer", {"answer": "I run without a language model."}),
        ("time", {"answer": "It is currently Paris."}),
        ("names the person", {"answer": "It is Paris, Alice.", "person": "alice"}),
        ("history", {"answer": "As I said, it is Paris."}),
        ("history", {"answer": "You asked that: Paris."}),
        ("history", {"answer": "Paris, where Rex was born.", "earlier": ("My dog is Rex.",)}),
        ("history", {"answer": "Paris, 85 of them.", "earlier": ("Is it 85 miles?",)}),
    ],
)
def test_an_answer_that_others_could_not_have_been_given_is_not_kept(reason, changes):
    assert why_not_kept(replace(PARIS, **changes)) == reason


def test_names_that_were_asked_for_may_have_been_said_before():
    given = replace(PARIS, earlier=("I was in France once.",))

    assert why_not_kept(given) is None


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How do I boil an egg?", "Put it into water."),
        ("Can I eat raw eggs?", "Better not."),
        ("What is a good pillow?", "I think a soft one."),
        ("What is a good pillow?", "One that is right for your neck."),
        ("What can we do about rain?", "Nothing."),
    ],
)
def test_what_touches_the_person_is_personal(question, answer):
    assert is_personal(question, answer)


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("What is the capital of France?", "Paris."),
        ("How big is the US?", "The US has fifty states."),
        ("Tell me the capital of Peru.", "Lima."),
    ],
)
def test_what_touches_nobody_is_not(question, answer):
    assert not is_personal(question, answer)
