"""A whole call, its flight record, and `manage.py replay`."""

from io import StringIO

from django.core.management import call_command

from tests.scenarios.call import play
from tests.scenarios.timeline import Model, Says, Timeline, Types


def test_the_record_of_a_call_is_decided_the_same_again(tmp_path):
    user = (
        Says(0.96, 1.92, "what time is it"),
        Says(4.0, 5.0, "no wait stop"),
        Types(8.0, "go on"),
    )
    seen = play(Timeline(user, model=Model(("One two three four five. Six seven.", "Yes."))))
    file, out = tmp_path / "flight.jsonl", StringIO()
    file.write_text("\n".join(seen.logbooks[0].lines()) + "\n")

    call_command("replay", str(file), "--verbose", stdout=out)

    assert "decided as recorded." in out.getvalue()
    assert "→ InterruptReply" in out.getvalue()
    assert "TextTyped text='go on'" in out.getvalue()
