"""All addresses of the site, by room. Sockets: voice/routing.py."""

from django.contrib import admin
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.templatetags.static import static
from django.urls import include, path

from voice import views


def favicon(request: HttpRequest) -> HttpResponseBase:
    """Asked for by browsers on pages that name none, such as the admin's."""
    return redirect(static("icons/favicon.svg"))


urlpatterns = [
    path("favicon.ico", favicon),
    path("", views.talk, name="talk"),
    path("", include("conversations.urls")),
    path("", include("dashboard.urls")),
    path("admin/", admin.site.urls),
]
