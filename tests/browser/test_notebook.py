"""A trainee in JupyterLab: the released notebook, a real kernel, a call by clicking, and handing in."""

import json
import re

from playwright.sync_api import Page, expect

from trustkit.attempts.record import read_attempts
from trustkit.attempts.replay import best_and_latest, replay


def open_notebook(page: Page, course, path: str) -> None:
    """Open a notebook of the trainee in JupyterLab and wait for its kernel."""
    page.goto(f"{course.base}/lab/tree/trainee/{path}?reset")
    page.wait_for_selector(".jp-Notebook .jp-Cell")
    expect(page.get_by_text("Python 3 (ipykernel) | Idle")).to_be_visible()


def run_cell(page: Page, containing: str) -> None:
    """Click into the code cell that contains some words and press Shift and Enter together."""
    page.locator(".jp-CodeCell", has_text=containing).locator(".cm-content").first.click()
    page.keyboard.press("Shift+Enter")


def test_a_call_played_by_clicking_in_the_released_notebook_is_scored_by_python(page, course):
    attempts = course.trainee / "first-complaint" / "attempts"
    before = set(attempts.glob("*.json"))
    open_notebook(page, course, "first-complaint/first-complaint.ipynb")
    run_cell(page, "RolePlay(")
    player = page.locator(".tk-player")
    player.locator(".tk-start, .tk-again").first.click()
    while player.locator(".tk-debrief").count() == 0:
        lines = player.locator(".tk-customer").count()
        if player.locator(".tk-own-words-skip").count():
            player.locator(".tk-own-words-skip").click()
        player.locator(".tk-choice").first.click()
        page.wait_for_function(
            "lines => document.querySelectorAll('.tk-customer').length > lines"
            " || document.querySelector('.tk-debrief')",
            arg=lines,
        )
    for _ in range(100):
        new = set(attempts.glob("*.json")) - before
        if new:
            break
        page.wait_for_timeout(100)
    (file,) = new
    record = json.loads(file.read_text(encoding="utf-8"))
    assert record["host"] == "jupyter" and record["activity"] == "fridge-failed-twice"
    run_cell(page, "marks_for_role_play(")
    marked = page.locator(".jp-CodeCell", has_text="marks_for_role_play(").locator(".jp-OutputArea-output").first
    # What counts is the best attempt, and another may have been played before.
    best, _ = best_and_latest([replay(one) for one in read_attempts(attempts)[0]])
    expect(marked).to_contain_text(re.compile(rf"conduct {best.scores['conduct']} of 100"))
    page.keyboard.press("Control+s")


def test_a_practice_room_works_in_chinese(page, course):
    open_notebook(page, course, "notebooks/zh/trust-drill.ipynb")
    for cell in ("import Drill", 'Drill("'):
        run_cell(page, cell)
    expect(page.locator(".tk-player")).to_contain_text("信任")


def test_a_slip_in_a_cell_is_answered_with_one_line(page, course):
    open_notebook(page, course, "notebooks/en/complaint-room.ipynb")
    run_cell(page, "import RolePlay")
    page.locator(".jp-CodeCell", has_text='RolePlay("').locator(".cm-content").first.click()
    page.keyboard.press("Control+a")
    page.keyboard.type('RolePlay("fridge")')
    page.keyboard.press("Shift+Enter")
    output = page.locator(".jp-OutputArea-output", has_text="There is no case")
    expect(output).to_have_text(re.compile(r"^\s*There is no case `fridge`\. The cases are: [^\n]+\s*$"))


def test_nobody_is_asked_about_news_from_another_host(page, course):
    open_notebook(page, course, "notebooks/en/complaint-room.ipynb")
    page.wait_for_timeout(1500)
    assert page.get_by_text("Jupyter news").count() == 0


def test_what_is_handed_in_from_jupyterlab_arrives_in_the_gradebook(page, course):
    page.goto(f"{course.base}/lab/tree/trainee?reset")
    page.wait_for_selector(".jp-DirListing-item")
    page.get_by_role("menuitem", name="Nbgrader").click()
    page.get_by_role("menuitem", name="Assignment List").click()
    page.get_by_role("button", name="Submit").click()
    expect(page.locator("#submitted_assignments_list, .nbgrader-submitted").first).to_contain_text("first-complaint")
    page.goto(f"{course.base}/trustkit/desk?lang=en")
    expect(page.get_by_text("1 waiting to be collected")).to_be_visible()
    for step in ("Collect", "Autograde"):
        page.get_by_role("button", name=re.compile(f"^{step}")).click()
        expect(page.get_by_text(f"{step} is done.")).to_be_visible(timeout=180_000)
    expect(page.locator("tbody tr")).to_have_count(7)
