"""Who changed which agent, over all of them. What an agent's own page says of it: versions.py."""

from django.contrib import admin
from unfold.admin import ModelAdmin

from conversations.admin.records import ReadOnly
from conversations.models import ContextChange


@admin.register(ContextChange)
class ContextChangeAdmin(ReadOnly, ModelAdmin):
    list_display = ("at", "agent", "version", "by", "fields_changed")
    list_select_related = ("agent", "by")
    list_filter = ("agent",)
    search_fields = ("agent__name", "by__username")
    date_hierarchy = "at"

    @admin.display(description="changed")
    def fields_changed(self, change: ContextChange) -> str:
        return ", ".join(change.after)
