"""What was said, one turn to a row: found by words, by meaning, and by what became of it."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.html import format_html
from unfold.admin import ModelAdmin

from conversations.admin.exporting import Exports
from conversations.admin.filters import (
    Between,
    BooleanRadioFilter,
    ByMeaning,
    BySource,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
    named_in,
)
from conversations.admin.lists import LongList
from conversations.admin.records import ReadOnly
from conversations.admin.searching import SearchesWords
from conversations.admin.words import HoldsWords
from conversations.models import Conversation, Turn, User


@admin.register(Turn)
class TurnAdmin(ReadOnly, Exports, SearchesWords, LongList, HoldsWords, ModelAdmin):
    list_display = ("started_at", "user", "role", "said", "source", "cut_short", "within")
    list_display_links = ("said",)
    list_select_related = ("conversation__user",)
    list_filter = (
        ByMeaning,
        ("conversation__agent", RelatedDropdownFilter),
        named_in("conversation__user"),
        ("conversation__state", ChoicesDropdownFilter),
        ("started_at", Between),
        ("role", ChoicesDropdownFilter),
        BySource,
        ("interrupted", BooleanRadioFilter),
    )
    list_filter_submit = True
    ordering = ("-pk",)  # as they were written, which an index knows
    sortable_by = ()

    @admin.display
    def user(self, turn: Turn) -> User:
        return turn.conversation.user

    @admin.display(description="text")
    def said(self, turn: Turn) -> str:
        return turn.text if len(turn.text) <= 120 else f"{turn.text[:119]}…"

    @admin.display(description="cut short")
    def cut_short(self, turn: Turn) -> str:
        return "yes" if turn.interrupted else ""

    @admin.display(description="conversation")
    def within(self, turn: Turn) -> str:
        page = reverse("admin:conversations_conversation_change", args=[turn.conversation_id])
        return format_html('<a href="{}">{}</a>', page, turn.conversation)

    def about(self, row: Turn) -> dict[str, Any]:
        return {"conversation": row.conversation_id}

    def turns_of(self, rows: QuerySet[Turn]) -> QuerySet[Turn]:
        return rows

    def keys_of(self, turns: Sequence[int]) -> list[int]:
        return list(turns)

    def conversations_of(self, rows: QuerySet[Turn]) -> QuerySet[Conversation]:
        return Conversation.objects.filter(pk__in=rows.order_by().values("conversation"))
