"""The offline mind: a table of what it can answer, and an honest word for everything else.

It is no language model and does not pretend to be one. Patterns are loose, because the offline ear
mishears; the first that matches answers.
"""

import re
from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from voice.providers.llm import arithmetic
from voice.providers.protocols import Found, Message, Prompt, ToolCall
from voice.providers.quoting import site_of, unquoted
from voice.text.contradiction import contradicts
from voice.text.lookup import searched

NAME = "offline"
ABILITIES = (
    "I can tell the time and the date, do sums, repeat what was said, and remember facts for you."
)
HOW_TO_GET_A_MODEL = (
    "For real conversation, set GROQ_API_KEY or OPENAI_API_KEY in the file .env and start me again."
)
STANDING_IN = "My language model does not answer just now. Please ask me again in a moment."
NO_MEMORY = "I have no memory to do that with here."
WHAT_FOR = "What shall I look for? Say: search for, and then what."
NO_SEARCH = "I cannot look things up on the web here."
RECALL, UNASKED = "recall", "unasked-"
NO_FACTS = ("Nothing is", "Memory is switched off")
"""How the tool begins that has no fact to tell."""
ASK_AGAIN = "I am sorry. Please ask me again, in other words."
LOST = "Sorry, I have lost the thread. Please ask me again in a moment."

Answer = str | ToolCall


@dataclass(frozen=True, slots=True)
class Question:
    """The user's last words, and all that an answer may draw on."""

    text: str
    found: re.Match[str]
    prompt: Prompt
    now: datetime

    def call(self, tool: str, *, otherwise: str = NO_MEMORY, **arguments: str) -> Answer:
        """A call of that tool, or why not."""
        if tool not in {offered.name for offered in self.prompt.tools}:
            return otherwise
        return ToolCall(f"{tool}-{len(self.prompt.messages)}", tool, arguments)

    def said_before(self, role: str) -> str | None:
        """What that side said last, before this question."""
        earlier = self.prompt.messages[:-1]
        return next((message.text for message in reversed(earlier) if message.role == role), None)


class Responder:
    name = NAME

    def __init__(self, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        """clock: the time with its zone; shown in the prompt's."""
        self._clock = clock
        self.stands_in = False
        """There are models in its chain: it is asked only when they are down."""

    async def stream(self, prompt: Prompt) -> AsyncGenerator[Answer, None]:
        answer = respond(prompt, self._clock(), stands_in=self.stands_in)
        if isinstance(answer, ToolCall):
            yield answer
        else:
            for token in re.findall(r"\s*\S+", answer):
                yield token


def respond(prompt: Prompt, now: datetime, *, stands_in: bool = False) -> Answer:
    """What there is to say to the last message of `prompt`."""
    last = prompt.messages[-1] if prompt.messages else Message("user", "hello")
    if last.role == "tool":
        return _tell_result(last) or _give_up(prompt, stands_in=stands_in)
    if last.role == "assistant":  # another was cut off there, and only it knew what comes next
        return LOST
    now = now.astimezone(ZoneInfo(prompt.time_zone))
    for pattern, answer in ANSWERS:
        if found := pattern.search(last.text):
            return answer(Question(last.text, found, prompt, now))
    if said := arithmetic.answer(last.text):
        return said
    if contradicts(last.text):
        return ASK_AGAIN
    if ABOUT_THEM.search(last.text) and RECALL in {offered.name for offered in prompt.tools}:
        call = f"{UNASKED}{len(prompt.messages)}"
        return ToolCall(call, RECALL, {"query": last.text})  # they may have said so once
    return _give_up(prompt, stands_in=stands_in)


def _tell_result(result: Message) -> str:
    """Nothing where nobody asked to have it looked for, and it was not found."""
    name = result.call.name if result.call else ""
    text = result.text.strip()
    is_unasked = result.call is not None and result.call.id.startswith(UNASKED)
    if is_unasked and (not text or text.startswith(NO_FACTS)):
        return ""
    if name == RECALL and not text.startswith(NO_FACTS):
        return _tell_facts(text.splitlines())
    if name == "remember" and text.startswith("Remembered"):
        return "I will remember that."
    if name == "forget":
        return text or "I have forgotten it."
    if found := unquoted(text):
        return _tell_page(found[0])
    return text or "Done."


def _tell_facts(facts: list[str]) -> str:
    """Each as a sentence, so that the voice pauses between two."""
    sentences = (fact if fact.endswith((".", "!", "?", "…")) else f"{fact}." for fact in facts)
    told = " ".join(fact[:1].upper() + fact[1:] for fact in sentences)
    return f"This is what I remember: {told}" if told else "I remember nothing about that."


def _tell_page(found: Found) -> str:
    """The beginning of what it says, and where that stands."""
    where = site_of(found.url) or found.title
    said = " ".join(_SENTENCE.findall(found.text)[:2]).strip() or found.title
    return f"{where} says: {said}"


def _give_up(prompt: Prompt, *, stands_in: bool) -> str:
    """At length once in a conversation, shortly after that."""
    if stands_in:
        return STANDING_IN
    if any(HOW_TO_GET_A_MODEL in message.text for message in prompt.messages):
        return "I cannot answer that without a language model."
    heard = next(said.text.strip() for said in reversed(prompt.messages) if said.role == "user")
    return (
        f"I heard “{heard}”, but I run without a language model. {ABILITIES} {HOW_TO_GET_A_MODEL}"
    )


def _greet(question: Question) -> str:
    hour = question.now.hour
    part = "Good morning" if 5 <= hour < 12 else "Good evening" if hour >= 18 else "Hello"
    return f"{part}! I am the offline assistant. Ask me for the time or a sum."


def _introduce(question: Question) -> str:
    return f"I am an offline assistant. {ABILITIES} {HOW_TO_GET_A_MODEL}"


def _look_up(question: Question) -> Answer:
    query = searched(question.text)
    if query is None:
        can = any(tool.name == "web_search" for tool in question.prompt.tools)
        return WHAT_FOR if can else NO_SEARCH
    return question.call("web_search", otherwise=NO_SEARCH, query=query)


def _time(question: Question) -> str:
    return f"It is {question.now:%H:%M}."


def _date(question: Question) -> str:
    return f"Today is {question.now:%A}, {question.now:%B} {question.now.day}, {question.now.year}."


def _what_user_said(question: Question) -> str:
    said = question.said_before("user")
    return f"You said: {said}" if said else "That is the first thing you have said to me."


def _what_i_said(question: Question) -> str:
    said = question.said_before("assistant")
    return f"I said: {said}" if said else "I have said nothing yet."


def _remember(question: Question) -> Answer:
    return question.call("remember", fact=question.found["fact"].strip(" .!"))


def _recall(question: Question) -> Answer:
    return question.call(
        RECALL, query=(question.found["query"] or question.found["about"] or "").strip(" .?!")
    )


def _forget(question: Question) -> Answer:
    return question.call("forget", fact=question.found["fact"].strip(" .!"))


def _pattern(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


ABOUT_THEM = _pattern(r"\b(?:where|when|who|what|which)(?:'s)?\b.*\b(?:my|(?:do|did|am|was) i)\b")
"""A question that something they once said may answer."""
_SENTENCE = re.compile(r"\S.*?[.!?…](?=\s|$)|\S.+$")
# fmt: off
ASKED = r"(?:^\W*|\b(?:please|you|you to|and|okay|hey) )"
"""What may stand before a command. “I can't remember his name” is none."""
ANSWERS: tuple[tuple[re.Pattern[str], Callable[[Question], Answer]], ...] = (
    (_pattern(r"\bwhat (?:did|have) i (?:just )?(?:say|said)|\brepeat what i said"),
     _what_user_said),
    (_pattern(r"\bwhat (?:did|have) you (?:just )?(?:say|said)|\b(?:say|repeat) that again"
              r"|^\W*(?:pardon|repeat that)\b"),
     _what_i_said),
    (_pattern(r"\b(?:what|anything) (?:(?:do|can|did|else do) )?you (?:know|remember)"
              r"(?: about (?P<query>.+))?|\bdo you remember (?P<about>.+)"),
     _recall),
    (_pattern(r"\b(?:do not|don't|never) forget (?:that )?(?P<fact>.+)"), _remember),
    (_pattern(ASKED + r"remember (?:that |this )?(?P<fact>.+)"), _remember),
    (_pattern(ASKED + r"forget (?!it\b)(?:that |about |what i said about )?(?P<fact>.+)"), _forget),
    (_pattern(ASKED + r"(?:find out .|look .+ up\b)|\bthe (?:web|internet) says?\b"
              r"|\b(?:search|google|browse|look (?:it |that |this )?up)\b"),
     _look_up),
    (_pattern(r"\b(?:what(?:'s| is|s)? (?:the )?time|time is it|the time (?:now|please))\b"
              r"(?! (?:is it )?in\b)"),
     _time),
    (_pattern(r"\bwhat(?:'s| is|s)? (?:the |today'?s )?(?:date|day)\b|\bday is (?:it|today)\b"
              r"|\bwhat(?:'s| is) today\b|\btoday'?s date\b"),
     _date),
    (_pattern(r"\bwhat can you\b|\b(?:who|what) are you\b|^\W*help\b"), _introduce),
    (_pattern(r"\bthank(?:s| you)\b"), lambda _: "You are welcome."),
    (_pattern(r"^\W*(?:good ?bye|bye|see you)\b"), lambda _: "Goodbye."),
    (_pattern(r"^\W*(?:hello|hallo|hi|hey|good (?:morning|afternoon|evening))\b"
              r"(?:\W+\w+){0,2}\W*$"),
     _greet),
)
# fmt: on
"""Looked through in order; sums come after all of them."""
