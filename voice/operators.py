"""What operators do to one session: change what its agent is told, speak in it, look on, end it."""

from collections.abc import Callable

from voice.edge import notices
from voice.edge.watching import Watching
from voice.floor import Floor
from voice.listening import Listening
from voice.replying.replies import Replies
from voice.runtime import Runtime
from voice.steering import WATCH_S, Change
from voice.turns.events import SayAsked
from voice.turns.state import Phase
from voice.updates import Update, Updates
from voice.wire import ContextUpdated, StateChange


class Operators:
    """Made with the session, on its event loop. `decided` and `apply` are called by what decides
    and performs, the rest by `voice.dispatch`, from when the session runs on."""

    def __init__(
        self,
        runtime: Runtime,
        *,
        floor: Floor,
        replies: Replies,
        listening: Listening,
        watching: Watching,
        hang_up: Callable[[], None],
    ) -> None:
        self._runtime = runtime
        self._floor = floor
        self._replies = replies
        self._listening = listening
        self._watching = watching
        self._hang_up = hang_up
        self._phase = floor.state.phase
        self._updates = Updates(
            runtime,
            phase=lambda: floor.state.phase,
            policy=lambda: floor.policy,
            on_applied=self._applied,
        )

    def context_changed(self, change: Change) -> None:
        """What some agent or conversation is told is stored anew."""
        plan = self._runtime.plan
        agent, conversation = plan.context.agent.id, plan.opened.conversation
        if agent == change.agent or conversation == change.conversation:
            self._updates.changed(change)

    @property
    def is_updating(self) -> bool:
        """Another context waits until nobody has the floor."""
        return self._updates.is_waiting

    def say(self, text: str) -> None:
        """Have this said as soon as the user lets it."""
        self._floor.emit(SayAsked(self._runtime.clock.now(), text))

    def end(self) -> None:
        """Hang up, as the user would, and tell them so."""
        self._runtime.tell(notices.ENDED_BY_OPERATOR)
        self._hang_up()

    def watch(self, channel: str) -> None:
        """Send what is said to this channel of the layer for WATCH_S from now on."""
        self._watching.add(channel, WATCH_S)
        self._watching.offer(StateChange(state=self._floor.state.phase.shown_as))

    # --- between two replies --------------------------------------------------------------------
    def apply(self) -> None:
        """The model is about to be asked: what is newer is in force."""
        self._updates.apply()

    def decided(self) -> None:
        """Another event was dealt with."""
        before, self._phase = self._phase, self._floor.state.phase
        if self._phase is not before and self._phase in (Phase.LISTENING, Phase.HEARING):
            self._updates.check()
        self._updates.apply_between_turns()

    def _applied(self, update: Update) -> None:
        """Another context is in force."""
        self._replies.steer()
        self._listening.steer()
        self._runtime.on_change()
        agent, own = update.agent, update.own
        self._runtime.tell(
            ContextUpdated(version=agent.version, own_version=own.version, by=update.by)
        )
