"""A session engine whose database does not answer."""

from typing import Any, NoReturn

from django.contrib.sessions.backends.base import SessionBase
from django.db import OperationalError


class SessionStore(SessionBase):
    def load(self) -> NoReturn:
        raise OperationalError("no route to db.internal")

    async def aload(self) -> dict[str, Any]:
        return self.load()
