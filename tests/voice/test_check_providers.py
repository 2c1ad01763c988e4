import asyncio
from io import StringIO
from threading import Thread

import pytest
from django.core.management import CommandError, call_command

from tests.simulators.chat import ChatSimulator
from tests.simulators.conduct import Conduct, Fault

KEY = "gsk-secret-0123456789"


@pytest.fixture
def groq(settings):
    """A simulated Groq on a loop of its own, since the command runs one itself."""
    loop, simulator = asyncio.new_event_loop(), ChatSimulator()
    thread = Thread(target=loop.run_forever)
    thread.start()

    def on_loop(work):
        return asyncio.run_coroutine_threadsafe(work, loop).result(10)

    on_loop(simulator.__aenter__())
    settings.STT_CHAIN = settings.TTS_CHAIN = ["offline"]
    settings.LLM_CHAIN = ["groq", "openai", "offline"]
    settings.PROVIDERS = settings.PROVIDERS | {
        "GROQ_API_KEY": KEY,
        "GROQ_BASE_URL": simulator.url,
        "OPENAI_API_KEY": "",
    }
    yield lambda conduct: on_loop(simulator.behave(conduct))
    on_loop(simulator.__aexit__(None, None, None))
    loop.call_soon_threadsafe(loop.stop)
    thread.join()
    loop.close()


def check(*names: str) -> str:
    out = StringIO()
    call_command("check_providers", *names, stdout=out)
    return out.getvalue()


def test_each_provider_is_asked_and_says_how_long_it_took(groq):
    said = check()

    assert "think   groq/openai/gpt-oss-20b@127.0.0.1" in said
    assert "left out: no key or address" in said
    assert said.count(" ms") == 4


def test_a_wrong_key_is_named_and_not_shown(groq):
    groq(Conduct(Fault.UNAUTHORISED))
    out = StringIO()

    with pytest.raises(CommandError, match="1 of 1 providers did not answer"):
        call_command("check_providers", "groq", stdout=out)

    assert "check GROQ_API_KEY" in out.getvalue()
    assert KEY not in out.getvalue()


def test_a_name_that_is_in_no_chain_is_refused(groq):
    with pytest.raises(CommandError, match="without a key: openai"):
        check("openai")
