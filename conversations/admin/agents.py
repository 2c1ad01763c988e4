"""Agents: what they are told, how they speak, what they may do, and with whom."""

from dataclasses import asdict
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import ManyToManyField, Model, QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminCheckboxSelectMultipleWidget

from conversations import audit, context, services
from conversations.admin.fields import ShortLists, VersionedForm
from conversations.admin.links import link
from conversations.admin.records import TakesRecordsAlong
from conversations.admin.versions import VersionPages
from conversations.admin.words import staff
from conversations.models import TOOLS, Agent, Conversation
from conversations.presets import PRESETS
from conversations.terms import check_language_models


class AgentForm(VersionedForm):
    tools = forms.MultipleChoiceField(
        choices=[(name, purpose.capitalize()) for name, purpose in TOOLS.items()],
        required=False,
        widget=UnfoldAdminCheckboxSelectMultipleWidget,
        help_text="What it may do beside talking.",
    )

    class Meta:
        labels = {"reply_tokens_max": "Longest reply", "turns_kept": "Turns word for word"}
        help_texts = {
            "temperature": "0 says nearly the same each time, 2 hardly makes sense.",
            "reply_tokens_max": "In tokens: 150 are some 100 words, or 40 seconds.",
            "turns_kept": "What was said before them is summed up.",
        }

    def clean_tools(self) -> list[str]:
        """In one order, so that ticking another first is no change."""
        return [name for name in TOOLS if name in self.cleaned_data["tools"]]

    def clean_language_models(self) -> str:
        text: str = self.cleaned_data["language_models"].strip()
        check_language_models(text)
        return text


@admin.register(Agent)
class AgentAdmin(VersionPages, ShortLists, TakesRecordsAlong, ModelAdmin):
    form = AgentForm
    list_display = ("name", "slug", "language", "for_whom", "is_default", "version", "changed_at")
    list_filter = ("is_default", "language")
    search_fields = ("name", "slug", "instructions")
    list_before_template = "admin/conversations/presets.html"
    change_form_before_template = "admin/conversations/seen.html"
    change_form_outer_before_template = "admin/conversations/agent_links.html"
    warn_unsaved_form = True
    readonly_fields = ("is_default", "version", "changed_at")
    fieldsets = (
        (
            "Persona",
            {
                "classes": ("tab",),
                "fields": (("name", "slug"), "instructions", "speaks_first", "greeting"),
            },
        ),
        (
            "Speech",
            {
                "classes": ("tab",),
                "fields": (("language", "patience"), "voice", "key_terms", "pronunciations"),
            },
        ),
        (
            "Answers",
            {
                "classes": ("tab",),
                "fields": (
                    "language_models",
                    ("temperature", "reply_tokens_max"),
                    "turns_kept",
                    "tools",
                    ("memory_on", "cache_on"),
                ),
            },
        ),
        (
            "For whom",
            {"classes": ("tab",), "fields": ("groups", "is_default", "version", "changed_at")},
        ),
    )
    actions = ("make_default",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Agent]:
        rows: QuerySet[Agent] = super().get_queryset(request)
        return rows.prefetch_related("groups")

    @admin.display(description="for")
    def for_whom(self, agent: Agent) -> str:
        return ", ".join(group.name for group in agent.groups.all()) or "everybody"

    def formfield_for_manytomany(
        self, db_field: "ManyToManyField[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["widget"] = UnfoldAdminCheckboxSelectMultipleWidget()
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def get_prepopulated_fields(self, request: HttpRequest, obj: Any = None) -> dict[str, Any]:
        """Only at first: clients know an agent by its slug."""
        return {} if obj else {"slug": ("name",)}

    # --- presets ----------------------------------------------------------------------------------
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "presets": PRESETS})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        more = {"links": _applied(object_id)} if object_id else {"presets": PRESETS}
        more |= extra_context or {}
        return super().changeform_view(request, object_id, form_url, more)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        preset = PRESETS.get(request.GET.get("preset", ""))
        if preset is None:
            initial: dict[str, Any] = super().get_changeform_initial_data(request)
            return initial
        values = asdict(preset) | {"slug": _free(preset.slug), "tools": list(preset.tools)}
        return {name: values[name] for name in Agent.VERSIONED if name in values}

    # --- what is saved ----------------------------------------------------------------------------
    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: bool) -> None:
        if not change:
            obj.save()
            return
        changed = [name for name in Agent.VERSIONED if name in form.changed_data]
        values = {name: form.cleaned_data[name] for name in changed}
        made = context.update(obj.pk, by=staff(request).pk, changes=values)
        obj.refresh_from_db()
        if made:
            self.note(request, "change", obj)
            self.tell_of(request, obj)

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        before = _groups(form.instance) if change else []
        super().save_related(request, form, formsets, change)
        if before != (after := _groups(form.instance)):
            by = staff(request)
            audit.note(by, "groups", agent_id=form.instance.pk, before=before, after=after)

    def log_addition(self, request: HttpRequest, obj: Agent, message: Any) -> Any:
        self.note(request, "add", obj)
        return super().log_addition(request, obj, message)

    def tell_of(self, request: HttpRequest, agent: Agent) -> None:
        """Somebody's running conversation takes it up with its next turn."""
        told = f"Version {agent.version} is on its way to running conversations."
        for title, address in _applied(agent.pk):
            told = format_html('{} <a class="underline" href="{}">{}</a>', told, address, title)
        self.message_user(request, told, messages.INFO)

    # --- what is done with it ---------------------------------------------------------------------
    @admin.action(description="Make this the default agent", permissions=("change",))
    def make_default(self, request: HttpRequest, queryset: QuerySet[Agent]) -> None:
        if queryset.count() != 1:
            self.message_user(request, "Choose exactly one agent.", messages.ERROR)
            return
        agent = queryset.get()
        services.make_default(agent.pk)
        audit.note(staff(request), "make_default", agent_id=agent.pk)
        self.message_user(request, f"New conversations are with {agent} now.", messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        if isinstance(obj, Agent) and obj.is_default:
            return False
        return bool(super().has_delete_permission(request, obj))

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        """Django would name each conversation that keeps an agent here, by what was said first."""
        if Conversation.objects.filter(agent__in=objs).exists():
            kept = "There are conversations, which have to be deleted first."
            return [str(agent) for agent in objs], {}, set(), [kept]
        return super().get_deleted_objects(objs, request)

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for agent in queryset:
            self.note(request, "delete", agent, agent=agent.pk)
        return super().log_deletions(request, queryset)


def _applied(agent_id: object) -> list[tuple[str, str]]:
    return link("See in which sessions it is applied", "dashboard_applied", agent_id)


def _groups(agent: Agent) -> list[str]:
    return sorted(agent.groups.values_list("name", flat=True))


def _free(slug: str) -> str:
    """The slug, or where it is taken, the first of slug-2, slug-3 …"""
    taken = set(Agent.objects.filter(slug__startswith=slug).values_list("slug", flat=True))
    number, free = 1, slug
    while free in taken:
        number += 1
        free = f"{slug}-{number}"
    return free
