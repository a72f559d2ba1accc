"""A stranger with a phone does module 1, from a company's server with a strict policy and nothing beside it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from trustkit.cases.compile import compiled
from trustkit.cases.solve import solution_of
from trustkit.drills.bundle import drill_bundle
from trustkit.publish.serving import served

PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True, "device_scale_factor": 2}


@pytest.fixture
def phone(chromium: Browser, site: Path) -> Iterator[Page]:
    """A phone that has just opened the address; it may ask no other host, and nothing may go wrong."""
    with served(site, "/people/courses/trust/") as address:
        context = chromium.new_context(**PHONE)
        wrong = []
        context.on(
            "request", lambda asked: asked.url.startswith((address, "data:", "blob:")) or wrong.append(asked.url)
        )
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page = context.new_page()
        page.set_default_timeout(20_000)
        page.goto(address)
        yield page
        context.close()
        assert not wrong, wrong


def play(player: Locator, case: str) -> None:
    """Tap along the best path to the debrief."""
    player.locator(".tk-start").tap()
    for choice in solution_of(compiled(case)).best_path().choices:
        if player.locator(".tk-own-words-skip").count():
            player.locator(".tk-own-words-skip").tap()
        # Somebody reads before answering; two taps at once count as one.
        player.page.wait_for_timeout(600)
        player.locator(f".tk-choice[data-choice='{choice}']").tap()
    expect(player.locator(".tk-debrief")).to_be_visible()


def do(drill: Locator, name: str) -> None:
    """Tap the right answer of each item."""
    keys = {" ".join(item["text"].split()): item["key"] for item in drill_bundle(name)["items"]}
    drill.locator(".tk-start").tap()
    while drill.locator(".tk-item").count():
        text = " ".join(drill.locator(".tk-item-text").inner_text().split())
        drill.locator(f".tk-answer[data-answer='{keys[text]}']").tap()
        drill.locator(".tk-next").tap()
    expect(drill.locator(".tk-debrief")).to_be_visible()


def read(page: Page) -> None:
    """Stay at the end of the lesson until it counts as read."""
    page.locator(".tk-end").scroll_into_view_if_needed()
    expect(page.locator(".tk-end-standing")).to_contain_text("✓ read")


def test_a_stranger_does_module_one_on_a_phone(phone):
    def activity(name: str) -> Locator:
        return phone.locator(f"[data-activity='{name}']")

    phone.get_by_text("Read the course in English").tap()
    phone.locator(".tk-module-list a").first.tap()
    phone.get_by_role("link", name="1.1 What is customer trust?").first.tap()
    play(activity("fridge-failed-twice"), "fridge-failed-twice")
    do(activity("trust-or-not"), "trust-or-not")
    read(phone)

    phone.get_by_role("link", name="1.2 Head, heart, values").last.tap()
    play(activity("my-car-shrank"), "my-car-shrank")
    do(activity("which-trust-was-broken"), "which-trust-was-broken")
    read(phone)

    phone.get_by_role("link", name="1.3 The trust bank").last.tap()
    simulator = activity("trust-bank")
    simulator.locator(".tk-start").tap()
    simulator.locator("form[data-form=story-1] button.tk-submit").tap(timeout=90_000)
    expect(simulator.locator("form[data-form=story-2]")).to_be_visible()
    do(activity("trust-bank-concepts"), "trust-bank-concepts")
    read(phone)

    phone.get_by_role("link", name="1.4 Does trust pay").last.tap()
    do(activity("does-it-cause"), "does-it-cause")
    read(phone)

    phone.goto(phone.url.replace("1-4-does-trust-pay", "index"))
    standing = phone.locator(".tk-standing").all_inner_texts()
    assert [text.split(" · ")[0] for text in standing] == ["✓ read"] * 4, standing
    assert phone.evaluate("document.documentElement.scrollWidth") == PHONE["viewport"]["width"]
    phone.goto(phone.url.replace("01-what-trust-is/index", "passport"))
    expect(phone.locator(".tk-passport")).to_contain_text("The fridge that failed twice")
