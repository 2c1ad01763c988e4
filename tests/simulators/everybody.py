"""All vendors at once, as the settings of a site would name them."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from tests.simulators import tones
from tests.simulators.conduct import Conduct
from tests.simulators.front import Front
from tests.simulators.hearing import HUMAN
from tests.simulators.model import Calls, Reply, echo, no_calls
from tests.simulators.server import Simulator
from tests.simulators.speaking import Sound
from tests.simulators.vendors import KEY, SIMULATORS, simulator
from voice.providers.registry import PROVIDERS, Kind

ORDINARY = Conduct(first_item_s=0.2, item_s=0.03)
"""About as fast as the vendors are."""


@dataclass(frozen=True, slots=True)
class Everybody:
    by_name: dict[tuple[Kind, str], Simulator]
    settings: dict[str, str]
    """Keys and addresses, for the environment of a site."""


@asynccontextmanager
async def everybody(
    conduct: Conduct = ORDINARY,
    *,
    reply: Reply = echo,
    calls: Calls = no_calls,
    sound: Callable[[str], Sound] = lambda name: tones.sound,
    human: Sequence[str] = HUMAN,
) -> AsyncIterator[Everybody]:
    """Running. reply and calls: what every model says and asks for.
    sound: the voice of the provider of that name. human: what every ear hears people say."""
    async with AsyncExitStack() as stack:
        by_name = {}
        for kind, name in SIMULATORS:
            server = simulator(kind, name, reply=reply, calls=calls, sound=sound(name), human=human)
            by_name[kind, name] = await stack.enter_async_context(server)
            await server.behave(conduct)
        deepgram = await stack.enter_async_context(
            Front(
                {
                    "/v1/listen": by_name["stt", "deepgram"],
                    "/v2/listen": by_name["stt", "flux"],
                    "/v1/speak": by_name["tts", "deepgram"],
                }
            )
        )
        openai = await stack.enter_async_context(
            Front(
                {
                    "/v1/chat": by_name["llm", "openai"],
                    "/v1/audio": by_name["tts", "openai"],
                }
            )
        )
        yield Everybody(by_name, _settings(by_name, deepgram.url, f"{openai.url}/v1"))


def _settings(
    by_name: dict[tuple[Kind, str], Simulator], deepgram_url: str, openai_url: str
) -> dict[str, str]:
    found = {}
    for (kind, name), server in by_name.items():
        vendor = PROVIDERS[kind][name].vendor
        found[f"{vendor}_API_KEY"] = KEY
        found[f"{vendor}_BASE_URL"] = server.url
    return found | {"DEEPGRAM_BASE_URL": deepgram_url, "OPENAI_BASE_URL": openai_url}
