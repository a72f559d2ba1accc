"""A trainee at a browser: from the printed address through a whole call, and what is found afterwards."""

import json
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

LESSON = "/course/en/01-what-trust-is/1-1-customer-trust.html"
PLAYER = ".tk-player[data-activity='fridge-failed-twice']"


@pytest.fixture
def play_on(page: Page, tab_to: Callable[[str], None]) -> Callable[..., None]:
    """Answers with the keyboard, always the first answer, to the end of the call or for some turns."""

    def play(turns: int | None = None) -> None:
        played, said = 0, page.locator(f"{PLAYER} .tk-customer")
        while played != turns and page.locator(f"{PLAYER} .tk-debrief").count() == 0:
            lines = said.count()
            if page.locator(f"{PLAYER} .tk-own-words-skip").count():
                tab_to(f"{PLAYER} .tk-own-words-skip")
                page.keyboard.press("Enter")
            tab_to(f"{PLAYER} .tk-choice")
            page.keyboard.press("Enter")
            page.wait_for_function(
                # Her last words may stand there before the debrief does; then there is nothing to answer yet.
                "([player, lines]) => document.querySelector(`${player} .tk-debrief`) || ("
                "document.querySelectorAll(`${player} .tk-customer`).length > lines"
                " && document.querySelector(`${player} .tk-choice, ${player} .tk-own-words-skip`))",
                arg=[PLAYER, lines],
            )
            played += 1

    return play


def test_within_a_minute_a_newcomer_is_talking_to_a_customer(page):
    page.get_by_role("link", name="Read the book", exact=True).click()
    page.get_by_role("link", name="Talk to a customer now").click()
    page.get_by_role("button", name="Start the conversation").click()
    expect(page.locator(".tk-log")).to_contain_text("fridge")


def test_a_call_is_played_to_its_end_by_keyboard_and_kept_for_handing_in(page, course, tab_to, play_on):
    page.goto(course.base + LESSON)
    tab_to(f"{PLAYER} .tk-start")
    page.keyboard.press("Enter")
    # One turn: the answers stand in a random order, and the shortest way out of this call takes two.
    play_on(turns=1)
    log = page.locator(f"{PLAYER} .tk-log")
    said = log.inner_text()
    page.reload()
    expect(log).to_be_visible()
    assert log.inner_text() == said
    with page.expect_response("**/trustkit/api/attempts") as posted:
        play_on()
    expect(page.locator(f"{PLAYER} .tk-debrief")).to_be_visible()
    record = page.evaluate("JSON.parse(localStorage.getItem('trustkit:v1:fridge-failed-twice')).attempts[0]")
    assert posted.value.status == 201
    kept = f"first-complaint/attempts/fridge-failed-twice-{record['id']}.json"
    expect(page.locator(PLAYER)).to_contain_text(kept)
    assert json.loads((course.trainee / kept).read_text(encoding="utf-8")) == record
    page.reload()
    expect(page.locator(PLAYER)).to_contain_text(str(record["result"]["conduct"]))


def test_the_bar_leads_from_the_book_to_jupyterlab_and_the_desk_and_back(page, course):
    page.goto(course.base + LESSON)
    bar = page.get_by_role("navigation", name="Course", exact=True)
    bar.get_by_role("link", name="Instructor's desk").click()
    expect(page.get_by_role("heading", name="The instructor's desk")).to_be_visible()
    page.get_by_role("link", name="Back to the trainee's hat").click()
    expect(page.get_by_role("heading", name="I am learning")).to_be_visible()
    page.get_by_role("navigation", name="Course", exact=True).get_by_role("link", name="JupyterLab").click()
    page.wait_for_selector(".jp-DirListing-item")


def test_our_pages_fit_a_phone(page, course):
    page.set_viewport_size({"width": 390, "height": 844})
    for path in ("/course/", LESSON, "/course/zh/index.html", "/trustkit/desk", "/course/en/nowhere.html"):
        page.goto(course.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_without_the_token_the_browser_is_asked_for_it(chromium, course):
    context = chromium.new_context()
    stranger = context.new_page()
    stranger.goto(course.base + "/course/")
    assert "/login" in stranger.url
    expect(stranger.get_by_label("Password or token")).to_be_visible()
    context.close()
