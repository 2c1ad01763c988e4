"""Conversations: finding them, reading them, handing them out, and telling one of them something
while it runs."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminTextareaWidget

from conversations import context
from conversations.account import erasure
from conversations.admin.exporting import Exports
from conversations.admin.fields import VersionedForm
from conversations.admin.filters import (
    Between,
    ByMeaning,
    ByUser,
    ChoicesDropdownFilter,
    RelatedDropdownFilter,
)
from conversations.admin.links import link
from conversations.admin.lists import LongList
from conversations.admin.records import ReadOnly, TakesRecordsAlong
from conversations.admin.searching import SearchesWords
from conversations.admin.words import HoldsWords, staff
from conversations.models import Conversation, Turn
from conversations.roles import STEER


class ConversationForm(VersionedForm):
    """What one conversation is told."""

    version_field = "context_version"
    context = forms.CharField(
        label="Context of its own",
        required=False,
        max_length=context.OWN_MAX,
        widget=UnfoldAdminTextareaWidget(attrs={"rows": 5}),
        help_text="What the agent is told in this conversation beside its instructions. A running "
        "session goes by it from the next turn on.",
    )


class TurnInline(ReadOnly, TabularInline):
    model = Turn
    fields = readonly_fields = ("started_at", "number", "role", "text", "source", "cut_short")
    per_page = 50
    hide_title = True

    @admin.display(description="cut short")
    def cut_short(self, turn: Turn) -> str:
        return "yes" if turn.interrupted else ""


@admin.register(Conversation)
class ConversationAdmin(
    Exports, SearchesWords, LongList, TakesRecordsAlong, HoldsWords, ModelAdmin
):
    form = ConversationForm
    changed_as = "context"
    change_form_before_template = "admin/conversations/seen.html"
    change_form_outer_before_template = "admin/conversations/links.html"
    list_display = ("title_or_date", "user", "agent", "state", "turns", "replies", "started_at")
    list_select_related = ("user", "agent")
    list_filter = (
        ByMeaning,
        ("agent", RelatedDropdownFilter),
        ByUser,
        ("state", ChoicesDropdownFilter),
        ("started_at", Between),
    )
    list_filter_submit = True
    readonly_fields = (
        "context_version",
        "user",
        "agent",
        "state",
        "turns",
        "replies",
        "started_at",
        "ended_at",
        "summary",
    )
    fields = (
        "context",
        ("context_version", "turns", "replies"),
        ("user", "agent", "state"),
        ("started_at", "ended_at"),
        "summary",
    )
    inlines = (TurnInline,)

    @admin.display(description="conversation", ordering="title")
    def title_or_date(self, conversation: Conversation) -> str:
        return str(conversation)

    def about(self, row: Conversation) -> dict[str, Any]:
        return {"conversation": row.pk, "user_id": row.user_id, "agent_id": row.agent_id}

    # --- what is done with it ---------------------------------------------------------------------
    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return self.has_view_permission(request, obj) and staff(request).has_perm(STEER)

    def save_model(self, request: HttpRequest, obj: Conversation, form: Any, change: bool) -> None:
        if "context" in form.changed_data:
            context.set_own(obj.pk, form.cleaned_data["context"], by=staff(request).pk)

    def delete_model(self, request: HttpRequest, obj: Conversation) -> None:
        erasure.delete_conversation(obj.pk, with_facts=False)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Conversation]) -> None:
        for pk in list(queryset.values_list("pk", flat=True)):
            erasure.delete_conversation(pk, with_facts=False)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        waterfall = link("Turn by turn, and live", "dashboard_conversation", object_id)
        more = {**(extra_context or {}), "links": waterfall}
        return super().change_view(request, object_id, form_url, more)

    # --- what is searched and handed out ----------------------------------------------------------
    def turns_of(self, rows: QuerySet[Conversation]) -> QuerySet[Turn]:
        if not rows.query.where:  # no filter: all of them
            return Turn.objects.all()
        return Turn.objects.filter(conversation__in=rows.order_by().values("pk"))

    def keys_of(self, turns: Sequence[int]) -> list[Any]:
        owners = dict(Turn.objects.filter(pk__in=turns).values_list("pk", "conversation_id"))
        return list(dict.fromkeys(owners[turn] for turn in turns if turn in owners))

    def named(self, asked: str) -> Q:
        return Q(title__icontains=asked)

    def conversations_of(self, rows: QuerySet[Conversation]) -> QuerySet[Conversation]:
        return rows
