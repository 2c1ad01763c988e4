"""What users and the authors of clients are told when something goes wrong, and what to do then.

An Error whose code is a number goes before a close with that code (docs/protocol.md).
"""

from collections.abc import Mapping

from voice.wire import Error, Notice

HUNG_UP, GONE, BAD_REQUEST, FAULT, RESTARTING = 1000, 1006, 1008, 1011, 1012
NOT_LOGGED_IN, FORBIDDEN, NOT_FOUND = 4401, 4403, 4404
TAKEN_OVER, TOO_MANY, DRAINING = 4409, 4429, 4503
RETRY_AFTER_S = 5.0


class Refused(Exception):
    """The socket is not let in. The error says why; its code is the close code."""

    def __init__(self, error: Error) -> None:
        super().__init__(error.message)
        self.error = error


def final(code: int, message: str) -> Error:
    """The client stays away."""
    return Error(code=code, message=message, retryable=False)


def passing(code: int, message: str, *, retry_after_s: float | None = None) -> Error:
    """The client connects again."""
    return Error(code=code, message=message, retryable=True, retry_after_s=retry_after_s)


ELSEWHERE = final(TAKEN_OVER, "This conversation goes on in another window.")
NOT_YOURS = final(FORBIDDEN, "This conversation is not yours.")
WRONG_ID = final(FORBIDDEN, "A conversation's id is a UUID, or “new”.")
WRONG_ORIGIN = final(FORBIDDEN, "This page may not connect here: its origin is another site.")
WRONG_TOKEN = final(NOT_LOGGED_IN, "This token is not valid, or over. Get a new one.")
NO_LOGIN = final(NOT_LOGGED_IN, "Please log in.")
REVOKED = final(NOT_LOGGED_IN, "You were logged out. Please log in again.")
NOT_FOR_YOU = final(FORBIDDEN, "This agent is not for you.")
MALFORMED = final(BAD_REQUEST, "Too many malformed messages.")
BROKEN = passing(FAULT, "Something broke on our side. Connecting again.")
STALLED = passing(FAULT, "Your browser stopped playing. Connecting again.")
RESTART = passing(RESTARTING, "The server is restarting. Connecting again.")
CLOSED_DOOR = passing(DRAINING, "The server is restarting.", retry_after_s=RETRY_AFTER_S)
BUSY = passing(TOO_MANY, "All lines are busy.", retry_after_s=RETRY_AFTER_S)
TOO_FAST = passing(
    TOO_MANY,
    "This client sends faster than anybody speaks. Send 20 ms of sound every 20 ms.",
    retry_after_s=RETRY_AFTER_S,
)


def no_such_agent(slug: str | None) -> Error:
    return final(NOT_FOUND, f"There is no agent called “{slug}”.")


def too_many_open(count: int) -> Error:
    message = f"You have {count} conversations open. Hang one up and try again."
    return passing(TOO_MANY, message, retry_after_s=RETRY_AFTER_S)


NO_ANSWER = Notice(
    level="error",
    code="no_answer",
    text="I could not answer that. Please say it again, or type it.",
)
DEAF = Notice(
    level="warning",
    code="stt_down",
    text="I cannot hear you just now and am trying to mend it. You can type meanwhile.",
)
MUTE = Notice(
    level="warning",
    code="tts_down",
    text="I cannot speak just now and am trying to mend it. You can read what I say meanwhile.",
)
NOT_KEPT = Notice(
    level="error",
    code="not_recorded",
    text="The transcript cannot be saved just now. We can go on talking.",
)
ENDED_BY_OPERATOR = Notice(
    level="info", code="ended_by_operator", text="The conversation was ended by an operator."
)
NO_EAR = Notice(
    level="warning",
    code="no_stt",
    text="No speech recognition is set up here, so I cannot hear you. You can type.",
)
NO_VOICE = Notice(
    level="warning",
    code="no_tts",
    text="No voice is set up here, so you can only read what I say.",
)


def of_chain(chain: Mapping[str, list[str]]) -> list[Notice]:
    """What the user should know about the providers that there are."""
    missing = {"stt": NO_EAR, "tts": NO_VOICE}
    return [notice for stage, notice in missing.items() if not chain[stage]]
