from django.contrib.auth.views import LogoutView
from django.urls import path

from conversations.views import account, conversations, login, memory

urlpatterns = [
    path("signup/", login.sign_up, name="signup"),
    path("login/", login.LogIn.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("password/", login.ChangePassword.as_view(), name="password_change"),
    path("password/done/", login.PasswordChanged.as_view(), name="password_change_done"),
    path("account/", account.account, name="account"),
    path("account/data.json", account.data, name="account_data"),
    path("account/delete", account.delete, name="account_delete"),
    path("memory/", memory.known, name="memory"),
    path("memory/switch", memory.switch, name="memory_switch"),
    path("memory/forget", memory.forget_everything, name="memory_forget_everything"),
    path("memory/<int:memory_id>/correct", memory.correct, name="memory_correct"),
    path("memory/<int:memory_id>/pin", memory.pin, name="memory_pin"),
    path("memory/<int:memory_id>/forget", memory.forget, name="memory_forget"),
    path("conversations/", conversations.conversations, name="conversations"),
    path("conversations/<uuid:conversation_id>/", conversations.conversation, name="conversation"),
    path(
        "conversations/<uuid:conversation_id>/transcript.<str:form>",
        conversations.transcript,
        name="transcript",
    ),
    path(
        "conversations/<uuid:conversation_id>/delete",
        conversations.delete,
        name="conversation_delete",
    ),
]
