"""All addresses of the site, by room. Sockets: voice/routing.py."""

from django.contrib import admin
from django.urls import include, path

from voice import views

urlpatterns = [
    path("", views.talk, name="talk"),
    path("", include("conversations.urls")),
    path("", include("dashboard.urls")),
    path("admin/", admin.site.urls),
]
