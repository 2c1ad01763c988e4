"""What an agent and a conversation are told, changed while it runs.

Each change is one transaction and raises a version; `context_changed` is sent after its commit, so
that whoever runs such a conversation looks again. `versions` is for those who missed it.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Subquery

from conversations.models import TOOLS, Agent, ContextChange, Conversation
from conversations.signals import context_changed, send_after_commit
from conversations.text import storable

OWN_MAX = 8_000
"""Characters of a conversation's own context: some 2,000 tokens of every prompt."""


class Outdated(ValueError):
    """What is to be replaced is not any more what was seen of it."""


@transaction.atomic
def update(agent_id: int, *, by: int | None, changes: Mapping[str, Any]) -> ContextChange | None:
    """Change an agent, raise its version and keep what it was before and after; None when nothing
    differs. by: the user who did it. Raises ValueError for a field that is not in Agent.VERSIONED,
    ValidationError for a value that the field refuses, Agent.DoesNotExist."""
    if strange := changes.keys() - set(Agent.VERSIONED):
        raise ValueError(f"Not part of an agent's versions: {', '.join(sorted(strange))}.")
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    before = {
        name: getattr(agent, name) for name in changes if getattr(agent, name) != changes[name]
    }
    if not before:
        return None
    after = {name: changes[name] for name in before}
    for name, value in after.items():
        setattr(agent, name, value)
    agent.version += 1
    _check(agent)
    agent.save()
    send_after_commit(
        context_changed, agent_id=agent_id, conversation_id=None, version=agent.version, by=by
    )
    return agent.changes.create(version=agent.version, by_id=by, before=before, after=after)


def roll_back(change_id: int, *, by: int | None) -> ContextChange | None:
    """The agent is again as it was after that change, as a new version; None when it is so already.
    Raises as `restore` does, and ContextChange.DoesNotExist."""
    change = ContextChange.objects.get(pk=change_id)
    return restore(change.agent_id, version=change.version, by=by)


@transaction.atomic
def restore(agent_id: int, *, version: int, by: int | None) -> ContextChange | None:
    """The agent is again as it was in that version, 1 being the first; None when it is so already.
    Raises ValueError for a version that never was, ValidationError where what held then can hold no
    more (another agent may have its slug), Agent.DoesNotExist."""
    agent = Agent.objects.select_for_update().get(pk=agent_id)
    if not 1 <= version <= agent.version:
        raise ValueError(f"{agent} has no version {version}.")
    later = agent.changes.filter(version__gt=version).order_by("-version")
    return update(agent_id, by=by, changes=undone(later))


def undone(changes: Iterable[ContextChange]) -> dict[str, Any]:
    """What the fields were before these changes, which come newest first."""
    values: dict[str, Any] = {}
    for change in changes:
        values |= change.before
    return {name: value for name, value in values.items() if name in Agent.VERSIONED}


@transaction.atomic
def set_own(conversation_id: UUID, text: str, *, by: int | None, seen: int | None = None) -> int:
    """Replace what is told in this conversation beside the agent's instructions, "" for nothing.
    Returns its new version. seen: the version that is to be replaced, None for any. Raises Outdated
    where another is stored, ValidationError above OWN_MAX, Conversation.DoesNotExist."""
    conversation = _locked(conversation_id)
    if seen not in (None, conversation.context_version):
        raise Outdated(f"It is at version {conversation.context_version}, and not {seen}.")
    return _tell(conversation, storable(text).strip(), by)


@transaction.atomic
def add_note(conversation_id: UUID, text: str, *, by: int | None) -> int:
    """The same with one more line. Raises ValidationError for an empty one, too."""
    line = " ".join(storable(text).split())
    if not line:
        raise ValidationError("A note needs words.", code="empty")
    conversation = _locked(conversation_id)
    return _tell(conversation, f"{conversation.context}\n{line}".strip(), by)


def versions(agent_id: int, conversation_id: UUID) -> tuple[int, int]:
    """As stored: the agent's version and that of the conversation's own context, in one query.
    Raises Conversation.DoesNotExist; the agent's is 0 where there is no such agent."""
    agent = Agent.objects.filter(pk=agent_id).values("version")
    conversations = Conversation.objects.annotate(of_agent=Subquery(agent))
    found = conversations.values_list("of_agent", "context_version").get(pk=conversation_id)
    return found[0] or 0, found[1]


def _check(agent: Agent) -> None:
    agent.full_clean()
    try:
        check_tools(agent.tools)
    except ValidationError as error:
        raise ValidationError({"tools": error.messages}) from error


def check_tools(names: Collection[str]) -> None:
    """Raises ValidationError for a tool that does not exist."""
    if strange := sorted(set(names) - TOOLS.keys()):
        raise ValidationError(f"There is no tool “{strange[0]}”; there are {', '.join(TOOLS)}.")


def _locked(conversation_id: UUID) -> Conversation:
    return Conversation.objects.select_for_update().get(pk=conversation_id)


def _tell(conversation: Conversation, text: str, by: int | None) -> int:
    if len(text) > OWN_MAX:
        raise ValidationError(
            f"At most {OWN_MAX:,} characters; these are {len(text):,}.", code="too_long"
        )
    conversation.context = text
    conversation.context_version += 1
    conversation.save(update_fields=["context", "context_version"])
    version = conversation.context_version
    send_after_commit(
        context_changed, agent_id=None, conversation_id=conversation.pk, version=version, by=by
    )
    return version
