"""What holds in every conversation, whatever happened in it."""

from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache

from tests.scenarios.call import play
from tests.scenarios.seen import Line, Seen, Sound
from tests.scenarios.timeline import Announces, Drops, Saves, Timeline
from voice import wire
from voice.flight.record import entry_of
from voice.flight.replay import replay
from voice.text.words import same_words
from voice.turns import actions as do

Breaches = Iterator[str]
KNOWN_S = 0.05
"""After a save, until a session has read it."""


def breaches(seen: Seen) -> list[str]:
    """Everything that did not hold, in words; empty as it should be."""
    return [f"{check.__name__}: {breach}" for check in CHECKS for breach in check(seen)]


def no_audio_after_its_end(seen: Seen) -> Breaches:
    """Nor with an old number, nor before its start."""
    open_reply: int | None = None
    for line in seen.lines:
        match line.what:
            case Sound(reply=reply) if reply != open_reply:
                yield f"at {line.at:.3f} audio of {reply} while {open_reply} was open"
            case {"type": "reply_started", "reply": reply}:
                open_reply = reply
            case {"type": "interrupted" | "reply_ended", "reply": reply} if reply == open_reply:
                open_reply = None


def the_model_is_told_what_was_saved_last(seen: Seen) -> Breaches:
    """As soon as a session could know of it."""
    if seen.timeline.database.away:
        return
    saves = [step for step in seen.timeline.staff if isinstance(step, Saves)]
    for at, instructions in seen.instructed:
        due = [i for i, step in enumerate(saves) if step.is_told and step.at_s < at - KNOWN_S]
        allowed = [step.instructions for step in saves[due[-1] :]] if due else []
        if due and not any(text in instructions for text in allowed):
            yield f"at {at:.3f} the model was told {instructions!r}, not {allowed}"


def replies_are_numbered_in_order(seen: Seen) -> Breaches:
    numbers = [message["reply"] for message in seen.of("reply_started")]
    if numbers != sorted(set(numbers)):
        yield f"replies were numbered {numbers}"


def frames_have_no_gaps(seen: Seen) -> Breaches:
    """Nor do they come twice. Only what a dropped socket swallowed is missing."""
    reached: dict[int, int] = {}
    for line in seen.lines:
        if isinstance(line.what, Sound):
            sound = line.what
            if sound.sample != reached.get(sound.reply, 0):
                yield f"at {line.at:.3f} {sound} came after sample {reached.get(sound.reply, 0)}"
            reached[sound.reply] = sound.sample + sound.samples


def every_reply_ends_once(seen: Seen) -> Breaches:
    ended = [message["reply"] for message in seen.of("reply_ended")]
    for number in set(ended):
        if ended.count(number) > 1:
            yield f"reply {number} ended {ended.count(number)} times"
    for line in _of(seen, "reply_started"):
        number = line.what["reply"]  # type: ignore[index]
        if number not in ended and not _lost_its_socket(seen, line):
            yield f"reply {number}, started at {line.at:.3f}, never ended"


def interrupted_replies_end_soon(seen: Seen) -> Breaches:
    """Within 500 ms, or of the next socket where there was none (docs/protocol.md)."""
    for line in _of(seen, "interrupted"):
        number = line.what["reply"]  # type: ignore[index]
        ends = [at for at in seen.times("reply_ended", reply=number) if at >= round(line.at, 3)]
        sockets = [at for at in seen.times("session") if ends and line.at < at <= ends[0]]
        since = max((line.at, *sockets))
        if ends and ends[0] - since > 0.5:
            yield f"reply {number} ended {ends[0] - since:.3f} s after it was interrupted"


def what_was_heard_was_said(seen: Seen) -> Breaches:
    """heard_text begins as an answer does (or goes on as it did, where it resumes one), and is all
    of it unless it was cut, resumed or broke."""
    for message in seen.of("reply_ended"):
        number, heard = message["reply"], message["heard_text"].split()
        starts = seen.of("reply_started", reply=number)
        is_rest = not starts or "resumes" in starts[0]  # a socket that drops may swallow it
        if not any(_lies_in(heard, answer, is_rest=is_rest) for answer in _answers_of(seen)):
            yield f"of reply {number} {heard} was heard, which nobody said"


def replies_are_heard_to_their_end(seen: Seen) -> Breaches:
    """Unless they were cut, resumed or broke off."""
    resumed = {message.get("resumes") for message in seen.of("reply_started")}
    for message in seen.of("reply_ended", interrupted=False):
        number, heard = message["reply"], message["heard_text"].split()
        is_whole = any(answer.split()[-len(heard) :] == heard for answer in _answers_of(seen))
        is_excused = number in resumed or _losses(seen) or _broke_off(seen, number)
        if not (is_whole or is_excused):
            yield f"reply {number} ended by itself after {heard}"


def what_is_kept_was_heard(seen: Seen) -> Breaches:
    for message in seen.of("reply_ended"):
        row = seen.rows.replies.get(message["reply"])
        if row is None or row["text"] != message["heard_text"]:
            yield f"{message} is kept as {row}"


def nobody_talks_over_themselves(seen: Seen) -> Breaches:
    if seen.doubled_s:
        yield f"two replies were audible at once for {seen.doubled_s:.3f} s"


def every_duck_is_lifted(seen: Seen) -> Breaches:
    """A client whose socket drops lifts it by itself."""
    ducked: dict[int, float] = {}
    for line in seen.lines:
        match line.what:
            case {"type": "duck", "reply": reply}:
                ducked[reply] = line.at
            case {"type": "unduck" | "interrupted" | "reply_ended", "reply": reply}:
                ducked.pop(reply, None)
    for reply, since in ducked.items():
        if not any(at >= since for at in _losses(seen)):
            yield f"{reply} is ducked since {since:.3f}"


def every_turn_is_answered(seen: Seen) -> Breaches:
    """Or its failure is told, or the user took it back: spoke on, stopped, or went away."""
    for place, line in enumerate(seen.lines):
        if not _is_turn(line):
            continue
        turn = line.what["turn"]  # type: ignore[index]
        later = seen.lines[place + 1 :]
        is_answered = any(_answers(after, turn) for after in later)
        if not is_answered and not _took_back(seen, line.at):
            yield f"turn {turn}, taken at {line.at:.3f}, was not answered"


def replies_answer_what_was_said(seen: Seen) -> Breaches:
    """The model was asked just that before."""
    for logbook in seen.logbooks:
        said: dict[int, str] = {}
        for entry in logbook.entries:
            said |= {a.turn: a.text for a in entry.actions if isinstance(a, do.RecordTurn)}
            released = [a for a in entry.actions if isinstance(a, do.ReleaseReply)]
            for turn in [a.turn for a in released if a.source == "model" and a.turn in said]:
                if not any(same_words(text, said[turn]) for _, text in seen.asked):
                    yield f"turn {turn} ({said[turn]}) was answered; asked was {seen.asked}"


def a_resumed_reply_goes_on_where_it_was_heard(seen: Seen) -> Breaches:
    """Nothing is said twice and nothing is left out."""
    heard = {message["reply"]: message["heard_text"] for message in seen.of("reply_ended")}
    for start in seen.of("reply_started", source="resumed"):
        before, after = heard.get(start["resumes"]), heard.get(start["reply"])
        if before is None or after is None:
            continue
        words = f"{before} {after}".split()
        if not any(_lies_in(words, answer, is_rest=True) for answer in _answers_of(seen)):
            yield f"“{before}” went on as “{after}”"


def facts_are_kept_for_turns_that_were_taken(seen: Seen) -> Breaches:
    """A tool with an effect waits until the turn is certain."""
    taken = [at - seen.timeline.client.network_s for at, _ in seen.turns()]
    for at, fact in seen.rows.remembered:
        if not any(turn_at <= at + 0.001 for turn_at in taken) and not _losses(seen):
            yield f"{fact} was remembered at {at:.3f}; turns were taken at {taken}"


def it_listens_again(seen: Seen) -> Breaches:
    """After all has been quiet for a while; and the client was told."""
    for phase, shown in seen.at_rest:
        if phase != "listening" or shown != "listening":
            yield f"at rest it was {phase}, and showed {shown}"


def states_change_when_they_are_shown(seen: Seen) -> Breaches:
    """The same one twice in a row is no change."""
    before = None
    for line in seen.lines:
        match line.what:
            case {"type": "session"}:
                before = None
            case {"type": "state_change", "state": state}:
                if state == before:
                    yield f"at {line.at:.3f} {state} again"
                before = state


def the_record_replays(seen: Seen) -> Breaches:
    """Written down, read and fed to the machine, the events come to the same decisions."""
    for logbook in seen.logbooks:
        entries = [entry_of(line, number) for number, line in enumerate(logbook.lines()[1:], 2)]
        if entries != logbook.entries:
            yield "what was read is not what was written"
        different = [one for one in replay(entries, logbook.policy) if not one.is_same]
        if different:
            yield f"decided differently: {different[0]}"
        if not logbook.is_closed:
            yield "it was not closed"


def nothing_broke(seen: Seen) -> Breaches:
    """What was planned to fail is no mistake of ours."""
    yield from seen.mistakes


def nothing_works_at_rest(seen: Seen) -> Breaches:
    """Only what works in a call in which nothing was said."""
    for task, count in (seen.tasks_at_rest - _tasks_of_a_quiet_call()).items():
        yield f"{count} too many of {task}"


@cache
def _tasks_of_a_quiet_call() -> Counter[str]:
    return play(Timeline()).tasks_at_rest


def nothing_is_left(seen: Seen) -> Breaches:
    """Once it is over."""
    yield from seen.left


CHECKS: tuple[Callable[[Seen], Breaches], ...] = (
    no_audio_after_its_end,
    the_model_is_told_what_was_saved_last,
    replies_are_numbered_in_order,
    frames_have_no_gaps,
    every_reply_ends_once,
    interrupted_replies_end_soon,
    what_was_heard_was_said,
    replies_are_heard_to_their_end,
    what_is_kept_was_heard,
    nobody_talks_over_themselves,
    every_duck_is_lifted,
    every_turn_is_answered,
    replies_answer_what_was_said,
    a_resumed_reply_goes_on_where_it_was_heard,
    facts_are_kept_for_turns_that_were_taken,
    it_listens_again,
    states_change_when_they_are_shown,
    the_record_replays,
    nothing_broke,
    nothing_works_at_rest,
    nothing_is_left,
)


# --- pieces ---------------------------------------------------------------------------------------
def _answers_of(seen: Seen) -> tuple[str, ...]:
    """All that the assistant may say."""
    said = (step.text for step in seen.timeline.staff if isinstance(step, Announces))
    return (*seen.timeline.model.answers, seen.timeline.greeting, *said)


def _lies_in(heard: list[str], answer: str, *, is_rest: bool) -> bool:
    words = answer.split()
    places = range(len(words) + 1) if is_rest else range(1)
    return any(words[place : place + len(heard)] == heard for place in places)


def _of(seen: Seen, kind: str) -> list[Line]:
    return [
        line for line in seen.lines if isinstance(line.what, dict) and line.what["type"] == kind
    ]


def _lost_its_socket(seen: Seen, line: Line) -> bool:
    """What is sent while nobody is there is dropped."""
    return any(at >= line.at for at in _losses(seen))


def _broke_off(seen: Seen, reply: int) -> bool:
    """The user was told that something failed while it was being heard."""
    kinds = ("reply_started", "reply_ended")
    since, until = (seen.times(kind, reply=reply)[0] for kind in kinds)
    return any(since <= at <= until for at in seen.times("notice", code="no_answer"))


def _losses(seen: Seen) -> list[float]:
    drops = [at for at, what in seen.done if isinstance(what, Drops)]
    return [*drops, *(at for at, code in seen.closes if code != 1000)]


def _is_turn(line: Line) -> bool:
    match line.what:
        case {"type": "transcript_update", "role": "user", "is_final": True, "text": text}:
            return bool(text)
    return False


def _answers(line: Line, turn: int) -> bool:
    """A later turn stands for an earlier one: the same, longer, or what came instead."""
    match line.what:
        case {"type": "reply_started", "turn": answered}:
            return answered >= turn
        case {"type": "notice", "code": "no_answer"}:
            return True
    return _is_turn(line) and line.what["turn"] >= turn  # type: ignore[index]


def _took_back(seen: Seen, since: float) -> bool:
    """A stop that was on its way when the turn was shown counts too."""
    slack = 0.5
    stops = [at for at, what in seen.done if isinstance(what, wire.Interrupt | Drops | wire.End)]
    return any(at >= since - slack for at in stops if at < seen.hung_up_at) or any(
        at >= since for at in _losses(seen)
    )
