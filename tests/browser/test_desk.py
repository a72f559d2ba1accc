"""An instructor at a browser: the buttons of the desk, by mouse and by keyboard."""

import csv
import re

from playwright.sync_api import Page, expect


def open_desk(page: Page, course) -> None:
    page.goto(f"{course.base}/trustkit/desk?lang=en")
    expect(page.get_by_role("heading", name="Your first complaint")).to_be_visible()


def test_each_button_says_that_it_works_and_that_it_is_done(page, course):
    open_desk(page, course)
    for step, name in (("Collect", "Collect"), ("Autograde", "Autograde"), ("Give feedback", "Give feedback")):
        page.get_by_role("button", name=re.compile(f"^{step}")).click()
        expect(page.get_by_role("status")).to_contain_text(f"{name} is", timeout=120_000)
        expect(page.get_by_text(f"{name} is done.")).to_be_visible(timeout=180_000)
        expect(page.get_by_role("button", name=re.compile(f"^{step}"))).to_be_enabled()


def test_a_step_is_started_by_keyboard_and_the_keyboard_follows_it(page, course, tab_to):
    open_desk(page, course)
    tab_to("button[value=collect]")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Collect is done.")).to_be_visible(timeout=120_000)
    assert page.evaluate("document.activeElement.id") == "job"


def test_while_a_step_runs_no_other_can_be_started(page, course):
    open_desk(page, course)
    page.get_by_role("button", name=re.compile("^Release again")).click()
    expect(page.get_by_role("button", name=re.compile("^Collect"))).to_be_disabled()
    expect(page.get_by_text("Release is done.")).to_be_visible(timeout=180_000)


def test_the_scores_are_downloaded_as_a_table(page, course, tmp_path):
    open_desk(page, course)
    with page.expect_download() as download:
        page.get_by_role("link", name="Export all scores (CSV)").click()
    download.value.save_as(tmp_path / "scores.csv")
    rows = list(csv.DictReader((tmp_path / "scores.csv").open(encoding="utf-8-sig")))
    assert "lin-xiao" in [row["student"] for row in rows]


def test_written_replies_are_marked_in_the_formgrader_beside_it(page, course):
    open_desk(page, course)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name=re.compile("^Mark by hand")).click()
    formgrader = opened.value
    formgrader.locator("td a:visible").first.click()
    expect(formgrader.get_by_text("How your reply is marked")).to_be_visible()
    assert formgrader.locator("input.score").count() > 8


def test_a_result_is_never_told_by_colour_alone(page, course):
    open_desk(page, course)
    for state in page.locator(".state").all_inner_texts():
        assert re.match(r"[✓✕✎○] \w+", state)


def test_the_desk_follows_the_light_or_the_dark(page, course):
    colours = set()
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        open_desk(page, course)
        colours.add(page.evaluate("getComputedStyle(document.body).backgroundColor"))
    assert len(colours) == 2
