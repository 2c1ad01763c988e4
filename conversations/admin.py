"""The admin. What was said is for reading only, and goes only with its conversation or its user.

Saving an agent goes through `services.update_context`, so that running conversations notice.
"""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Field, Model, OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.timesince import timesince
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action
from unfold.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    BaseDialogForm,
    UserChangeForm,
    UserCreationForm,
)
from unfold.widgets import UnfoldAdminSelectWidget

from conversations import cache, embeddings, services
from conversations.account import erasure
from conversations.cache.audio import RATE_HZ
from conversations.forms import LimitedLogin
from conversations.models import (
    Agent,
    CachedAudio,
    CachedReply,
    ContextChange,
    Conversation,
    Memory,
    Session,
    Turn,
    User,
)

admin.site.unregister(Group)


class AdminLoginForm(LimitedLogin, AuthenticationForm):
    """The admin's own log-in, with the limit on guessing."""


admin.site.login_form = AdminLoginForm


class ReadOnly:
    """For an admin or an inline: rows can be looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WithoutEmbedding:
    """For an admin or an inline: the 384 numbers of each row stay in the database."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return rows.defer("embedding")


class TakesRecordsAlong:
    """For an admin whose rows own records that are read-only: deleting the owner deletes them."""

    records = (Turn, Session, ContextChange)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        tree, counts, forbidden, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        along = {str(record._meta.verbose_name) for record in self.records}
        return tree, counts, set(forbidden) - along, protected


class ShortLists:
    """For an admin whose lists of words are short: boxes of four lines, not of ten."""

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        shown = super().formfield_for_dbfield(db_field, request, **kwargs)  # type: ignore[misc]
        if db_field.name in ("key_terms", "pronunciations"):
            shown.widget.attrs["rows"] = 4
        return shown


@admin.register(User)
class UserAdmin(ShortLists, TakesRecordsAlong, DjangoUserAdmin, ModelAdmin):  # type: ignore[type-arg]
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ("username", "email", "time_zone", "is_active", "is_staff", "last_login")
    autocomplete_fields = ("groups",)
    filter_horizontal = ()
    fieldsets = (
        (None, {"fields": ("username", "password", "email", "time_zone")}),
        ("Speech", {"fields": ("key_terms",)}),
        ("Rights", {"fields": ("is_active", "is_staff", "is_superuser", "groups")}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        is_needed = isinstance(obj, User) and erasure.is_last_superuser(obj)
        return not is_needed and super().has_delete_permission(request, obj)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erasure.delete_account(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            erasure.delete_account(user.pk)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    pass


@admin.register(Agent)
class AgentAdmin(ShortLists, TakesRecordsAlong, ModelAdmin):
    list_display = ("name", "slug", "language", "voice", "is_default", "version", "changed_at")
    list_filter = ("is_default", "language")
    search_fields = ("name", "slug", "instructions")
    prepopulated_fields = {"slug": ("name",)}
    readonly_fields = ("is_default", "version", "changed_at")
    fieldsets = (
        ("Persona", {"fields": ("name", "slug", "instructions", "greeting")}),
        ("Speech", {"fields": ("voice", "language", "patience", "key_terms", "pronunciations")}),
        ("Answers", {"fields": ("temperature", "reply_tokens_max", "turns_kept")}),
        ("State", {"fields": ("is_default", "version", "changed_at")}),
    )
    actions = ("make_default",)

    @admin.action(description="Make this the default agent", permissions=("change",))
    def make_default(self, request: HttpRequest, queryset: QuerySet[Agent]) -> None:
        if queryset.count() != 1:
            self.message_user(request, "Choose exactly one agent.", messages.ERROR)
            return
        agent = queryset.get()
        services.make_default(agent.pk)
        self.message_user(request, f"New conversations are with {agent} now.", messages.SUCCESS)

    def has_delete_permission(self, request: HttpRequest, obj: Agent | None = None) -> bool:
        if obj is not None and obj.is_default:
            return False
        return bool(super().has_delete_permission(request, obj))

    def save_model(self, request: HttpRequest, obj: Agent, form: Any, change: bool) -> None:
        if not change:
            obj.save()
            return
        changed = {name: form.cleaned_data[name] for name in form.changed_data}
        noticed = {name: value for name, value in changed.items() if name in Agent.CONTEXT}
        obj.save(update_fields=[*(changed.keys() - noticed.keys()), "changed_at"])
        services.update_context(obj.pk, by=request.user.pk, changes=noticed)
        obj.refresh_from_db()


class TurnInline(ReadOnly, TabularInline):
    model = Turn
    fields = ("started_at", "number", "role", "text", "source", "interrupted")
    per_page = 50
    hide_title = True


@admin.register(Conversation)
class ConversationAdmin(TakesRecordsAlong, ModelAdmin):
    list_display = ("title_or_date", "user", "agent", "state", "turns", "replies", "started_at")
    list_select_related = ("user", "agent")
    list_filter = ("state", "agent")
    search_fields = ("title", "user__username", "utterances__text")
    date_hierarchy = "started_at"
    readonly_fields = (
        "user",
        "agent",
        "state",
        "turns",
        "replies",
        "started_at",
        "ended_at",
    )
    inlines = (TurnInline,)

    @admin.display(description="conversation", ordering="title")
    def title_or_date(self, conversation: Conversation) -> str:
        return str(conversation)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


@admin.register(Session)
class SessionAdmin(ReadOnly, ModelAdmin):
    list_display = ("opened_at", "closed_at", "close_code", "conversation", "user", "client")
    list_select_related = ("conversation__user",)
    list_filter = ("close_code",)
    search_fields = ("conversation__title", "conversation__user__username", "client")
    date_hierarchy = "opened_at"

    @admin.display(ordering="conversation__user__username")
    def user(self, session: Session) -> User:
        return session.conversation.user


@admin.register(Turn)
class TurnAdmin(ReadOnly, ModelAdmin):
    list_display = ("started_at", "role", "said", "source", "interrupted", "number", "conversation")
    list_select_related = ("conversation",)
    list_filter = ("role", "source", "interrupted")
    search_fields = ("text", "conversation__title", "conversation__user__username")
    date_hierarchy = "started_at"

    @admin.display(description="text", ordering="text")
    def said(self, turn: Turn) -> str:
        return turn.text if len(turn.text) <= 80 else f"{turn.text[:79]}…"


@admin.register(Memory)
class MemoryAdmin(WithoutEmbedding, ModelAdmin):
    list_display = ("text", "user", "confidence", "pinned", "replaced", "created_at")
    list_select_related = ("user",)
    list_filter = ("pinned",)
    search_fields = ("text", "user__username")
    date_hierarchy = "created_at"
    autocomplete_fields = ("user", "superseded_by")
    readonly_fields = ("source", "created_at")

    @admin.display(boolean=True)
    def replaced(self, fact: Memory) -> bool:
        return fact.superseded_by_id is not None

    def save_model(self, request: HttpRequest, obj: Memory, form: Any, change: bool) -> None:
        if "text" in form.changed_data:
            obj.embedding = embeddings.embed_if_ready(obj.text)
        super().save_model(request, obj, form, change)


class PurgeForm(BaseDialogForm):
    """Confirms it, and says whose answers go."""

    agent = forms.ModelChoiceField(
        Agent.objects.all(),
        required=False,
        empty_label="All agents",
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(CachedReply)
class CachedReplyAdmin(WithoutEmbedding, ModelAdmin):
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
