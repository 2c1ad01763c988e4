"""The action that hands out many conversations: asks in which formats, then sends a zip."""

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import render

from conversations import audit
from conversations.account.streaming import Streamed
from conversations.admin.export import EXPORT_MAX, ExportForm, archive
from conversations.admin.words import staff
from conversations.models import Conversation
from conversations.time_zones import zone_named


class Exports(admin.ModelAdmin):  # type: ignore[type-arg]
    """For an admin of conversations, or of what belongs to one."""

    actions = ("export",)

    def conversations_of(self, rows: QuerySet[Any]) -> QuerySet[Conversation]:
        """Which are handed out when these rows are chosen."""
        raise NotImplementedError

    @admin.action(description="Export as a zip …", permissions=("view",))
    def export(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponseBase | None:
        rows = self.conversations_of(queryset)
        chosen = list(rows.order_by("-started_at").values_list("pk", flat=True)[: EXPORT_MAX + 1])
        if len(chosen) > EXPORT_MAX:
            many = f"At most {EXPORT_MAX:,} conversations go into one file. Narrow the list."
            messages.error(request, many)
            return None
        form = ExportForm(request.POST if "asked" in request.POST else None)
        if not form.is_valid():
            return self._ask(request, form, len(chosen))
        by, formats = staff(request), form.cleaned_data["formats"]

        def note(one: Conversation) -> None:
            whose: dict[str, Any] = {"user_id": one.user_id, "agent_id": one.agent_id}
            audit.note(by, "export", conversation=one.pk, formats=formats, **whose)

        zone = zone_named(by.time_zone) or ZoneInfo("UTC")  # what is current ends with this call
        pieces = archive(chosen, formats, zone=zone, note=note)
        headers = {"Content-Disposition": 'attachment; filename="conversations.zip"'}
        return StreamingHttpResponse(
            Streamed(pieces), content_type="application/zip", headers=headers
        )

    def _ask(self, request: HttpRequest, form: ExportForm, count: int) -> HttpResponse:
        """Rendered here, as it shows no words: a TemplateResponse would be noted as a list."""
        context = {
            **self.admin_site.each_context(request),
            "title": "Export conversations",
            "opts": self.opts,
            "form": form,
            "count": count,
            "chosen": request.POST.getlist(ACTION_CHECKBOX_NAME),
            "checkbox": ACTION_CHECKBOX_NAME,
            "across": request.POST.get("select_across", "0"),
            "index": request.POST.get("index", "0"),
        }
        return render(request, "admin/conversations/export.html", context)
