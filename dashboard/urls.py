"""Addresses of what shows how the program is doing, and of the API."""

from django.urls import include, path

from dashboard.api import application

urlpatterns = [
    path("dashboard/", include("dashboard.pages.urls")),
    path("", application.urls()),
]
