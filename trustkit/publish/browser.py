"""The real browser that checks and prints pages; where there is none, one sentence says how to get it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from trustkit.environment import find_chromium

if TYPE_CHECKING:
    from playwright.sync_api import Browser


class NoBrowser(Exception):
    """There is no Chromium on this machine; the message says how to get one."""


def need_browser(what: str) -> str:
    """Return the path of Chromium.

    Args:
        what: what needs it, as the beginning of a sentence, such as "The check opens the pages".

    Raises:
        NoBrowser: there is none here.
    """
    found = find_chromium()
    if found is None:
        raise NoBrowser(f"{what} with Chromium, and there is none here. Debian: apt install chromium")
    return found


@contextmanager
def chromium(what: str) -> Iterator[Browser]:
    """Run a Chromium for as long as the block runs.

    Args:
        what: what needs it, as for `need_browser`.

    Raises:
        NoBrowser: there is none here.
    """
    from playwright.sync_api import sync_playwright

    path = need_browser(what)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()
