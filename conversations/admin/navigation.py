"""The admin's sidebar: the staff's other pages, then the models that one may see."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.models import Group
from django.http import HttpRequest
from django.urls import Resolver404, resolve

from conversations.admin.links import link
from conversations.admin.words import staff
from conversations.models import (
    Agent,
    ApiLogin,
    AuditEntry,
    CachedReply,
    ContextChange,
    Conversation,
    Memory,
    Session,
    Turn,
    User,
)
from conversations.roles import SEE_HEALTH

API_DOCS = "/docs"
MODELS = (
    ("Agents", ((Agent, "smart_toy"), (ContextChange, "history"))),
    (
        "What was said",
        ((Conversation, "forum"), (Turn, "chat"), (Memory, "psychology"), (CachedReply, "cached")),
    ),
    ("People", ((User, "person"), (Group, "group"), (Session, "lan"), (ApiLogin, "key"))),
    ("Records", ((AuditEntry, "policy"),)),
)


def navigation(request: HttpRequest) -> list[dict[str, Any]]:
    """As unfold's SIDEBAR.navigation takes it."""
    groups = [("", _pages(request)), *((title, _lists(request, of)) for title, of in MODELS)]
    return [
        {"title": title, "separator": bool(title), "items": items}
        for title, items in groups
        if items
    ]


def _pages(request: HttpRequest) -> list[dict[str, Any]]:
    pages = []
    if staff(request).has_perm(SEE_HEALTH):
        pages += _items(link("Dashboard", "dashboard"), "monitoring")
        pages += _items(link("Live sessions", "dashboard_sessions"), "graphic_eq")
    return pages + _items(_api_docs(), "api")


def _lists(request: HttpRequest, models: Any) -> list[dict[str, Any]]:
    items = []
    for model, icon in models:
        page = admin.site.get_model_admin(model)
        if page.has_view_or_change_permission(request):
            name = f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist"
            title = str(model._meta.verbose_name_plural).capitalize()
            items += _items(link(title, name), icon)
    return items


def _items(links: list[tuple[str, str]], icon: str) -> list[dict[str, Any]]:
    return [{"title": title, "link": address, "icon": icon} for title, address in links]


def _api_docs() -> list[tuple[str, str]]:
    try:
        resolve(API_DOCS)
    except Resolver404:
        return []
    return [("API", API_DOCS)]
