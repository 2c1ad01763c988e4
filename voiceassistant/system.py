"""Which systems this runs on. The README lists the same."""

import platform
import sys

from voiceassistant.problems import CannotStart

PYTHONS = ((3, 11), (3, 12), (3, 13))
SYSTEMS = {"Linux": ("x86_64", "aarch64"), "Darwin": ("arm64",)}
"""torch and onnxruntime have no builds for Macs with Intel processors any more."""


def check() -> None:
    problem = unsupported(sys.version_info[:2], platform.system(), platform.machine())
    if problem:
        raise CannotStart(problem)


def unsupported(python: tuple[int, int], system: str, machine: str) -> str | None:
    """The sentence about a system that is not on the list; None for one that is."""
    if python not in PYTHONS:
        wanted = f"{_version(PYTHONS[0])} to {_version(PYTHONS[-1])}"
        return f"This is Python {_version(python)}, and Python {wanted} is needed."
    if machine not in SYSTEMS.get(system, ()):
        listed = "; ".join(f"{name} on {' or '.join(kinds)}" for name, kinds in SYSTEMS.items())
        return f"{system} on {machine} is not supported. Supported are: {listed}."
    return None


def _version(python: tuple[int, int]) -> str:
    return ".".join(map(str, python))
