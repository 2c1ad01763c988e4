"""What users said, in the admin: for those who may read it, and each look is noted."""

from typing import Any

from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse

from conversations import audit
from conversations.models import User
from conversations.roles import READ_WORDS


def staff(request: HttpRequest) -> User:
    """Who is asking: the admin lets nobody else in."""
    assert isinstance(request.user, User)
    return request.user


class HoldsWords(ModelAdmin):  # type: ignore[type-arg]
    """For an admin of rows that hold words of users. Beside the permission for the model one needs
    READ_WORDS, for whatever one does with them: every page of theirs shows some."""

    changed_as = "change"
    """What a change is called in the audit log."""

    def about(self, row: Any) -> dict[str, Any]:
        """Whose words they are, as `audit.note` takes it."""
        return {"user_id": row.user_id}

    def note(self, request: HttpRequest, action: str, row: Model | None, **detail: Any) -> None:
        about = self.about(row) if row is not None else {}
        about |= {"kind": self.opts.model_name, **detail}
        audit.note(staff(request), action, **about)

    # --- who may ----------------------------------------------------------------------------------
    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _reads(request) and super().has_view_permission(request, obj)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return _reads(request) and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _reads(request) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return _reads(request) and super().has_delete_permission(request, obj)

    # --- what is noted ----------------------------------------------------------------------------
    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """A page is a list however it was asked for, and so is the one that asks whether to delete
        what was chosen."""
        response: HttpResponse = super().changelist_view(request, extra_context)
        if isinstance(response, TemplateResponse) and response.status_code == 200:
            is_search = bool("".join(request.GET.getlist(SEARCH_VAR)))
            filters = _filters(request, (response.context_data or {}).get("cl"))
            self.note(request, "search" if is_search else "list", None, filters=filters)
        return response

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        response = super().changeform_view(request, object_id, form_url, extra_context)
        return self._noted(request, object_id, response)

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        return self._noted(
            request, object_id, super().history_view(request, object_id, extra_context)
        )

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        response = super().delete_view(request, object_id, extra_context)
        return self._noted(request, object_id, response)

    def get_search_fields(self, request: HttpRequest) -> Any:
        """None for the lists that other pages fill while one types: nobody would note that."""
        is_typing = request.resolver_match and request.resolver_match.url_name == "autocomplete"
        return () if is_typing else super().get_search_fields(request)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if message:
            self.note(request, self.changed_as, obj)
        return super().log_change(request, obj, message)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        self.note(request, "add", obj)
        return super().log_addition(request, obj, message)

    def log_deletions(self, request: HttpRequest, queryset: QuerySet[Any]) -> Any:
        for row in queryset:
            self.note(request, "delete", row)
        return super().log_deletions(request, queryset)

    def _noted(self, request: HttpRequest, object_id: str | None, response: Any) -> Any:
        if object_id and response.status_code == 200:
            self.note(request, "read", self.get_object(request, unquote(object_id)))
        return response


def _filters(request: HttpRequest, shown: ChangeList | None) -> list[str]:
    """Their names alone: what is looked for may be words. So may be what comes after the field in
    a filter that was written by hand, as a key of its JSON."""
    specs = shown.filter_specs if shown else ()
    offered = {name for spec in specs for name in spec.expected_parameters()}
    asked = set(request.GET) - {SEARCH_VAR}
    return sorted({name if name in offered else name.partition("__")[0] for name in asked})


def _reads(request: HttpRequest) -> bool:
    return staff(request).has_perm(READ_WORDS)
