from django.contrib.auth.views import LogoutView
from django.urls import path

from conversations import views

urlpatterns = [
    path("signup/", views.sign_up, name="signup"),
    path("login/", views.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", views.ChangePassword.as_view(), name="password_change"),
    path("password/done/", views.PasswordChanged.as_view(), name="password_change_done"),
    path("auth/token", views.auth_token, name="auth_token"),
    path("conversations/", views.conversations, name="conversations"),
    path("conversations/<uuid:conversation_id>/", views.conversation, name="conversation"),
    path(
        "conversations/<uuid:conversation_id>/transcript.<str:form>",
        views.transcript,
        name="transcript",
    ),
    path("conversations/<uuid:conversation_id>/delete", views.delete, name="conversation_delete"),
]
