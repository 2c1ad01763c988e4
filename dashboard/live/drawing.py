"""What a page is told of what the reader saw. Pure."""

from collections.abc import Mapping
from typing import Any, assert_never

from dashboard.live import figures
from dashboard.live.sessions import Acks, applied, sessions
from dashboard.live.sight import Sight
from dashboard.live.topics import Applied, Figures, Sessions, Topic


def drawn(topic: Topic, sight: Sight, acks: Acks) -> Mapping[str, Any]:
    """The whole state of the topic: a page needs nothing of what it was told before."""
    common = {"at": sight.at, "problems": list(sight.problems)}
    match topic:
        case Figures(span):
            return common | figures.of_sight(span, sight)
        case Sessions():
            return common | {"sessions": sessions(sight.running, acks)}
        case Applied(agent):
            stored = sight.versions.get(agent)
            return common | applied(agent, stored, sight.running, acks)
    assert_never(topic)


def shows_acks(topic: Topic) -> bool:
    """Whether an acknowledgement changes it."""
    return not isinstance(topic, Figures)
