"""Chains of language models for tasks, and a conversation for them to look at."""

import json
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from procrastinate import App

from conversations import selectors, services
from voice.background.app import register
from voice.background.connector import Connector
from voice.providers.chains import Chains
from voice.providers.failover.deadlines import THINK
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.member import Member
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.failover.thinking import ThinkingChain
from voice.providers.failover.vitals import Vitals
from voice.providers.llm.offline import Responder
from voice.providers.protocols import LanguageModel, Prompt

NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def chains_of(*models: LanguageModel) -> Chains:
    """With the offline mind behind them, as a process has it."""
    members = [Member(model.name, model, Vitals(model.name, THINK)) for model in models]
    offline = Responder()
    members.append(Member(offline.name, offline, Vitals(offline.name, THINK), is_last_resort=True))
    return Chains(
        HearingChain([]), ThinkingChain(members), SpeakingChain([]), None, {"llm": members}
    )


def talked(user_id: int, *exchanges: tuple[str, str], ended: bool = True) -> UUID:
    """A conversation of these exchanges, ten seconds each, with the default agent."""
    conversation = services.start_conversation(user_id, selectors.default_agent().pk).pk
    for number, (question, answer) in enumerate(exchanges, 1):
        at = NOON + timedelta(seconds=10 * number)
        services.record_user_turn(
            conversation, number, text=question, source="spoken", started_at=at, ended_at=at
        )
        services.record_reply(
            conversation,
            number,
            reply=number,
            text=answer,
            source="model",
            interrupted=False,
            started_at=at + timedelta(seconds=3),
            ended_at=at + timedelta(seconds=5),
            metrics={},
        )
    if ended:
        services.end_conversation(conversation)
    return conversation


def fact(text: str, turn: int = 1, **changed: object) -> str:
    """A line of a model's answer."""
    whole = {"turn": turn, "fact": text, "same_as": None, "supersedes": None, "confidence": 0.9}
    return json.dumps(whole | changed)


async def do_jobs(chains: Chains, *more: str) -> None:
    """Those that are due, as the worker of a process with these chains does them; `more` are tasks
    that the clock would have deferred."""
    app = App(connector=Connector())
    register(app, lambda: chains)
    async with app.open_async():
        for task in more:
            await app.configure_task(task).defer_async(timestamp=0)
        for _ in range(2):  # and those that they defer
            await app.run_worker_async(install_signal_handlers=False, wait=False)


@dataclass
class ObedientModel:
    """Does what anybody says in a transcript: answers with all that stands behind “OUTPUT:”."""

    name: str = "obedient"
    prompts: list[Prompt] = field(default_factory=list)

    async def stream(self, prompt: Prompt) -> AsyncGenerator[str, None]:
        self.prompts.append(prompt)
        for line in prompt.messages[0].text.splitlines():
            if line.startswith("{"):
                for order in re.findall("OUTPUT:(.*)", json.loads(line).get("text", ""), re.S):
                    yield f"{order}\n"
        yield "none"
