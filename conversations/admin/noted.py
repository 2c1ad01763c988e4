"""The audit log, for reading."""

from typing import Any
from uuid import UUID

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import TextFilter

from conversations.admin.filters import Between, ByUser, RelatedDropdownFilter
from conversations.admin.lists import LongList
from conversations.admin.records import ReadOnly
from conversations.models import AuditEntry


class ByWhom(TextFilter):
    title = "who did it"
    parameter_name = "by"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        name = str(self.value() or "").strip()
        return queryset.filter(by_name__iexact=name) if name else queryset


class ByAction(TextFilter):
    title = "action"
    parameter_name = "action"

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        action = str(self.value() or "").strip().lower()
        return queryset.filter(action=action) if action else queryset


@admin.register(AuditEntry)
class AuditEntryAdmin(ReadOnly, LongList, ModelAdmin):
    list_display = ("at", "who", "action", "user", "of_conversation", "agent", "more")
    list_select_related = ("user", "agent")
    list_filter = (ByWhom, ByAction, ByUser, ("agent", RelatedDropdownFilter), ("at", Between))
    list_filter_submit = True
    search_fields = ("=conversation",)
    search_help_text = "The id of a conversation"
    sortable_by = ("at",)

    @admin.display(ordering="by_name")
    def who(self, entry: AuditEntry) -> str:
        return entry.by_name

    @admin.display(description="")
    def more(self, entry: AuditEntry) -> str:
        return " · ".join(
            f"{name}: {_shown(value)}" for name, value in entry.detail.items() if value
        )

    @admin.display(description="conversation")
    def of_conversation(self, entry: AuditEntry) -> str | None:
        if entry.conversation is None:
            return None
        page = reverse("admin:conversations_conversation_change", args=[entry.conversation])
        return format_html('<a href="{}">{}</a>', page, str(entry.conversation)[:8])

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not (sought := search_term.strip()):
            return queryset, False
        try:
            return queryset.filter(conversation=UUID(sought)), False
        except ValueError:
            return queryset.none(), False


def _shown(value: object) -> str:
    """A JSON value without its brackets."""
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
