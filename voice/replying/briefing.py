"""What the model is told for each answer of a session: the conversation, what is remembered of
earlier ones, and what may be done.
"""

from datetime import UTC, datetime

from voice import store
from voice.history import History
from voice.plan import Plan
from voice.providers.protocols import Message, Prompt
from voice.replying.making import Making
from voice.replying.prompting import instructions
from voice.replying.recollecting import Asked, Recollections
from voice.tools import Toolbox

Suspected = tuple[int, str] | None
"""A turn, and what the user may turn out to have said in it. None: it stands in the history."""


class Briefing:
    def __init__(self, plan: Plan, history: History, toolbox: Toolbox) -> None:
        self._plan = plan
        self._history = history
        self._toolbox = toolbox
        self._recollections = Recollections(plan)
        self._recalled_before: tuple[str, ...] = ()
        """What the last prompt with memory in it held of that: later answers may lean on its."""

    def steer(self) -> None:
        """Another context is in force."""
        self._recollections.steer()

    def expect(self, turn: int, text: str) -> None:
        """So much was said of this turn: what bears on it is gathered already."""
        self._recollections.expect(self._asked(turn, (turn, text)))

    def begin(self, turn: int, said: Suspected) -> Making:
        """An answer to this turn, for which what bears on it is being gathered."""
        asked = self._asked(turn, said)
        return Making(asked.text, self._plan.context.told, self._recollections.begin(asked))

    async def settle(self, making: Making) -> None:
        """Wait until that is gathered, but not long."""
        await self._recollections.settle(making.found)

    def prompt(self, making: Making, said: Suspected) -> Prompt:
        """With what is gathered by now. `making` notes what of it is personal, or of the moment."""
        agent, found = making.context.agent, making.found
        summary, summarised_to = self._recollections.summary
        messages = self._history.messages(
            said, since=summarised_to, without=self._recollections.forgotten
        )
        making.told(_before_last_question(messages), (summary, *self._recalled_before))
        recalled = found.recalled or store.Recalled()
        if recalled.facts or recalled.turns:
            making.used.add("memory")
            self._recalled_before = (*recalled.facts, *(turn.text for turn in recalled.turns))
        tells_time = found.asks_for_time or bool(recalled.turns)
        if tells_time:
            making.used.add("time")
        return Prompt(
            instructions=instructions(
                making.context.instructions,
                self._toolbox.instructions,
                time_zone=self._plan.person.time_zone,
                summary=summary,
                recalled=recalled,
                now=datetime.now(UTC) if tells_time else None,
            ),
            messages=messages,
            tools=self._toolbox.tools,
            language=agent.language,
            time_zone=self._plan.person.time_zone,
            temperature=agent.temperature,
            reply_tokens_max=agent.reply_tokens_max,
        )

    def _asked(self, turn: int, said: Suspected) -> Asked:
        messages = self._history.messages(said)
        last = next((message.text for message in reversed(messages) if message.role == "user"), "")
        return Asked(turn, last, messages)


def _before_last_question(messages: tuple[Message, ...]) -> tuple[Message, ...]:
    asked = max((at for at, message in enumerate(messages) if message.role == "user"), default=0)
    return messages[:asked]
