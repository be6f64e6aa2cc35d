"""A real browser, found on this machine: Chromium, driven without a window."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Browser, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "microsoft-edge")


class NoBrowserError(RuntimeError):
    """There is no browser here; the text says what to install."""


def find() -> str:
    """The path of a browser; raises `NoBrowserError` when there is none."""
    for name in NAMES:
        if path := shutil.which(name):
            return path
    sentence = (
        f"No browser is on PATH (looked for {', '.join(NAMES)}): install Chromium, "
        "on Debian or Ubuntu `sudo apt-get install chromium`, on macOS `brew install chromium`."
    )
    raise NoBrowserError(sentence)


@contextmanager
def browsing() -> Iterator[Browser]:
    """A browser for the length of a block. No sandbox: root in a container may not have one, and it sees only us."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=find(), args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        )
        try:
            yield browser
        finally:
            browser.close()
