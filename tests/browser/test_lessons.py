"""The lessons in the running course: what runs in Python starts in its page, words of one's own are looked at."""

import pytest
from playwright.sync_api import expect

from trustkit.cases.compile import compiled
from trustkit.cases.reader import read_case
from trustkit.cases.solve import solution_of
from trustkit.course import course_root
from trustkit.lessons.page import lesson_files, read_lesson

PANELS = [
    pytest.param(path.relative_to(course_root() / "book/en").with_suffix(".html"), named, id=str(named))
    for path in lesson_files(course_root())
    for named, _ in read_lesson(path).shown
    if named.kind in ("simulator", "checker")
]


@pytest.mark.parametrize(("address", "named"), PANELS)
def test_every_simulator_and_checker_starts_in_its_lesson(page, course, address, named):
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"{course.base}/course/en/{address}")
    panel = page.locator(f".tk-panel[data-activity='{named.id}']")
    panel.locator(".tk-start").click()
    expect(panel.locator(".tk-block-form")).to_be_visible(timeout=60_000)
    expect(panel.locator(".tk-problem:not([hidden])")).to_have_count(0)
    assert errors == []


def test_a_trainees_own_words_are_looked_at_and_never_marked(page, course):
    page.route("**/trustkit/api/attempts", lambda route: route.abort())
    case = "denied-in-six-words"
    path, write_at = solution_of(compiled(case)).best_path(), read_case(case).document.data["write_at"]
    page.goto(f"{course.base}/course/en/case-room/{case}.html")
    player = page.locator(f".tk-player[data-activity='{case}']")
    player.locator(".tk-start").click()
    for choice in path.choices:
        box = player.locator(".tk-own-words")
        if box.count():
            box.fill("This is definitely not our fault. I guarantee you the money.")
            player.get_by_role("button", name="Look at my words").click()
            found = player.locator(".tk-own-words-found")
            expect(found).to_contain_text("It is no mark", timeout=60_000)
            expect(found.locator("mark").first).to_be_visible()
            player.get_by_role("button", name="Compare with the answers").click()
        player.locator(f".tk-choice[data-choice='{choice}']").click()
    record = page.evaluate(f"JSON.parse(localStorage.getItem('trustkit:v1:{case}')).attempts[0]")
    assert [step["scene"] for step in record["steps"] if "wrote" in step] == [write_at]
    assert record["result"]["passed"]


def test_a_lesson_without_chinese_stands_in_the_chinese_edition_and_its_drill_can_be_done(page, course):
    page.goto(f"{course.base}/course/zh/04-journey-and-blueprint/4-1-five-stages.html")
    expect(page.locator(".tk-not-translated")).to_contain_text("本页还没有中文版")
    drill = page.locator(".tk-drill")
    drill.locator(".tk-start").click()
    expect(drill.locator(".tk-item")).to_be_visible()
