"""A person at a real browser, in front of the course that was really started."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, Request


@pytest.fixture
def page(chromium: Browser, course) -> Iterator[Page]:
    """A page of somebody who opened the printed address; nothing may ever ask another host or raise an error."""
    context = chromium.new_context(viewport={"width": 1280, "height": 900}, locale="en-GB", accept_downloads=True)
    faults = []

    def watch(request: Request) -> None:
        if not request.url.startswith((course.base, "data:", "blob:", "ws://127.0.0.1")):
            faults.append(f"asked another host: {request.url}")

    context.on("request", watch)
    context.on("weberror", lambda error: faults.append(f"script error: {error.error}"))
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(course.address)
    yield page
    context.close()
    assert faults == []


@pytest.fixture
def tab_to(page: Page) -> Callable[[str], None]:
    """Presses Tab until the keyboard is at the first element that a selector names."""

    def press(selector: str) -> None:
        for _ in range(300):
            if page.evaluate("selector => document.activeElement?.matches(selector)", selector):
                return
            page.keyboard.press("Tab")
        raise AssertionError(f"the keyboard does not get to {selector}")

    return press
