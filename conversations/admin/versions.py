"""The versions of an agent: what changed with each, word by word, and the way back to one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.contrib.admin import ModelAdmin
from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import path

from conversations import audit, context
from conversations.admin.words import staff
from conversations.differences import Kind, Piece, difference
from conversations.models import Agent, ContextChange

PER_PAGE = 20


@dataclass(frozen=True, slots=True)
class FieldChange:
    """How one field became another."""

    label: str
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Version:
    number: int
    at: datetime
    by: str
    fields: tuple[FieldChange, ...]


def field_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """In the order of the agent's fields. Texts are compared word by word, all else is replaced."""
    return tuple(
        FieldChange(_label(name), _pieces(before.get(name), after[name]))
        for name in Agent.VERSIONED
        if name in after and before.get(name) != after[name]
    )


class VersionPages(ModelAdmin):  # type: ignore[type-arg]
    """For the admin of agents: the history page, and the page that asks whether to go back."""

    def tell_of(self, request: HttpRequest, agent: Agent) -> None:
        """Say that a new version is on its way."""
        raise NotImplementedError

    def note(self, request: HttpRequest, action: str, agent: Agent, /, **detail: Any) -> None:
        """In the audit log, where it stays when the agent and its versions are deleted."""
        detail |= {"kind": "agent", "name": agent.name, "version": agent.version}
        audit.note(staff(request), action, agent_id=agent.pk, **detail)

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.roll_back_view)
        route, name = "<path:object_id>/versions/<int:version>/", "conversations_agent_roll_back"
        return [path(route, view, name=name), *super().get_urls()]

    def history_view(
        self,
        request: HttpRequest,
        object_id: str,
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        agent = self._agent(request, object_id)
        if not self.has_view_or_change_permission(request, agent):
            raise PermissionDenied
        pages = Paginator(agent.changes.select_related("by").order_by("-version"), PER_PAGE)
        page = pages.get_page(request.GET.get("page"))
        values = {
            "versions": [_version(change) for change in page],
            "page": page,
            "can_change": self.has_change_permission(request, agent),
            "title": f"Versions of {agent}",
        }
        return self._page(request, "admin/conversations/versions.html", agent, values)

    def roll_back_view(
        self, request: HttpRequest, object_id: str, version: int
    ) -> HttpResponseBase:
        """Shows what would become different, and does it when that is confirmed."""
        agent = self._agent(request, object_id)
        if not self.has_change_permission(request, agent):
            raise PermissionDenied
        if not 1 <= version < agent.version:
            raise Http404("There is no such version to go back to.")
        if request.method == "POST":
            return self._roll_back(request, agent, version)
        values = {"fields": _way_back(agent, version), "version": version}
        values |= {"title": f"Back to version {version} of {agent}"}
        return self._page(request, "admin/conversations/roll_back.html", agent, values)

    def _roll_back(self, request: HttpRequest, agent: Agent, version: int) -> HttpResponseBase:
        try:
            is_new = self._restore(request, agent, version)
        except ValidationError as error:
            self.message_user(request, " ".join(error.messages), messages.ERROR)
        else:
            done = f"{agent} is as it was in version {version}."
            self.message_user(request, done, messages.SUCCESS)
            if is_new:
                self.tell_of(request, agent)
        return redirect("admin:conversations_agent_history", agent.pk)

    @transaction.atomic
    def _restore(self, request: HttpRequest, agent: Agent, version: int) -> bool:
        """Whether that made a new version, which is noted then."""
        made = context.restore(agent.pk, version=version, by=staff(request).pk)
        agent.refresh_from_db()
        if made:
            self.note(request, "roll_back", agent, back_to=version)
            self.log_change(request, agent, f"Rolled back to version {version}.")
        return made is not None

    def _agent(self, request: HttpRequest, object_id: str) -> Agent:
        agent: Agent | None = self.get_object(request, unquote(object_id))
        if agent is None:
            raise Http404("There is no such agent.")
        return agent

    def _page(
        self, request: HttpRequest, template: str, agent: Agent, values: Mapping[str, Any]
    ) -> TemplateResponse:
        around = self.admin_site.each_context(request)
        page = {**around, "opts": self.opts, "original": agent, "agent": agent, **values}
        return TemplateResponse(request, template, page)


def _version(change: ContextChange) -> Version:
    by = change.by.get_username() if change.by else "–"
    return Version(change.version, change.at, by, field_changes(change.before, change.after))


def _way_back(agent: Agent, version: int) -> tuple[FieldChange, ...]:
    later = agent.changes.filter(version__gt=version).order_by("-version")
    then = context.undone(later)
    return field_changes({name: getattr(agent, name) for name in then}, then)


def _label(name: str) -> str:
    return str(getattr(Agent._meta.get_field(name), "verbose_name", name))


def _pieces(before: object, after: object) -> tuple[Piece, ...]:
    if isinstance(before, str) and isinstance(after, str):
        return difference(before, after)
    removed, added = Piece(Kind.REMOVED, _shown(before)), Piece(Kind.ADDED, _shown(after))
    return (removed, Piece(Kind.SAME, " → "), added)


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(map(str, value)) or "none"
    return str(value)
