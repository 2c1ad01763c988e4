from conversations import audit, selectors, services
from conversations.account import erasure
from conversations.models import AuditEntry, Conversation, User


def test_a_look_at_a_conversation_says_whose_it_was(bob: User, hers: Conversation) -> None:
    audit.note(bob, "read", conversation=hers.pk, kind="conversation")

    entry = AuditEntry.objects.get()
    assert (entry.by, entry.by_name, entry.action) == (bob, "bob", "read")
    assert (entry.conversation, entry.user, entry.agent) == (hers.pk, hers.user, None)
    assert entry.detail == {"kind": "conversation"}


def test_a_change_of_the_site_is_about_no_conversation(bob: User) -> None:
    agent = selectors.default_agent()

    audit.note(bob, "make_default", agent_id=agent.pk)

    entry = AuditEntry.objects.get()
    assert (entry.conversation, entry.user, entry.agent) == (None, None, agent)


def test_an_entry_outlives_everybody_it_names(alice: User, bob: User, hers: Conversation) -> None:
    audit.note(bob, "read", conversation=hers.pk)
    of = hers.pk

    erasure.delete_account(alice.pk)
    erasure.delete_account(bob.pk)

    entry = AuditEntry.objects.get()
    assert (entry.by, entry.by_name, entry.user, entry.conversation) == (None, "bob", None, of)


def test_a_connection_leads_to_its_conversation(hers: Conversation) -> None:
    session = services.open_session(hers.pk, providers={}, client="")

    assert selectors.conversation_of_session(session.pk) == hers.pk
    assert selectors.conversation_of_session(hers.pk) is None
