"""Who gets a session: nobody while this process has no room for one more, or the user too many."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from voice.edge import notices
from voice.edge.notices import Refused
from voice.session import Ending, Session
from voice.store import Person


@dataclass(frozen=True, slots=True)
class Limits:
    sessions: int
    sessions_per_user: int


class Admission:
    def __init__(self, limits: Limits, sessions: Callable[[], list[Session]]) -> None:
        """sessions: those that run in this process."""
        self._limits = limits
        self._sessions = sessions
        self._arriving: list[int] = []
        """Users who are let in and have no session yet."""

    @contextmanager
    def place_for(self, person: Person) -> Iterator[None]:
        """Hold a place until the session is there. Raises Refused where there is no room."""
        self._admit(person)
        self._arriving.append(person.id)
        try:
            yield
        finally:
            self._arriving.remove(person.id)

    def _admit(self, person: Person) -> None:
        """Raises Refused where there is no room. Sessions whose socket is gone make room first."""
        sessions = self._sessions()
        theirs = [session for session in sessions if session.plan.person.id == person.id]
        arriving = self._arriving.count(person.id)
        connected = arriving + sum(session.line.connection is not None for session in theirs)
        if connected >= self._limits.sessions_per_user:
            raise Refused(notices.too_many_open(connected))
        if len(theirs) + arriving >= self._limits.sessions_per_user:
            _let_go(theirs)
        elif len(sessions) + len(self._arriving) >= self._limits.sessions and not _let_go(sessions):
            raise Refused(notices.BUSY)


def _let_go(sessions: list[Session]) -> bool:
    """End the first among these whose socket is gone."""
    for session in sessions:
        if session.line.connection is None and not session.is_ending:
            session.hang_up(Ending(notices.GONE))
            return True
    return False
