"""Addresses below /dashboard/. The WebSocket: dashboard/routing.py."""

from django.urls import path

from dashboard.pages import conversations, figures, flights, providers, sessions, steering

urlpatterns = [
    path("", figures.figures, name="dashboard"),
    path("providers/<str:stage>/<str:name>", providers.switch, name="dashboard_provider"),
    path("sessions", sessions.sessions, name="dashboard_sessions"),
    path("sessions/<uuid:conversation_id>", sessions.session, name="dashboard_session"),
    path("sessions/<uuid:conversation_id>/say", steering.say, name="dashboard_say"),
    path("sessions/<uuid:conversation_id>/end", steering.end, name="dashboard_end"),
    path("sessions/<uuid:conversation_id>/note", steering.note, name="dashboard_note"),
    path("sessions/<uuid:conversation_id>/context", steering.context, name="dashboard_context"),
    path("agents/<int:agent_id>/applied", sessions.applied, name="dashboard_applied"),
    path(
        "conversations/<uuid:conversation_id>",
        conversations.conversation,
        name="dashboard_conversation",
    ),
    path(
        "conversations/<uuid:conversation_id>/flight/<uuid:session_id>",
        flights.flight,
        name="dashboard_flight",
    ),
]
