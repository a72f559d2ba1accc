"""The first page leads on: to a customer at once, to the place where somebody left, and to what is still missing."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from trustkit.attempts.record import parse_attempts
from trustkit.publish.serving import served

LESSON = "en/01-what-trust-is/1-1-customer-trust.html"
MODULE = "en/01-what-trust-is/index.html"
CASE = "the-vanished-review"


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    """The published course on a server with a strict policy."""
    with served(site) as address:
        yield address


@pytest.fixture
def visit(chromium: Browser, address: str) -> Iterator[Callable[..., Page]]:
    """Opens a page in a browser that has never seen the course; nothing may go wrong in a script."""
    contexts, wrong = [], []

    def open_(name: str, **options: object) -> Page:
        context = chromium.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
        contexts.append(context)
        context.on("weberror", lambda error: wrong.append(str(error.error)))
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(address + name)
        return page

    yield open_
    for context in contexts:
        context.close()
    assert not wrong, wrong


def read_to_the_end(page: Page) -> None:
    """Scroll to the end of a lesson and stay there."""
    page.locator(".tk-end").scroll_into_view_if_needed()
    expect(page.locator(".tk-end-standing")).to_contain_text("✓ read")


@pytest.mark.parametrize("edition", ["en", "zh"])
def test_without_a_script_the_first_page_is_whole(visit, edition):
    page = visit(f"{edition}/index.html", java_script_enabled=False)
    expect(page.locator(".tk-hero a.sd-btn")).to_have_attribute(
        "href", "01-what-trust-is/1-1-customer-trust.html#talk-to-a-customer"
    )
    expect(page.locator(".tk-module-list > li")).to_have_count(12)
    assert page.locator(".tk-module-list > li").first.locator(".tk-card-facts").inner_text()[0] == "4"
    expect(page.locator(".tk-paths .tk-path-length")).to_have_count(3)
    assert page.locator(".tk-go-on").count() == 0


def test_somebody_new_is_not_told_of_progress(visit):
    page = visit("en/index.html")
    expect(page.get_by_role("link", name="Talk to a customer now")).to_be_visible()
    page.wait_for_function("document.querySelector('.tk-standing')")
    assert page.locator(".tk-go-on").count() == 0
    assert "".join(page.locator(".tk-module-list .tk-standing").all_inner_texts()) == ""


def test_a_lesson_that_was_only_opened_is_where_one_goes_on(visit, address):
    page = visit(LESSON)
    page.goto(f"{address}en/index.html")
    go_on = page.get_by_role("region", name="Continue where you left")
    expect(go_on.get_by_role("link", name="1.1 What is customer trust?")).to_be_visible()
    expect(go_on).to_contain_text("0 of 58 lessons read")


def test_a_lesson_read_to_its_end_leads_to_the_next_one_and_is_told_in_words_everywhere(visit, address):
    page = visit(LESSON)
    read_to_the_end(page)
    expect(page.locator(".tk-end-standing")).to_contain_text("0 of 2 activities passed")
    expect(page.locator("nav.bd-links a.current")).to_contain_text("✓ (read)")
    page.goto(address + MODULE)
    expect(page.locator(".tk-standing[data-lesson='1.1']")).to_contain_text("read · 0 of 2 activities passed")
    expect(page.locator(".tk-standing[data-lesson='1.2']")).to_contain_text("not read yet")
    expect(page.locator(".tk-go a")).to_have_text("Continue: 1.2 Head, heart, values")
    page.goto(f"{address}en/index.html")
    expect(page.locator(".tk-go-on")).to_contain_text("1 of 58 lessons read")
    expect(page.locator(".tk-standing[data-module='1']")).to_contain_text("1 of 4 lessons read")
    page.locator(".tk-go-on").get_by_role("link", name="1.2 Head, heart, values").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("1.2 Head, heart, values")
    page.goto(f"{address}zh/index.html")
    expect(page.locator(".tk-go-on")).to_contain_text("读完 1 / 58 课")


def test_a_conversation_that_was_left_goes_on_where_it_was(visit, address):
    page = visit(f"en/case-room/{CASE}.html")
    page.locator(".tk-start").click()
    page.locator(".tk-choice").first.click()
    expect(page.locator(".tk-customer")).to_have_count(2)
    said = page.locator(".tk-log").inner_text()
    page.goto(f"{address}en/index.html")
    page.locator(".tk-go-on").get_by_role("link", name="Unfinished conversation").click()
    expect(page.locator(".tk-log")).to_be_visible()
    assert page.locator(".tk-log").inner_text() == said


def pass_a_drill(page: Page) -> None:
    """Leave a passed drill of the first lesson in this browser."""
    record = {
        "schema": 1, "id": "a" * 16, "kind": "drill", "activity": "trust-or-not", "content": "0123456789abcdef",
        "lang": "en", "variant": "base", "seed": 1, "learner": "p-1234", "host": "page",
        "started_at": "2026-01-01T10:00:00Z", "finished_at": "2026-01-01T10:05:00Z",
        "steps": [{"at": 1, "item": "one", "answer": "trust"}],
        "result": {"right": 12, "of": 12, "passed": True, "red_lines": []}, "options": {"low_pressure": False},
    }  # fmt: skip
    kept = {"version": 1, "current": None, "attempts": [record], "unsent": [], "missed": {}, "shown": {}}
    page.evaluate("kept => localStorage.setItem('trustkit:v1:trust-or-not', kept)", json.dumps(kept))


def test_all_progress_moves_to_another_browser_in_one_file_that_trainers_can_read_too(visit, address, tmp_path):
    page = visit(LESSON)
    read_to_the_end(page)
    pass_a_drill(page)
    page.goto(f"{address}en/passport.html")
    with page.expect_download() as taken:
        page.get_by_role("button", name="Export all attempts").click()
    file = tmp_path / "progress.json"
    taken.value.save_as(file)
    assert [record["activity"] for record in parse_attempts(file.read_bytes())] == ["trust-or-not"]

    other = visit("en/passport.html")
    other.locator(".tk-passport input[type=file]").set_input_files(file)
    expect(other.get_by_role("status").filter(has_text="Taken in")).to_contain_text("attempts 1, lessons read 1")
    other.goto(f"{address}en/index.html")
    expect(other.locator(".tk-go-on")).to_contain_text("1 of 58 lessons read · 1 of")
    other.goto(f"{address}en/passport.html")
    other.locator(".tk-passport input[type=file]").set_input_files(file)
    expect(other.get_by_role("status").filter(has_text="Taken in")).to_contain_text("attempts 0, lessons read 0")


@pytest.mark.parametrize("edition, content, said", [
    ("en", '{"format": "trustkit-attempts", "vers', "may be cut off"),
    ("en", '{"a": 1}', "not a file of progress"),
    ("zh", "\x00\x01", "这个文件读不了"),
    ("en", '{"format": "trustkit-attempts", "version": 1, "attempts": [7]}', "nothing that belongs to this course"),
])  # fmt: skip
def test_a_broken_file_is_refused_with_a_sentence_and_changes_nothing(visit, tmp_path, edition, content, said):
    page = visit(f"{edition}/passport.html")
    pass_a_drill(page)
    page.reload()
    before = page.evaluate("JSON.stringify({...localStorage})")
    file = tmp_path / "broken.json"
    file.write_text(content, encoding="utf-8")
    page.locator(".tk-passport input[type=file]").set_input_files(file)
    expect(page.locator(".tk-news")).to_contain_text(said)
    assert page.evaluate("JSON.stringify({...localStorage})") == before
