"""Answers that are given again."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timesince import timesince
from unfold.admin import ModelAdmin
from unfold.decorators import action
from unfold.forms import BaseDialogForm
from unfold.widgets import UnfoldAdminSelectWidget

from conversations import audit, cache
from conversations.admin.records import WithoutEmbedding
from conversations.admin.words import HoldsWords, staff
from conversations.cache.audio import RATE_HZ
from conversations.models import Agent, CachedAudio, CachedReply


class PurgeForm(BaseDialogForm):
    """Confirms it, and says whose answers go."""

    agent = forms.ModelChoiceField(
        Agent.objects.all(),
        required=False,
        empty_label="All agents",
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(CachedReply)
class CachedReplyAdmin(WithoutEmbedding, HoldsWords, ModelAdmin):
    list_display = (
        "question",
        "answer",
        "agent",
        "user",
        "hits",
        "age",
        "used_at",
        "audio_seconds",
    )
    list_select_related = ("agent", "user")
    list_filter = ("agent", "language", "model_family")
    search_fields = ("question", "answer")
    date_hierarchy = "created_at"
    actions_list = ("purge",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        audio = CachedAudio.objects.filter(reply=OuterRef("pk")).order_by().values("reply")
        size = audio.annotate(bytes=Sum(Length("pcm"))).values("bytes")
        rows = super().get_queryset(request)
        annotated: QuerySet[Any] = rows.annotate(audio_bytes=Subquery(size))
        return annotated

    @admin.display(ordering="-created_at")
    def age(self, reply: CachedReply) -> str:
        return timesince(reply.created_at, depth=1)

    @admin.display(description="audio", ordering="audio_bytes")
    def audio_seconds(self, reply: CachedReply) -> str:
        """Of all voices that have spoken it."""
        size = getattr(reply, "audio_bytes", None)
        return f"{size / 2 / RATE_HZ:.1f} s" if size else "–"

    @action(  # type: ignore[untyped-decorator]
        description="Purge",
        permissions=("delete",),
        dialog={
            "title": "Forget cached answers?",
            "description": "They are deleted with their sound. The same questions are answered "
            "anew from then on; nothing else is lost.",
            "form_class": PurgeForm,
            "form_submit_text": "Purge",
        },
    )
    def purge(self, request: HttpRequest, form: PurgeForm) -> HttpResponse:
        agent = form.cleaned_data["agent"]
        count = cache.purge(agent.pk if agent else None)
        audit.note(staff(request), "purge", agent_id=agent.pk if agent else None, count=count)
        answers = f"{count} cached answer{'s' * (count != 1)}"
        self.message_user(request, f"Purged {answers}.", messages.SUCCESS)
        here = reverse("admin:conversations_cachedreply_changelist")
        return HttpResponse(headers={"HX-Redirect": here})

    def get_fields(self, request: HttpRequest, obj: Model | None = None) -> tuple[str, ...]:
        return (
            "question",
            "answer",
            "agent",
            "agent_version",
            "language",
            "model_family",
            "user",
            "hits",
            "created_at",
            "used_at",
            "expires_at",
            "audio_seconds",
        )

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> tuple[str, ...]:
        return self.get_fields(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False
