"""Who of the staff looked at or changed what: written here, read in the admin."""

from uuid import UUID

from conversations.models import AuditEntry, Conversation, User


def note(
    by: User,
    action: str,
    *,
    conversation: UUID | None = None,
    user_id: int | None = None,
    agent_id: int | None = None,
    **detail: object,
) -> None:
    """Keep that `by` did this: read, export, search, watch, say, end, note, context … In the same
    transaction as what was done, where there is one. user_id: whose it was, by default whose the
    conversation is. detail: JSON; never anybody's words."""
    if conversation is not None and user_id is None:
        owner = Conversation.objects.filter(pk=conversation).values_list("user_id", flat=True)
        user_id = owner.first()
    AuditEntry.objects.create(
        by=by,
        by_name=by.get_username(),
        action=action,
        user_id=user_id,
        conversation=conversation,
        agent_id=agent_id,
        detail=detail,
    )
