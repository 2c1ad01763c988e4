"""Play a timeline: a real session behind a real switchboard, scripted providers, virtual time."""

import asyncio
from dataclasses import dataclass
from typing import Any, cast

from structlog.testing import capture_logs

from tests.scenarios.client import Client
from tests.scenarios.clock import VirtualLoop, run, sleep_until
from tests.scenarios.logbook import Logbook
from tests.scenarios.providers import LabelVad, TimedEar, TimedModel, TimedVoice
from tests.scenarios.rows import Rows
from tests.scenarios.seen import Seen
from tests.scenarios.timeline import Announces, Saves, Says, Step, Timeline
from tests.voice.calls import always, member
from voice.admission import Limits
from voice.live import InProcess, LiveState
from voice.plan import Plan
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.protocols import Prompt
from voice.session import Session
from voice.steering import Ack, Change
from voice.store import Opened, Person
from voice.switchboard import Switchboard
from voice.turns.endpointing import Endpointing
from voice.turns.evidence import Evidence
from voice.turns.policy import Policy


class EvenPause(Endpointing):
    """Whatever was said, the same silence ends the turn."""

    def pause(self, evidence: Evidence) -> float:
        return 0.32


POLICY = Policy(EvenPause(), clause_pause_s=0.0, transcript_s=1.4)
"""Nothing is begun on suspicion before the voice falls silent."""
OVER_S = 60.0
"""A call that is not over so long after the user hung up never will be."""
AT_REST_S = 2.0
"""After the last socket has closed, what is not done by then is left over."""
CHAIN = {"stt": ["ear"], "llm": ["model"], "tts": ["voice"], "search": []}


@dataclass
class House:
    """The process that serves the call."""

    timeline: Timeline
    rows: Rows
    seen: Seen

    def __post_init__(self) -> None:
        lines = [step for step in self.timeline.user if isinstance(step, Says)]
        self.ear = TimedEar(self.timeline.ear, lines)
        self.model = TimedModel(self.timeline.model)
        self.voice = TimedVoice(self.timeline.voice)
        self.live = InProcess()
        self.switchboard = Switchboard(
            owner="here",
            live=self.live,
            limits=Limits(10, 5),
            chain=CHAIN,
            build=self._build,
            ask_to_yield=self._nobody_else,
        )

    def _build(self, person: Person, opened: Opened) -> Session:
        plan = Plan(
            person=person,
            opened=opened,
            context=always(opened, [member("llm", self.model)]),
            stt=HearingChain([member("stt", self.ear)]),
            tts=SpeakingChain([member("tts", self.voice)]),
            chain=CHAIN,
            live=self.live,
            owner="here",
            resume_window_s=self.timeline.resume_window_s,
            playout_lead_ms=600,
            policy=self.timeline.policy,
            acknowledge=self._acknowledged,
        )
        self.seen.logbooks.append(Logbook(plan.policy))
        return Session(plan, LabelVad(), flight=self.seen.logbooks[-1])

    async def be_steered(self, began_at: float) -> None:
        """Do what the staff does, to the end of the timeline."""
        for step in self.timeline.staff:
            await sleep_until(began_at + step.at_s)
            match step:
                case Saves(_, instructions, is_told):
                    self.rows.save(instructions=instructions)
                    if is_told:
                        self._tell_sessions()
                case Announces(_, text):
                    for session in self.switchboard.sessions():
                        session.operators.say(text)

    def _tell_sessions(self) -> None:
        change = Change(self.rows.context.agent.id, None, by=None, saved_at=0.0)
        for session in self.switchboard.sessions():
            session.operators.context_changed(change)

    async def _acknowledged(self, ack: Ack) -> None:
        self.seen.acks.append(ack.version)

    def tell(self, began_at: float) -> None:
        """What the providers saw of the call."""
        asked = [(at - began_at, _question(prompt)) for at, prompt in self.model.prompts]
        self.seen.asked = [(round(at, 3), text) for at, text in asked]
        self.seen.instructed = [
            (round(at - began_at, 3), prompt.instructions)
            for at, prompt in self.model.prompts
            if _begins_a_reply(prompt)
        ]
        self.seen.voiced = [(round(at - began_at, 3), text) for at, text in self.voice.said]
        busy = {"model": self.model.streaming, "voice": self.voice.speaking}
        self.seen.left += [f"the {who} is busy" for who, count in busy.items() if count]

    async def _nobody_else(self, state: LiveState) -> None:
        raise AssertionError(f"there is no other process: {state.owner}")


def _begins_a_reply(prompt: Prompt) -> bool:
    """Otherwise the same one goes on, with what a tool gave."""
    return not prompt.messages or prompt.messages[-1].role != "tool"


def _question(prompt: Prompt) -> str:
    """What the user said last; "" for nothing yet."""
    return next((m.text for m in reversed(prompt.messages) if m.role == "user"), "")


def call(*user: Step, **parts: Any) -> Seen:
    """A call in which the same pause ends every turn (0.32 s), whatever was said."""
    return play(Timeline(user, policy=parts.pop("policy", POLICY), **parts))


def play(timeline: Timeline) -> Seen:
    """What the client saw of it, and what was left when it was over."""
    seen = Seen(timeline, Rows(timeline.database, timeline.greeting))
    play_into(seen)
    return seen


def play_into(seen: Seen) -> None:
    """The same; what was seen until then is there too when it raises."""
    timeline = seen.timeline
    with capture_logs() as logged:
        run(_call(timeline, seen.rows, seen), threads=seen.rows)
    expected = {"tool.failed"} if timeline.database.away else set()
    mistakes = (entry for entry in logged if entry.get("exc_info"))
    seen.mistakes += [str(entry) for entry in mistakes if entry["event"] not in expected]


async def _call(timeline: Timeline, rows: Rows, seen: Seen) -> None:
    house = House(timeline, rows, seen)
    asyncio.get_running_loop().set_exception_handler(
        lambda _, context: seen.mistakes.append(str(context))
    )
    async with asyncio.timeout(timeline.hangs_up_s + OVER_S), asyncio.TaskGroup() as tasks:
        client = Client(timeline, house.switchboard, seen, tasks)
        await client.join()
        rows.began_at = house.ear.began_at = client.began_at
        beside = [house.ear.run(), house.be_steered(client.began_at)]
        running = [tasks.create_task(work) for work in beside]
        await client.run()
        for task in running:
            task.cancel()
        await house.switchboard.drain(deadline_s=OVER_S)
    await asyncio.sleep(AT_REST_S)
    house.tell(client.began_at)
    seen.left += _left()


def _left() -> list[str]:
    """Tasks but this one, and timers, that nobody has ended."""
    loop = cast(VirtualLoop, asyncio.get_running_loop())
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    return [*map(repr, tasks), *map(repr, loop.timers())]
