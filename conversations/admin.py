"""The admin. What was said is for reading only, and goes only with its conversation or its user.

Saving an agent goes through `services.update_context`, so that running conversations notice.
"""

from typing import Any

from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Field, Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin, TabularInline
from unfold.forms import (
    AdminPasswordChangeForm,
    AuthenticationForm,
    UserChangeForm,
    UserCreationForm,
)

from conversations import embeddings, services
from conversations.forms import LimitedLogin
from conversations.models import (
    Agent,
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


class TurnInline(WithoutEmbedding, ReadOnly, TabularInline):
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
class TurnAdmin(WithoutEmbedding, ReadOnly, ModelAdmin):
    list_display = ("started_at", "role", "said", "source", "interrupted", "number", "conversation")
    list_select_related = ("conversation",)
    list_filter = ("role", "source", "interrupted")
    search_fields = ("text", "conversation__title", "conversation__user__username")
    date_hierarchy = "started_at"
    exclude = ("embedding",)

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


@admin.register(CachedReply)
class CachedReplyAdmin(WithoutEmbedding, ModelAdmin):
    list_display = ("question", "answer", "agent", "user", "language", "hits", "expires_at")
    list_select_related = ("agent", "user")
    list_filter = ("agent", "language", "model_family")
    search_fields = ("question", "answer")
    date_hierarchy = "created_at"

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
