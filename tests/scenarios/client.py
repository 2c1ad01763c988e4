"""A browser with a user in front of it, on virtual time: microphone, speaker, socket, buttons."""

import asyncio
from collections import deque
from collections.abc import Callable
from functools import partial

from django.db import OperationalError

from tests.scenarios.clock import sleep_until
from tests.scenarios.rows import CONVERSATION, PERSON
from tests.scenarios.seen import Line, Message, Seen, Sound
from tests.scenarios.sockets import Socket
from tests.scenarios.sound import FRAME_S, Microphone
from tests.scenarios.speaker import Speaker
from tests.scenarios.timeline import (
    Commits,
    Drops,
    Mutes,
    Says,
    Step,
    Stops,
    Timeline,
    Types,
)
from voice import wire
from voice.edge.notices import BROKEN, Refused
from voice.switchboard import Call, Switchboard

REPORT_EVERY_S = 0.25
HEARD_MS, HEARD_PART_MS = 2000.0, 10.0
"""What every reply is said to have been waited for, and what each part of that in the client is."""
BACKLOG_S = 15.0
BACKLOG_PACE = 4
"""Times as fast as real time."""
AGAIN_S = 1.0
"""Before it connects again where the server closed and did not say to stay away."""
RETRYABLE = (1011, 1012, 4503)

Act = Callable[[], None]


class Client:
    def __init__(
        self, timeline: Timeline, switchboard: Switchboard, seen: Seen, tasks: asyncio.TaskGroup
    ) -> None:
        self._timeline = timeline
        self._switchboard = switchboard
        self._seen = seen
        self._tasks = tasks
        self._loop = asyncio.get_running_loop()
        self._speaker = Speaker(timeline.client, seen)
        self._socket: Socket | None = None
        self._sockets = 0
        self.began_at = 0.0
        self._recorded: deque[bytes] = deque(maxlen=round(BACKLOG_S / FRAME_S))
        """While there is no socket, and until what was recorded then has been sent."""
        self._is_live = True
        self._has_hung_up = False
        self._measured: set[int] = set()
        """Replies that it says, or is to say, the latency of."""

    def now(self) -> float:
        """Since the timeline began."""
        return self._loop.time() - self.began_at

    async def join(self) -> None:
        """Have the first socket with its `session`: the timeline begins then."""
        await self._join()
        self.began_at = self._loop.time()

    async def run(self) -> None:
        """From the beginning of the timeline until the user has hung up."""
        work = [self._speak_into_microphone(), self._report_playback()]
        running = [self._tasks.create_task(coroutine) for coroutine in work]
        for at_s, act in self._script():
            await sleep_until(self.began_at + at_s)
            act()
        await sleep_until(self.began_at + self._timeline.hangs_up_s)
        await self._hang_up()
        for task in running:
            task.cancel()

    # --- what the user does ---------------------------------------------------------------------
    def _script(self) -> list[tuple[float, Act]]:
        script = [entry for step in self._timeline.user for entry in self._entries(step)]
        return sorted(script, key=lambda entry: entry[0])

    def _entries(self, step: Step) -> list[tuple[float, Act]]:
        match step:
            case Types(at_s, text):
                return [(at_s, partial(self._send, wire.Text(text)))]
            case Commits(at_s):
                return [(at_s, partial(self._send, wire.Commit()))]
            case Stops(at_s):
                return [(at_s, partial(self._send, wire.Interrupt()))]
            case Mutes(at_s, until_s):
                mute, unmute = wire.Mute(muted=True), wire.Mute(muted=False)
                return [(at_s, partial(self._send, mute)), (until_s, partial(self._send, unmute))]
            case Drops(at_s, back_s, noticed):
                back = [] if back_s is None else [(back_s, self._come_back)]
                return [(at_s, partial(self._drop, noticed=noticed)), *back]
        return []

    async def _hang_up(self) -> None:
        self._has_hung_up, self._seen.hung_up_at = True, self.now()
        if self._socket is not None:
            self._seen.at_rest.append((self._socket.phase(), self._seen.shown()))
        coroutines = (task.get_coro() for task in asyncio.all_tasks())
        self._seen.tasks_at_rest.update(coroutine.__qualname__ for coroutine in coroutines)
        self._send(wire.End())
        if self._socket is not None:
            await self._socket.closed.wait()

    def _send(self, message: wire.Inbound) -> None:
        self._seen.done.append((self.now(), message))
        self._put(message)

    def _drop(self, *, noticed: bool) -> None:
        self._seen.done.append((self.now(), Drops(self.now())))
        socket, self._socket = self._socket, None
        self._speaker.stop(self.now())
        if socket is not None:
            socket.drop(noticed=noticed)

    def _come_back(self) -> None:
        if self._socket is None and not self._has_hung_up:
            self._tasks.create_task(self._join())

    # --- the socket -----------------------------------------------------------------------------
    async def _join(self) -> None:
        number, self._sockets = self._sockets, self._sockets + 1
        socket = Socket(number, self._timeline.client.network_s, on_arrival=self._take)
        self._socket = socket
        conversation = CONVERSATION if number else None
        call = Call(PERSON, conversation, None, socket.connection)
        try:
            session, inbox = await self._switchboard.join(call)
        except (Refused, OperationalError) as error:
            refusal = error.error if isinstance(error, Refused) else BROKEN
            await socket.connection.close(int(refusal.code), refusal)
            return
        if socket.is_open:
            socket.serve(session, inbox, self._tasks)
            self._report()
            await self._catch_up(socket)

    def _put(self, message: wire.Inbound) -> None:
        if self._socket is not None:
            self._socket.put(message)

    def _take(self, socket: Socket, what: Message | Sound | int) -> None:
        """From the server; a number is the code of a close."""
        if socket is not self._socket:
            return
        now = self.now()
        if isinstance(what, int):
            self._seen.closes.append((now, what))
            self._speaker.stop(now)
            self._socket = None
            if what in RETRYABLE:
                self._loop.call_later(AGAIN_S, self._come_back)
            return
        self._seen.lines.append(Line(now, socket.number, what))
        if isinstance(what, Sound):
            self._speaker.take(what, now)
            self._measure(what.reply)
        elif what["type"] == "interrupted":
            self._speaker.stop(now, what["reply"])
            self._report()

    # --- microphone and speaker -----------------------------------------------------------------
    async def _speak_into_microphone(self) -> None:
        lines = [step for step in self._timeline.user if isinstance(step, Says)]
        microphone, index = Microphone(lines), 0
        while index * FRAME_S < self._timeline.microphone_off_s:
            await sleep_until(self.began_at + (index + 1) * FRAME_S)
            frame, index = microphone.frame(index), index + 1
            if self._socket is not None and self._socket.is_served and self._is_live:
                self._put(wire.MicAudio(frame))
            else:
                self._is_live = False
                self._recorded.append(frame)

    async def _catch_up(self, socket: Socket) -> None:
        """Send what was recorded meanwhile, faster than it was spoken."""
        if self._is_live:
            return
        socket.put(wire.Backlog(len(self._recorded) * FRAME_S * 1000))
        while self._recorded and socket is self._socket:
            socket.put(wire.MicAudio(self._recorded.popleft()))
            await asyncio.sleep(FRAME_S / BACKLOG_PACE)
        if socket is self._socket:
            socket.put(wire.Live())
            self._is_live = True

    async def _report_playback(self) -> None:
        while True:
            await asyncio.sleep(REPORT_EVERY_S)
            self._report()

    def _measure(self, reply: int) -> None:
        heard_s = self._timeline.client.heard_s
        if heard_s is not None and reply not in self._measured:
            self._measured.add(reply)
            heard = wire.Heard(reply, HEARD_PART_MS, HEARD_PART_MS, HEARD_PART_MS, HEARD_MS)
            self._loop.call_later(heard_s, self._put, heard)

    def _report(self) -> None:
        if not self._timeline.client.reports:
            return
        for reply, played_ms, underruns in self._speaker.reports(self.now()):
            self._put(wire.Playback(reply, played_ms, underruns))
