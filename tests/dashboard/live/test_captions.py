from typing import Any

from dashboard.live.captions import thing_of


def caption(role: str, **fields: Any) -> dict[str, Any]:
    return {"type": "transcript_update", "role": role, "text": "…", "is_final": False, **fields}


def test_a_longer_caption_takes_the_place_of_the_one_before():
    once, again = caption("user", turn=3), caption("user", turn=3, text="longer", is_final=True)

    assert thing_of(once) == thing_of(again)


def test_each_turn_and_each_reply_has_a_place_of_its_own():
    messages = [
        caption("user", turn=3),
        caption("user", turn=4),
        caption("assistant", turn=3, reply=4),
        caption("assistant", turn=3, reply=5),
        {"type": "state_change", "state": "speaking"},
    ]

    assert len({thing_of(message) for message in messages}) == len(messages)
