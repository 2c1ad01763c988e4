"""The one door from the voice to the database.

What can wait for the database does, on threads of its own (`threads`); nobody holds the event loop.
"""

from conversations.cache import Answer, Given, Sentence, Spoken
from conversations.embeddings import warm_up
from conversations.memory import PastTurn, Recalled
from conversations.selectors import NotYours
from voice.store.answers import (
    count_hit,
    drop_answer,
    keep_answer,
    keep_audio,
    voice_key,
)
from voice.store.contexts import context_of, versions
from voice.store.measures import keep_measures, prune_measures
from voice.store.opening import NoSuchAgent, NotForThem, open_conversation, reopen_session
from voice.store.people import is_revoked, keep_pause, person_of_login, person_of_token
from voice.store.recollecting import Recollection, may_be_repeated, recollect
from voice.store.recording import (
    close_session,
    end_conversation,
    mark_broken_off,
    record_metrics,
    record_reply,
    record_user_turn,
)
from voice.store.remembered import forget, recall, remember
from voice.store.values import WAITING_TURNS, AgentContext, Opened, OwnContext, Person, Said

__all__ = [
    "WAITING_TURNS",
    "AgentContext",
    "Answer",
    "Given",
    "NoSuchAgent",
    "NotForThem",
    "NotYours",
    "Opened",
    "OwnContext",
    "PastTurn",
    "Person",
    "Recalled",
    "Recollection",
    "Said",
    "Sentence",
    "Spoken",
    "close_session",
    "context_of",
    "count_hit",
    "drop_answer",
    "end_conversation",
    "forget",
    "is_revoked",
    "keep_answer",
    "keep_audio",
    "keep_measures",
    "keep_pause",
    "mark_broken_off",
    "may_be_repeated",
    "open_conversation",
    "person_of_login",
    "person_of_token",
    "prune_measures",
    "recall",
    "recollect",
    "record_metrics",
    "record_reply",
    "record_user_turn",
    "remember",
    "reopen_session",
    "versions",
    "voice_key",
    "warm_up",
]
