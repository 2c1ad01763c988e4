"""The rows of the cache: what is found again, by whom, and until when."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from django.db.models.functions import Now
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from conversations import cache, selectors, services
from conversations.account import erasure
from conversations.cache import Given
from conversations.facts import forgetting
from conversations.models import Agent, CachedAudio, CachedReply, Conversation, User
from tests.conversations.cache.answers import (
    ANSWER,
    PCM,
    QUESTION,
    VECTOR,
    VOICE,
    found,
    keep,
    partition,
    spoken,
)


def test_an_answer_is_found_by_whoever_asks_the_same(hers, his):
    entry = keep(hers)

    assert found(his, "what's the capital of France") == ANSWER
    assert CachedReply.objects.get(pk=entry).source.text == ANSWER


@pytest.mark.parametrize(
    "other",
    [{"version": 2}, {"language": "de"}, {"model_family": "openai/large"}, {"agent": 0}],
    ids=str,
)
def test_it_is_found_in_its_partition_only(hers, his, other):
    keep(hers)

    assert found(his, **other) is None


def test_what_touches_the_person_is_theirs_alone(hers, his):
    question = "How do I boil an egg?"
    keep(hers, question, "Put it into boiling water for seven minutes.")

    assert found(hers, question) is not None
    assert found(his, question) is None


def test_a_question_that_leans_on_the_conversation_is_not_looked_up(hers):
    question = "What is the capital of it?"
    CachedReply.objects.create(
        agent=hers.agent,
        agent_version=hers.agent.version,
        language="en",
        model_family="groq/small",
        question=question,
        answer=ANSWER,
        expires_at=Now() + timedelta(days=1),
        embedding=VECTOR,
    )

    assert found(hers, question) is None


def test_a_near_question_that_asks_for_something_else_is_not_answered(hers):
    keep(hers, "How big is a baby at 35 weeks?", "About as big as a melon.")

    assert found(hers, "How big is a baby at 37 weeks?") is None


def test_changing_the_agent_makes_its_answers_unreachable_at_once_and_then_removes_them(hers, his):
    keep(hers)
    old = partition(hers)
    services.update_context(hers.agent_id, by=None, changes={"instructions": "Be kind."})

    assert cache.find(old, QUESTION, VECTOR) is None
    assert found(Conversation.objects.get(pk=his.pk)) is None
    assert cache.clear() == 1
    assert not CachedReply.objects.exists()


def test_an_answer_of_a_version_that_is_gone_is_not_kept(hers):
    old = hers.agent.version
    services.update_context(hers.agent_id, by=None, changes={"instructions": "Be kind."})

    assert keep(hers, version=old) == "version"


def test_what_is_too_old_is_not_found_and_goes_with_the_next_that_is_kept(hers):
    entry = keep(hers)
    CachedReply.objects.filter(pk=entry).update(expires_at=Now())

    assert found(hers) is None
    keep(hers, "Who wrote Hamlet?", "Shakespeare wrote Hamlet.", number=2, vector=VECTOR[::-1])
    assert [row.question for row in CachedReply.objects.all()] == ["Who wrote Hamlet?"]


def test_beyond_the_bound_what_was_not_used_for_longest_goes(hers):
    first = keep(hers, "Who wrote Hamlet?", "Shakespeare did, in sixteen hundred.")
    second = keep(hers, "Who wrote Faust?", "Goethe wrote Faust.", number=2)
    third = keep(hers, "Who wrote Ulysses?", "James Joyce wrote Ulysses.", number=3)
    CachedReply.objects.filter(pk=second).update(used_at=Now() - timedelta(seconds=5))

    assert cache.clear(entries_max=2) == 1
    assert set(CachedReply.objects.values_list("pk", flat=True)) == {first, third}


def test_hits_are_counted(hers):
    entry = keep(hers)
    before = CachedReply.objects.get(pk=entry)

    cache.count_hit(entry)

    after = CachedReply.objects.get(pk=entry)
    assert (after.hits, after.used_at > before.used_at) == (1, True)


def test_the_same_question_twice_is_one_entry(hers, his):
    assert keep(hers) == keep(his)
    assert keep(his, answer="It is Paris.", number=2) == "known"
    assert CachedReply.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_who_ask_the_same_at_the_same_moment_make_one_entry():
    agent = selectors.default_agent()
    users = [User.objects.create_user(name) for name in ("alice", "bob", "carol", "dave")]
    theirs = [services.start_conversation(user.pk, agent.pk) for user in users]

    def ask(conversation):
        try:
            return keep(conversation)
        finally:
            connection.close()

    with ThreadPoolExecutor(len(theirs)) as threads:
        kept = set(threads.map(ask, theirs))

    assert kept == set(CachedReply.objects.values_list("pk", flat=True))
    assert len(kept) == 1


def test_dropping_and_purging(hers):
    entry = keep(hers)
    cache.drop(entry)
    cache.drop(entry)
    assert found(hers) is None

    keep(hers, number=2)
    other = Agent.objects.create(name="Other", slug="other")
    assert cache.purge(other.pk) == 0
    assert cache.purge(hers.agent_id) == 1
    keep(hers, number=3)
    assert cache.purge() == 1


# --- whose it was -------------------------------------------------------------------------------
def test_whoever_has_memory_switched_off_leaves_nothing_behind(hers, alice):
    User.objects.filter(pk=alice.pk).update(memory_on=False)

    assert keep(hers) == "forgotten"


def test_an_answer_that_was_never_recorded_is_not_kept(hers):
    kept = cache.keep(
        partition(hers), Given(QUESTION, ANSWER), VECTOR, conversation=hers.pk, reply=7
    )

    assert kept == "forgotten"


def test_deleting_the_conversation_or_forgetting_deletes_the_answer(hers, his, bob):
    keep(hers)
    erasure.delete_conversation(hers.pk, with_facts=False)
    assert found(his) is None

    keep(his)
    forgetting.forget_everything(bob.pk)
    assert found(his) is None


# --- its sound ----------------------------------------------------------------------------------
def test_the_sound_comes_with_the_answer_in_the_first_voice_that_has_spoken_it(hers):
    entry = keep(hers)
    cache.keep_audio(entry, spoken("late"))
    cache.keep_audio(entry, spoken())

    answer = cache.find(partition(hers), QUESTION, VECTOR, voices=[VOICE, "late"])

    assert answer.spoken == spoken()
    assert cache.find(partition(hers), QUESTION, VECTOR, voices=["other"]).spoken is None


def test_the_sound_of_an_answer_that_is_gone_is_not_kept(hers):
    entry = keep(hers)
    cache.purge()

    assert cache.keep_audio(entry, spoken()) is False
    assert not CachedAudio.objects.exists()


def test_beyond_so_many_bytes_the_sound_of_what_nobody_asked_for_goes(hers):
    kept = []
    for number, who in enumerate(("Hamlet", "Faust", "Ulysses"), 1):
        entry = keep(hers, f"Who wrote {who}?", f"Somebody wrote {who}.", number=number)
        CachedReply.objects.filter(pk=entry).update(used_at=Now() + timedelta(seconds=number))
        kept.append(entry)
        cache.keep_audio(entry, spoken())

    cache.audio.stay_within(2 * len(PCM))

    assert set(CachedAudio.objects.values_list("reply", flat=True)) == set(kept[1:])
    assert CachedReply.objects.count() == 3


# --- isolation ----------------------------------------------------------------------------------
QUESTIONS = (QUESTION, "How do I boil an egg?", "Can I eat raw eggs?", "Who wrote Hamlet?")
ASKED = st.tuples(
    st.sampled_from(("alice", "bob")), st.sampled_from((0, 1)), st.sampled_from(QUESTIONS)
)


@pytest.mark.django_db
@given(told=st.lists(ASKED, max_size=6), asks=ASKED)
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_no_answer_crosses_from_one_agent_to_another_nor_a_personal_one_between_users(told, asks):
    CachedReply.objects.all().delete()
    users = {name: User.objects.get_or_create(username=name)[0] for name in ("alice", "bob")}
    agents = [
        Agent.objects.get_or_create(slug=f"agent-{n}", defaults={"name": f"Agent {n}"})[0]
        for n in (0, 1)
    ]
    for number, (name, agent, question) in enumerate(told, 1):
        theirs = services.start_conversation(users[name].pk, agents[agent].pk)
        keep(theirs, question, f"{name} was told by {agent}.", number=number)

    name, agent, question = asks
    theirs = services.start_conversation(users[name].pk, agents[agent].pk)
    answer = found(theirs, question)

    if answer is not None:
        assert answer.endswith(f"by {agent}.")
        if " I " in question:
            assert answer.startswith(name)
    elif (name, agent, question) in told:
        pytest.fail("their own answer was not found")
