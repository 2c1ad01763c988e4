"""Nothing of one user ever reaches another, nor an answer of one agent, or of an older version of
it, another: whatever happens in between, in any order, in one process.

What a user states holds a mark that is theirs, and every answer says of which agent and version it
is. The model of meanings is real; what a language model writes repeats the marks it was told.
"""

import json
import os
import re
from collections.abc import Iterator
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from conversations import cache, embeddings, facts, memory, selectors, services, summaries
from conversations.account import erasure, takeout
from conversations.cache import Given, Partition
from conversations.facts import distilled, pieces, shown
from conversations.facts.distilled import DistilledFact
from conversations.memory import PastTurn, passages
from conversations.models import Agent, CachedReply, Conversation, Memory, Passage, Turn, User
from tests.conversations.conftest import answered, said
from voice.replying import prompting

EXAMPLES = int(os.environ.get("ISOLATION_EXAMPLES", "0"))
"""For a longer run, by hand; otherwise a few that are always the same."""

NAMES = ("alice", "bob")
MARK = re.compile(r"q(alice|bob)q")
STATED = (
    "My dog is called {}.",
    "I live in {}.",
    "My favourite colour is {}.",
    "I am afraid of {}.",
)
QUESTIONS = (
    "What is a good breakfast?",
    "Why is the sky blue?",
)
ASKED = ("What is my dog called?", "Where do I live?", "What am I afraid of?", *QUESTIONS)


class World:
    """Two users, two agents, and what may happen to them."""

    def __init__(self) -> None:
        User.objects.all().delete()
        Agent.objects.filter(is_default=False).delete()
        first = selectors.default_agent()
        self.agents = [first.pk, Agent.objects.create(name="Two", slug="two").pk]
        self.users: dict[str, int] = {}
        self.talks: dict[tuple[str, int], UUID] = {}
        self.clock = 0

    # --- what happens -----------------------------------------------------------------------------
    def says(self, name: str, agent: int, text: str) -> None:
        talk = self._talk(name, agent)
        self._turn(talk, text.format(f"q{name}q"), f"So it is q{name}q.")

    def asks(self, name: str, agent: int, text: str, leans: bool) -> None:
        """As a session does: looks it up, or has it answered and that kept. leans: the model's
        answer draws on what the user said before."""
        talk, row = self._talk(name, agent), Agent.objects.get(pk=self.agents[agent])
        [vector] = embeddings.embed([text])
        partition = self._partition(name, row)
        if found := cache.find(partition, text, vector):
            self._check_answer(found.text, name, row)
            self._turn(talk, text, found.text)
            return
        before = self._told(talk, row)
        prompt = " ".join(before)
        mine = f"q{name}q" if leans and f"q{name}q" in prompt else "plain"
        answer = f"It is {mine}, says {_spelt(row)}."
        reply = self._turn(talk, text, answer)
        given = Given(text, answer, earlier=before, said_before=before[::2], person=name)
        cache.keep(partition, given, vector, conversation=talk.pk, reply=reply)

    def remembers(self, name: str, text: str) -> None:
        self._user(name)
        try:
            services.remember(self.users[name], text.format(f"q{name}q"))
        except ValueError:
            assert not User.objects.get(pk=self.users[name]).memory_on

    def forgets(self, name: str, other: str, text: str, everything: bool) -> None:
        """Perhaps in words that are another's."""
        others = set(Memory.objects.exclude(user=self._user(name)).values_list("pk", flat=True))
        spared = self._remembered_of_others(name)
        services.forget(self.users[name], text.format(f"q{other}q"))
        assert others == set(
            Memory.objects.exclude(user=self.users[name]).values_list("pk", flat=True)
        )
        assert spared == self._remembered_of_others(name)
        if everything:
            services.forget_everything(self.users[name])
            assert spared == self._remembered_of_others(name)

    def switches_memory(self, name: str, on: bool) -> None:
        services.set_memory(self._user(name), on)

    def edits_an_agent(self, agent: int, text: str) -> None:
        services.update_context(self.agents[agent], by=None, changes={"instructions": text})

    def does_background_work(self) -> None:
        passages.embed(list(passages.lacking().values_list("pk", flat=True)))
        services.embed_memories()

    def hangs_up(self, name: str, agent: int) -> None:
        """And a model finds facts, a title and a summary."""
        talk = self._talk(name, agent)
        services.end_conversation(talk.pk)
        while piece := pieces.next_piece(talk.pk):
            assert piece.user_id == self.users[name]
            self._only_of(name, *(turn.text for turn in piece.turns))
            self._only_of(name, *(known.text for known in piece.known))
            distilled.keep(piece, self._distilled(piece))
        del self.talks[name, agent]

    def is_summed_up(self, name: str, agent: int) -> None:
        talk = self._talk(name, agent)
        Agent.objects.update(turns_kept=1)
        stretch = summaries.next_stretch(talk.pk)
        Agent.objects.update(turns_kept=10)
        if stretch is not None:
            told = " ".join([stretch.summary, *(turn.text for turn in stretch.turns)])
            self._only_of(name, told)
            summaries.keep_summary(stretch, told)

    def deletes_a_conversation(self, name: str, agent: int, with_facts: bool) -> None:
        talk = self._talk(name, agent)
        erasure.delete_conversation(talk.pk, with_facts=with_facts)
        del self.talks[name, agent]

    def deletes_the_account(self, name: str) -> None:
        spared = self._remembered_of_others(name)
        erasure.delete_account(self._user(name))
        del self.users[name]
        self.talks = {key: talk for key, talk in self.talks.items() if key[0] != name}
        assert spared == self._remembered_of_others(name)
        assert not CachedReply.objects.filter(answer__contains=f"q{name}q").exists()

    # --- what must hold ---------------------------------------------------------------------------
    def prompts(self, name: str, agent: int, text: str) -> None:
        """What a mind is told, and what the pages show."""
        talk, user = self._talk(name, agent), self._user(name)
        [vector] = embeddings.embed([text])
        recalled = memory.recollect(user, text, vector=vector, conversation_id=talk.pk)
        summary = Conversation.objects.get(pk=talk.pk).summary
        self._only_of(
            name,
            prompting.instructions("", "", time_zone="UTC", summary=summary, recalled=recalled),
        )
        self._only_of(name, *facts.recall(user, text, vector=vector))
        self._only_of(name, *map(_text, memory.search(user, text)))
        self._only_of(name, *map(_text, memory.search(user, "qaliceq qbobq")))
        self._only_of(name, *(each.text for each in shown.matching(user, "qaliceq")))
        self._only_of(name, *(turn.text for turn in selectors.recent_turns(talk.pk, limit=99)))

    def looks(self) -> None:
        """At all that anybody can see."""
        self._nobody_takes_out_what_is_anothers()
        self._nobody_is_given_what_is_anothers()
        self._passages_are_of_who_said_it()

    def _nobody_takes_out_what_is_anothers(self) -> None:
        for name, user in self.users.items():
            document = "".join(takeout.document_of(User.objects.get(pk=user)))
            assert json.loads(document)
            self._only_of(name, document)

    def _nobody_is_given_what_is_anothers(self) -> None:
        for name in self.users:
            for row in Agent.objects.all():
                for text in QUESTIONS:
                    [vector] = VECTORS[text]
                    if found := cache.find(self._partition(name, row), text, vector):
                        self._check_answer(found.text, name, row)

    def _passages_are_of_who_said_it(self) -> None:
        for passage in Passage.objects.select_related("turn__conversation"):
            assert passage.user_id == passage.turn.conversation.user_id

    # --- parts ------------------------------------------------------------------------------------
    def _user(self, name: str) -> int:
        if name not in self.users:
            self.users[name] = User.objects.create(username=name).pk
        return self.users[name]

    def _talk(self, name: str, agent: int) -> Conversation:
        user = self._user(name)
        if (name, agent) not in self.talks:
            talk = services.start_conversation(user, self.agents[agent])
            self.talks[name, agent] = talk.pk
        return Conversation.objects.get(pk=self.talks[name, agent])

    def _turn(self, talk: Conversation, text: str, answer: str) -> int:
        """Number of the reply."""
        self.clock += 10
        number = talk.turns + 1
        said(talk, number, text, seconds=self.clock)
        answered(talk, number, answer, reply=number, seconds=self.clock + 3)
        return number

    def _told(self, talk: Conversation, agent: Agent) -> tuple[str, ...]:
        """The user's words and the replies, in turns, after the summary and nothing."""
        turns = selectors.recent_turns(talk.pk, limit=agent.turns_kept * 2)
        by_user = [turn.text for turn in turns if turn.role == Turn.Role.USER]
        replies = [turn.text for turn in turns if turn.role == Turn.Role.ASSISTANT]
        pairs = zip([talk.summary, *by_user], ["", *replies], strict=True)
        return tuple(text for pair in pairs for text in pair if pair != ("", ""))

    def _partition(self, name: str, agent: Agent) -> Partition:
        return Partition(agent.pk, agent.version, agent.language, "model", self.users[name])

    def _distilled(self, piece: pieces.Piece) -> list[DistilledFact]:
        return [
            DistilledFact(turn.text, turn.number, 0.8)
            for turn in piece.turns
            if turn.role == Turn.Role.USER and MARK.search(turn.text)
        ]

    def _remembered_of_others(self, name: str) -> tuple[int, int, int]:
        others = {"user__in": [user for other, user in self.users.items() if other != name]}
        answers = CachedReply.objects.filter(source__conversation__user__in=others["user__in"])
        marked = Turn.objects.filter(conversation__user__in=others["user__in"], is_forgotten=False)
        return Passage.objects.filter(**others).count(), answers.count(), marked.count()

    def _only_of(self, name: str, *texts: str) -> None:
        for text in texts:
            assert set(MARK.findall(text)) <= {name}, f"{name} is told: {text}"

    def _check_answer(self, answer: str, name: str, agent: Agent) -> None:
        self._only_of(name, answer)
        assert answer.endswith(f"says {_spelt(agent)}.")


def _spelt(agent: Agent) -> str:
    """Which, and as of which version, without a digit: answers with numbers from before are not
    kept."""
    return f"{agent.pk} at {agent.version}".translate(
        {ord("0") + n: chr(97 + n) for n in range(10)}
    )


def _text(turn: PastTurn) -> str:
    return turn.text


def step(act: str, **choices: st.SearchStrategy[Any]) -> st.SearchStrategy[tuple[str, Any]]:
    return st.fixed_dictionaries(choices).map(lambda chosen: (act, chosen))


who, agents, either = st.sampled_from(NAMES), st.sampled_from((0, 1)), st.booleans()
stated, asked = st.sampled_from(STATED), st.sampled_from(ASKED)
often = (
    step("says", name=who, agent=agents, text=stated),
    step("asks", name=who, agent=agents, text=st.sampled_from(QUESTIONS), leans=either),
    step("prompts", name=who, agent=agents, text=asked),
    step("does_background_work"),
)
seldom = (
    step("remembers", name=who, text=stated),
    step("forgets", name=who, other=who, text=stated, everything=either),
    step("switches_memory", name=who, on=st.sampled_from((True, True, False))),
    step("edits_an_agent", agent=agents, text=st.sampled_from(("Be kind.", "Be brief."))),
    step("hangs_up", name=who, agent=agents),
    step("is_summed_up", name=who, agent=agents),
    step("deletes_a_conversation", name=who, agent=agents, with_facts=either),
    step("deletes_the_account", name=who),
    step("looks"),
)


def told_and_asked(name: str) -> list[tuple[str, dict[str, Any]]]:
    """They tell of themselves, and are then given an answer that draws on it."""
    of_name = {"name": name, "agent": 0}
    return [
        *(("says", {**of_name, "text": text}) for text in STATED),
        ("asks", {**of_name, "text": QUESTIONS[0], "leans": True}),
        ("remembers", {"name": name, "text": STATED[0]}),
        ("does_background_work", {}),
        *(("prompts", {**of_name, "text": text}) for text in ASKED),
    ]


def asked_of(agent: int) -> tuple[str, dict[str, Any]]:
    return "asks", {"name": "alice", "agent": agent, "text": QUESTIONS[1], "leans": False}


VECTORS: dict[str, list[list[float]]] = {}


@pytest.fixture
def model_of_meaning() -> Iterator[None]:
    embeddings.warm_up()
    VECTORS.update({text: embeddings.embed([text]) for text in QUESTIONS})
    yield
    embeddings.unload()


@pytest.mark.usefixtures("model_of_meaning", "db")
@settings(
    max_examples=EXAMPLES or 3,
    derandomize=not EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(steps=st.lists(st.one_of(*often * 6, *seldom), min_size=40, max_size=60))
@example(steps=[*told_and_asked("alice"), *told_and_asked("bob")])
@example(steps=[asked_of(0), ("edits_an_agent", {"agent": 0, "text": "Be bold."}), asked_of(0)])
@example(steps=[asked_of(0), asked_of(1)])
def test_nothing_of_one_ever_reaches_the_other(steps: list[tuple[str, dict[str, Any]]]) -> None:
    world = World()
    for act, chosen in steps:
        getattr(world, act)(**chosen)
    world.looks()
