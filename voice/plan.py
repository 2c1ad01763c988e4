"""What one session is made of: who talks, to whom, and which providers serve them."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from voice.audio.smart_turn import TurnModel
from voice.context import Context
from voice.live import LiveSessions
from voice.providers.failover.hearing import HearingChain
from voice.providers.failover.speaking import SpeakingChain
from voice.providers.protocols import Search
from voice.steering import Ack, acknowledge
from voice.store import Opened, Person
from voice.turns.policy import Policy


@dataclass(frozen=True, slots=True)
class Plan:
    person: Person
    opened: Opened
    """How the conversation stood when the session was made."""
    context: Context
    """What its agent is told now."""
    stt: HearingChain
    tts: SpeakingChain
    chain: Mapping[str, list[str]]
    """Names of the providers in force, per stage, as `session` shows them."""
    live: LiveSessions
    owner: str
    """Names this process."""
    resume_window_s: float
    playout_lead_ms: float
    policy: Policy
    cleans_for_ear: bool = False
    """The ear gets the cleaned sound, too."""
    cancels_echo: bool = False
    """Where an echo is heard, it is taken out of the sound; elsewhere it is only recognised."""
    turn_model: TurnModel | None = None
    """Hears in the voice whether a turn is over."""
    recall_s: float = 0.05
    """A reply waits no longer for what is remembered, and for an answer that was given before."""
    search: Search | None = None
    """Looks things up on the web."""
    acknowledge: Callable[[Ack], Awaitable[None]] = acknowledge
    """Told each time that another context is in force."""
