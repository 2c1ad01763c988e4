"""The tools of one session, called by name.

A search goes on when who asked for it is interrupted: it has no effect but its answer, it is paid
for by then, and "what did you find?" is asked next. All else ends with the reply.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine
from functools import partial
from typing import Any
from uuid import UUID

import structlog

from voice import store
from voice.providers.protocols import Search, Tool, ToolCall
from voice.tools.memory import MEMORY
from voice.tools.results import Failed
from voice.tools.web import INSTRUCTIONS, NO_SEARCH, WEB_SEARCH, Source, look_up

log = structlog.get_logger()

CreateTask = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None]]
OnSources = Callable[[list[Source]], None]
OnResult = Callable[[ToolCall, str], None]

HAVE_EFFECTS = frozenset({"remember", "forget", WEB_SEARCH.name})
"""Not to be called for a turn that may turn out to be another: they change something, or cost."""

NO_SUCH_FACT = "There was no such fact. What was said of it is not recalled any more."
ARGUMENTS = ("fact", "query")
"""What our tools take: one of these."""


MEMORY_TOOLS = frozenset(tool.name for tool in MEMORY)
ALL = MEMORY_TOOLS | {WEB_SEARCH.name}


def tools_of(search: Search | None, allowed: Collection[str] = ALL) -> tuple[Tool, ...]:
    """What the model is offered."""
    there = MEMORY if search is None else (*MEMORY, WEB_SEARCH)
    return tuple(tool for tool in there if tool.name in allowed)


class Toolbox:
    def __init__(
        self,
        person: store.Person,
        *,
        conversation: UUID | None = None,
        search: Search | None = None,
        allowed: Collection[str] = ALL,
        create_task: CreateTask | None = None,
    ) -> None:
        """search: None where nothing can be looked up. allowed: names of tools. create_task: of the
        session, for searches that outlive their reply; without it they end with it."""
        self.allowed = allowed
        self._person = person
        self._conversation = conversation
        self._search = search
        self._create_task = create_task
        self._tools: dict[str, Callable[[str, int | None], Awaitable[str]]] = {
            "remember": self._remember,
            "recall": self._recall,
            "forget": self._forget,
        }

    @property
    def tools(self) -> tuple[Tool, ...]:
        return tools_of(self._search, self.allowed)

    @property
    def instructions(self) -> str:
        """What the prompt says of them."""
        can_search = self._search is not None and WEB_SEARCH.name in self.allowed
        return INSTRUCTIONS if can_search else NO_SEARCH

    async def call(
        self,
        call: ToolCall,
        *,
        turn: int | None = None,
        on_sources: OnSources = lambda sources: None,
        on_result: OnResult = lambda call, result: None,
    ) -> str:
        """The result, as a text for the model. What goes wrong is said in it too.

        turn: of the user, that it is called for. on_sources: told the pages that the result is
        from, unless the call is cancelled before. on_result: told the result, of a search even if
        the call is cancelled before."""
        text = _argument(call)
        if call.name not in self.allowed:
            result: str = Failed(f"There is no tool {call.name}.")
            on_result(call, result)
            return result
        if call.name != WEB_SEARCH.name:
            result = await self._called(call.name, text, turn)
            on_result(call, result)
            return result
        result, sources = await self._searched(text, partial(on_result, call))
        if sources:
            on_sources(sources)
        return result

    async def _called(self, name: str, text: str, turn: int | None) -> str:
        tool = self._tools.get(name)
        if tool is None:
            return Failed(f"There is no tool {name}.")
        try:
            return await tool(text, turn)
        except ValueError as error:
            return str(error)
        except Exception:
            log.exception("tool.failed", tool=name)
            return Failed(f"The tool {name} failed.")

    async def _searched(
        self, query: str, on_result: Callable[[str], None]
    ) -> tuple[str, list[Source]]:
        found: asyncio.Future[tuple[str, list[Source]]]
        found = asyncio.get_running_loop().create_future()
        searching = self._search_into(found, query, on_result)
        if self._create_task is None:
            await searching
            return found.result()
        task = self._create_task(searching)
        task.add_done_callback(lambda _: found.cancel())  # nothing, where it is there
        return await asyncio.shield(found)

    async def _search_into(
        self,
        found: asyncio.Future[tuple[str, list[Source]]],
        query: str,
        on_result: Callable[[str], None],
    ) -> None:
        try:
            result, sources = await look_up(self._search, query)
        except Exception:
            log.exception("tool.failed", tool=WEB_SEARCH.name)
            result, sources = Failed(f"The tool {WEB_SEARCH.name} failed."), []
        on_result(result)
        found.set_result((result, sources))

    async def _remember(self, fact: str, turn: int | None) -> str:
        await store.remember(self._person, fact, conversation=self._conversation, number=turn)
        return f"Remembered: {fact}"

    async def _recall(self, query: str, _: int | None) -> str:
        facts = await store.recall(self._person, query)
        return "\n".join(facts) if facts else "Nothing is remembered about that."

    async def _forget(self, fact: str, turn: int | None) -> str:
        count = await store.forget(self._person, fact, conversation=self._conversation, number=turn)
        return f"Forgotten: {count} fact{'s' * (count != 1)}." if count else NO_SUCH_FACT


def _argument(call: ToolCall) -> str:
    """The text that it was called with. Models add arguments of their own, and rename ours."""
    ours = [call.arguments.get(name) for name in ARGUMENTS]
    texts = [value for value in (*ours, *call.arguments.values()) if isinstance(value, str)]
    return texts[0] if texts else ""
