"""The search box over what was said: by words, or by meaning."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.postgres.fields import ArrayField
from django.db.models import F, Field, Func, IntegerField, Q, QuerySet, Value
from django.http import HttpRequest

from conversations import embeddings, transcripts
from conversations.models import Turn


class SearchesWords(ModelAdmin):  # type: ignore[type-arg]
    """For an admin of turns, or of what turns belong to. The filters narrow the search; what is
    found by meaning comes nearest first, unless the list is sorted by a column."""

    search_fields = ("text",)  # so that there is a box
    search_help_text = "What was said"
    change_list_template = "admin/conversations/transcripts.html"

    def turns_of(self, rows: QuerySet[Any]) -> QuerySet[Turn]:
        """Where to search."""
        raise NotImplementedError

    def keys_of(self, turns: Sequence[int]) -> list[Any]:
        """The rows that these turns stand for, by their primary keys, in the same order."""
        raise NotImplementedError

    def named(self, asked: str) -> Q:
        """Which rows are found by what they are called, beside those found by what was said."""
        return Q()

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Any], search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        if not (asked := search_term.strip()):
            return queryset, False
        is_by_meaning = request.GET.get("by") == "meaning"
        search = transcripts.by_meaning if is_by_meaning else transcripts.by_words
        try:
            found = search(self.turns_of(queryset), asked)
        except (transcripts.NotYet, embeddings.ModelUnusable) as error:
            messages.warning(request, str(error) or NOT_YET)
            return queryset.none(), False
        if found.left_out:
            messages.info(request, found.left_out)
        keys = self.keys_of(found.turns)
        if not is_by_meaning:
            return queryset.filter(Q(pk__in=keys) | self.named(asked)), False
        rows = queryset.filter(pk__in=keys)
        is_sorted = "o" in request.GET
        return (rows if is_sorted else rows.order_by(_place_in(keys, rows.model._meta.pk))), False


NOT_YET = "The model of meaning is being loaded. Try again in a few seconds."


def _place_in(keys: Sequence[Any], key: "Field[Any, Any]") -> Func:
    ordered = Value(list(keys), output_field=ArrayField(key.__class__()))
    return Func(ordered, F("pk"), function="array_position", output_field=IntegerField())
