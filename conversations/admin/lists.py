"""Lists of tables that may have ten million rows."""

from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.functional import cached_property

from conversations.deadlines import Late, statements_within

COUNTED_MAX = 10_000
LIST_MS = 5_000
"""What the database has for each query of a list. Such a page is worth no more of it."""


class CappedPaginator(Paginator):  # type: ignore[type-arg]
    """Counts no further than COUNTED_MAX; what is behind that is found with a filter."""

    template_name = "admin/conversations/pagination.html"

    @cached_property
    def count(self) -> int:
        return min(self._counted, COUNTED_MAX)

    @cached_property
    def is_capped(self) -> bool:
        return self._counted > COUNTED_MAX

    @cached_property
    def _counted(self) -> int:
        rows: Any = self.object_list
        return len(rows.order_by().values("pk")[: COUNTED_MAX + 1])


class LongList(admin.ModelAdmin):  # type: ignore[type-arg]
    """For an admin of such a table: nothing is counted to the end, and a query that takes too long
    is given up, with a sentence that says what to do."""

    paginator = CappedPaginator
    show_full_result_count = False
    show_facets = admin.ShowFacets.NEVER
    list_per_page = 50
    list_max_show_all = 0
    list_ms = LIST_MS

    def changelist_view(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if self._runs_action(request):  # which may take its time
            return super().changelist_view(request, extra_context)
        try:
            with statements_within(self.list_ms):
                return super().changelist_view(request, extra_context)
        except Late:
            if not request.GET:
                raise
            asked = "That took too long. Ask for less: a user, an agent, a shorter time."
            messages.error(request, asked)
            return redirect(request.path)

    def _runs_action(self, request: HttpRequest) -> bool:
        """Whatever else is posted shows the list, as Django has it."""
        sent = request.POST
        is_ours = sent.get("action") in self.get_actions(request)
        return is_ours and ACTION_CHECKBOX_NAME in sent and "_save" not in sent
