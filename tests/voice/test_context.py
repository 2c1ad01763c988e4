from dataclasses import replace

import pytest

from voice.context import Models, Told
from voice.providers.failover.thinking import ThinkingChain
from voice.store import AgentContext, OwnContext
from voice.turns.endpointing import PATIENCE, Endpointing
from voice.turns.policy import Policy

AGENT = AgentContext(
    id=1,
    slug="assistant",
    version=1,
    instructions="",
    greeting="",
    voice="",
    language="en",
    temperature=0.7,
    reply_tokens_max=150,
    turns_kept=10,
)
OF_ITS_OWN = Policy(Endpointing(pause_s=3.0), speculations_max=1)


def told(**of_agent: str) -> Told:
    return Told(replace(AGENT, **of_agent), OwnContext(), Models(ThinkingChain([]), [], ""))


@pytest.mark.parametrize("patience", PATIENCE)
def test_a_session_begins_with_the_patience_and_the_language_of_its_agent(patience):
    policy = told(patience=patience, language="de").policy(OF_ITS_OWN)

    assert policy == replace(OF_ITS_OWN, endpointing=PATIENCE[patience], language="de")


def test_an_agent_that_becomes_patient_waits_longer_from_then_on():
    before = told(patience="quick")

    policy = told(patience="patient").policy(OF_ITS_OWN, before=before)

    assert policy == replace(OF_ITS_OWN, endpointing=PATIENCE["patient"])


def test_an_agent_that_stays_as_patient_as_it_was_keeps_its_endpointing():
    policy = told(language="de").policy(OF_ITS_OWN, before=told())

    assert policy == replace(OF_ITS_OWN, language="de")
