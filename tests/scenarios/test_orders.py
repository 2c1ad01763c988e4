"""Every order in which voice and words can come, and when the turn is taken in each.

S and E are the voice as the VAD tells it, I an interim and T a final transcript. They say “what
time is it” from 0.96 to 1.92 s: S is known at 1.056, E at 2.080, and 0.32 s of silence end the
turn, at 2.240, where the words are there by then. The ear is asked for the rest at E, and waited
for until 3.480.
"""

from dataclasses import dataclass

import pytest

from tests.scenarios.call import call
from tests.scenarios.timeline import Ear, Says, Tells

VOICE = Says(0.96, 1.92)
QUESTION = Says(0.96, 1.92, "what time is it")
REST = Says(0.96, 1.92, "is it")
MORE = Says(2.08, 3.04, "in Rome")


@dataclass(frozen=True)
class Order:
    user: tuple[Says, ...]
    ear: Ear
    turns: list[tuple[float, str]]
    """When each was taken."""


def interim(at_s: float, text: str) -> Tells:
    return Tells(at_s, text)


def final(at_s: float, text: str) -> Tells:
    """Unasked: what the ear finds certain by itself."""
    return Tells(at_s, text, is_final=True)


def asked(after_s: float | None, *tells: Tells) -> Ear:
    """Answers so long after E with what the microphone gave; the rest it tells unasked."""
    return Ear(interim_every_s=None, final_s=after_s, tells=tells)


ORDERS = {
    "set": Order((QUESTION,), asked(0.15), [(2.24, "what time is it")]),
    "seit": Order(
        (QUESTION,), asked(0.15, interim(2.15, "what time")), [(2.24, "what time is it")]
    ),
    "siet": Order((QUESTION,), asked(0.15, interim(1.5, "what")), [(2.24, "what time is it")]),
    "sieit": Order(
        (QUESTION,),
        asked(0.15, interim(1.5, "what"), interim(2.15, "what time")),
        [(2.24, "what time is it")],
    ),
    "ste": Order((VOICE,), asked(0.15, final(1.8, "what time is it")), [(2.24, "what time is it")]),
    "site": Order(
        (VOICE,),
        asked(0.15, interim(1.5, "what"), final(1.8, "what time is it")),
        [(2.24, "what time is it")],
    ),
    "se, then t later": Order((QUESTION,), asked(0.4), [(2.48, "what time is it")]),
    "st1et2": Order(
        (MORE,), asked(0.15, final(2.5, "what time is it")), [(3.36, "what time is it in Rome")]
    ),
    "set1t2": Order(
        (VOICE,), asked(0.3, final(2.2, "what time is it")), [(2.38, "what time is it")]
    ),
    "siet1it2": Order(
        (REST,),
        asked(0.3, interim(1.5, "what"), final(2.1, "what time"), interim(2.2, "is it")),
        [(2.38, "what time is it")],
    ),
    "st1iest2e": Order(
        (REST, MORE),
        asked(0.15, final(1.5, "what time"), interim(1.8, "is it")),
        [(3.36, "what time is it in Rome")],
    ),
    "t": Order((), asked(0.15, final(1.5, "thank you")), []),
    "it": Order((), asked(0.15, interim(1.5, "thank"), final(1.8, "thank you")), []),
    "sie, and it after a while": Order(
        (QUESTION,),
        asked(1.2, interim(1.5, "what"), interim(3.0, "what time")),
        [(3.28, "what time is it")],
    ),
    "sie, and t after a while": Order(
        (QUESTION,), asked(1.2, interim(1.5, "what")), [(3.28, "what time is it")]
    ),
    "sie, and t too late": Order((QUESTION,), asked(1.8, interim(1.5, "what")), [(3.48, "what")]),
    "sie, and t never": Order(
        (QUESTION,), asked(None, interim(1.5, "what time")), [(3.48, "what time")]
    ),
    "se, and an empty t": Order((VOICE,), asked(0.15), []),
    "se, and nothing": Order((VOICE,), asked(None), []),
    "setset": Order(
        (QUESTION, Says(4.8, 5.76, "and in Rome")),
        asked(0.15),
        [(2.24, "what time is it"), (6.08, "and in Rome")],
    ),
}


@pytest.mark.parametrize("name", ORDERS)
def test_the_turn_is_taken_once_and_in_time(name):
    order = ORDERS[name]

    seen = call(*order.user, ear=order.ear)

    assert seen.turns() == [(pytest.approx(at, abs=0.002), text) for at, text in order.turns]
    assert [m["turn"] for m in seen.of("reply_started")] == list(range(1, len(order.turns) + 1))
    assert seen.at_rest == [("listening", "listening")]
