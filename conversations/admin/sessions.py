"""Connections."""

from typing import Any

from django.contrib import admin
from unfold.admin import ModelAdmin

from conversations.admin.lists import LongList
from conversations.admin.records import ReadOnly
from conversations.admin.words import HoldsWords
from conversations.models import Session, User


@admin.register(Session)
class SessionAdmin(ReadOnly, LongList, HoldsWords, ModelAdmin):
    """They name their conversations, whose titles are what was said first."""

    list_display = ("opened_at", "closed_at", "close_code", "conversation", "user", "client")
    list_select_related = ("conversation__user",)
    list_filter = ("close_code",)
    search_fields = ("conversation__user__username", "client")

    @admin.display(ordering="conversation__user__username")
    def user(self, session: Session) -> User:
        return session.conversation.user

    def about(self, row: Session) -> dict[str, Any]:
        return {"conversation": row.conversation_id}
