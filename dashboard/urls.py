"""Addresses of what shows how the program is doing."""

from django.urls import path

from dashboard import views

urlpatterns = [
    path("health", views.health, name="health"),
    path("providers", views.providers, name="providers"),
]
