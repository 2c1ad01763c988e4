"""Rows that are looked at and not edited: what an admin or an inline of such rows inherits."""

from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest

from conversations.models import ApiLogin, ContextChange, Session, Turn


class ReadOnly:
    """Rows can be looked at."""

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class WithoutEmbedding:
    """The 384 numbers of each row stay in the database."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return rows.defer("embedding")


class TakesRecordsAlong:
    """For an admin whose rows own records that are read-only: deleting the owner deletes them. The
    page that asks whether to says how many there are, and none of what was said in them."""

    records = (Turn, Session, ContextChange, ApiLogin)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> tuple[Any, Any, Any, Any]:
        _, counts, forbidden, protected = super().get_deleted_objects(objs, request)  # type: ignore[misc]
        along = {str(record._meta.verbose_name) for record in self.records}
        return [str(one) for one in objs], counts, set(forbidden) - along, protected
