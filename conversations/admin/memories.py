"""What is known of users."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from unfold.admin import ModelAdmin

from conversations import embeddings
from conversations.admin.lists import LongList
from conversations.admin.records import WithoutEmbedding
from conversations.admin.words import HoldsWords
from conversations.models import Memory


@admin.register(Memory)
class MemoryAdmin(LongList, WithoutEmbedding, HoldsWords, ModelAdmin):
    list_display = ("text", "user", "confidence", "pinned", "replaced", "created_at")
    list_select_related = ("user",)
    list_filter = ("pinned",)
    search_fields = ("text", "user__username")
    autocomplete_fields = ("user",)
    readonly_fields = ("superseded_by", "source", "created_at")

    @admin.display(boolean=True)
    def replaced(self, fact: Memory) -> bool:
        return fact.superseded_by_id is not None

    def save_model(self, request: HttpRequest, obj: Memory, form: Any, change: bool) -> None:
        if "text" in form.changed_data:
            obj.embedding = embeddings.embed_if_ready(obj.text)
        super().save_model(request, obj, form, change)
