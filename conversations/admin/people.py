"""Who can log in, with which rights, and from where they are logged in."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from unfold.admin import ModelAdmin
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from conversations import audit
from conversations.account import erasure
from conversations.admin.fields import ShortLists
from conversations.admin.records import ReadOnly, TakesRecordsAlong
from conversations.admin.words import staff
from conversations.models import ApiLogin, User

admin.site.unregister(Group)


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

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        for user in queryset:
            audit.note(staff(request), "delete", kind="user", account=user.pk)
        return super().log_deletions(request, queryset)

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        erasure.delete_account(obj.pk)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        for user in queryset:
            erasure.delete_account(user.pk)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, ModelAdmin):
    class Media:
        css = {"all": ("css/admin.css",)}


@admin.register(ApiLogin)
class ApiLoginAdmin(ReadOnly, ModelAdmin):
    """Log-ins of clients; who deletes one logs that client out."""

    list_display = ("user", "client", "created_at", "used_at", "expires_at", "revoked_at")
    list_select_related = ("user",)
    search_fields = ("user__username", "client")
    exclude = ("digest",)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return staff(request).has_perm("conversations.delete_apilogin")
