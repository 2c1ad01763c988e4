"""The Chromium that browser tests drive: the system's, else Playwright's, else one is installed.

`python -m tests.browser.chromium` (part of `make test`) makes sure of it, and fails with the
command to type where it may not install: browser tests are never skipped in silence.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC_APPLICATIONS = (
    Path("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"),
    Path("/Applications/Chromium.app/Contents/MacOS/Chromium"),
)
PLAYWRIGHT_INSTALL = (sys.executable, "-m", "playwright", "install", "chromium")


def find() -> str | None:
    """The path of a Chromium. The variable CHROMIUM names another than the first found."""
    if named := os.environ.get("CHROMIUM"):
        return named
    for candidate in (*map(shutil.which, NAMES), *MAC_APPLICATIONS):
        if candidate and Path(candidate).exists():
            return str(candidate)
    own = _playwrights_own()
    return own if Path(own).exists() else None


def _playwrights_own() -> str:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        return playwright.chromium.executable_path


def install_commands(*, root: bool, has_apt: bool) -> list[Sequence[str]]:
    """What to run, one after the other, until there is a Chromium."""
    debian = [("apt-get", "update", "-qq"), ("apt-get", "install", "-y", "-qq", "chromium")]
    return [*(debian if root and has_apt else ()), PLAYWRIGHT_INSTALL]


def main() -> None:
    for command in install_commands(root=os.geteuid() == 0, has_apt=bool(shutil.which("apt-get"))):
        if find():
            break
        print("No Chromium yet:", *command, flush=True)
        subprocess.run(command, stdout=subprocess.DEVNULL, timeout=900)
    found = find()
    if found is None:
        sys.exit(
            "The browser tests need a Chromium and none could be installed. Type one of: "
            f"sudo apt-get install chromium; {' '.join(PLAYWRIGHT_INSTALL)}; "
            "or set CHROMIUM to the path of one."
        )
    print(f"Chromium: {found}")


if __name__ == "__main__":
    main()
