"""Deleting for good: a conversation, or somebody with everything of theirs.

Whoever writes at that moment waits for our lock, and then finds nothing left to write to.
"""

from typing import Any
from uuid import UUID

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session as Login
from django.db import connection, transaction
from django.db.models import Model, OuterRef, QuerySet, Subquery
from django.db.models.signals import post_delete

from conversations.measures import BY_USER
from conversations.models import CachedReply, Conversation, Memory, Rollup, Turn, User

WORDS_IN_THE_ADMIN_LOG = (User, Conversation, Memory, CachedReply)
"""The admin's log keeps what the rows that were edited there are called: what somebody said."""


class LastSuperuser(Exception):
    """Nobody would be left who may do everything."""


@transaction.atomic
def delete_account(user_id: int) -> None:
    """Somebody is gone, with everything that was ever said to them or known about them. What they
    changed of an agent stays, without their name; what they did as one of the staff, with it, or
    nobody would have to answer for it. Raises LastSuperuser, User.DoesNotExist."""
    if User.objects.filter(pk=user_id, is_superuser=True).exists():
        _lock_superusers()
    conversations = Conversation.objects.filter(user=user_id)
    user = _lock(user_id, conversations)
    if is_last_superuser(user):
        raise LastSuperuser
    _delete_jobs(conversations)
    User.objects.select_for_update().get(pk=user_id)  # from here on they start no conversation
    Login.objects.filter(pk__in=list(_logins(user_id))).delete()
    LogEntry.objects.filter(**_about(user)).delete()
    Rollup.objects.filter(name=BY_USER, label=str(user_id)).delete()
    user.delete()


@transaction.atomic
def delete_conversation(conversation_id: UUID, *, with_facts: bool) -> None:
    """A conversation is gone with everything said in it; nothing happens where it is already.
    with_facts: so is what was learnt from it; a fact that only such a one had replaced holds
    again."""
    conversation = Conversation.objects.filter(pk=conversation_id)
    for user_id in conversation.values_list("user_id", flat=True):
        _lock(user_id, conversation)
    _delete_jobs(conversation)
    if with_facts:
        for fact in Memory.objects.filter(source__conversation_id=conversation_id):
            _take_out(fact)
    conversation.delete()


def is_last_superuser(user: User) -> bool:
    rulers = User.objects.filter(is_superuser=True, is_active=True)
    return user.is_superuser and user.is_active and not rulers.exclude(pk=user.pk).exists()


def _lock(user_id: int, conversations: QuerySet[Conversation]) -> User:
    """A user; conversations, which whoever records a turn locks; and their turns, which whoever
    embeds or caches one does. In the order in which others do it. Raises User.DoesNotExist."""
    user = User.objects.select_for_update(no_key=True).get(pk=user_id)
    turns = Turn.objects.filter(conversation__in=conversations)
    for rows in (conversations.select_for_update(), turns.select_for_update(of=("self",))):
        list(rows.order_by("pk").values_list("pk"))
    return user


def _lock_superusers() -> None:
    """Two of them could otherwise leave at the same moment, each relying on the other."""
    superusers = User.objects.filter(is_superuser=True).order_by("pk")
    list(superusers.select_for_update(no_key=True))


def _take_out(fact: Memory) -> None:
    """What it replaced is replaced by its own successor from now on."""
    successor = Memory.objects.filter(pk=OuterRef("superseded_by")).values("superseded_by")
    Memory.objects.filter(superseded_by=fact).update(superseded_by=Subquery(successor))
    fact.delete()


def _delete_jobs(conversations: QuerySet[Conversation]) -> None:
    """Whatever waits or was done for them; a job at work finds nothing and ends by itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM procrastinate_jobs WHERE status <> 'doing' AND ("
            " args ->> 'conversation_id' = ANY(%(ids)s) OR args ->> 'turn_id' IN (SELECT id::text"
            " FROM conversations_turn WHERE conversation_id = ANY(%(ids)s::uuid[])))",
            {"ids": [str(conversation.pk) for conversation in conversations]},
        )


def _logins(user_id: int) -> list[str]:
    """The keys of their sessions. A session is not filed under its user: all are looked at."""
    logins = Login.objects.iterator()
    return [one.pk for one in logins if one.get_decoded().get("_auth_user_id") == str(user_id)]


def _about(row: Model) -> dict[str, Any]:
    kind = ContentType.objects.get_for_model(row)
    return {"content_type": kind, "object_id": str(row.pk)}


def _blank_admin_log(*, instance: Model, **_: Any) -> None:
    """Who did what and when stays, the words go."""
    entries = LogEntry.objects.filter(**_about(instance))
    entries.update(object_repr=f"{instance._meta.verbose_name} {instance.pk}")


for _model in WORDS_IN_THE_ADMIN_LOG:
    post_delete.connect(_blank_admin_log, sender=_model, dispatch_uid="blank_admin_log")
