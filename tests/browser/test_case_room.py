"""Every case of the case room is played in the page, on its best and on its worst path, and ends as the model says."""

import pytest
from playwright.sync_api import expect

from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.solve import solution_of
from trustkit.course import case_ids

ROOM = "/course/en/case-room.html"
EXAMS = {"one-difficult-week": "12-technology-and-teams/12-6-capstone-agents"}
"""Cases that are in no list, and the lesson where each is taken."""


@pytest.fixture(autouse=True)
def nothing_is_saved(page):
    """What is played here stays out of the trainee's folder, which other tests hand in and mark."""
    page.route("**/trustkit/api/attempts", lambda route: route.abort())


def choose_at_once(player):
    """Where the answer may be written first, go on to the answers."""
    skip = player.locator(".tk-own-words-skip")
    if skip.count():
        skip.click()


def play_through(page, case, choices):
    """Click through a conversation and return the record of it."""
    player = page.locator(f".tk-player[data-activity='{case}']")
    player.locator(".tk-start, .tk-again").first.click()
    for choice in choices:
        choose_at_once(player)
        player.locator(f".tk-choice[data-choice='{choice}']").click()
    expect(player.locator(".tk-debrief")).to_be_visible()
    return page.evaluate(f"JSON.parse(localStorage.getItem('trustkit:v1:{case}')).attempts.at(-1)")


@pytest.mark.parametrize("case", case_ids())
def test_a_case_played_in_the_page_ends_as_the_model_says(page, course, case):
    solution = solution_of(compiled(case))
    page.goto(f"{course.base}/course/en/{EXAMS.get(case, f'case-room/{case}')}.html")
    best = solution.best_path().choices
    record = play_through(page, case, best)
    assert record["variant"] == "base" and record["result"] == expected(solution.play, best)
    assert record["result"]["passed"] and record["result"]["outcome"] == 100
    page.evaluate("localStorage.clear()")
    page.reload()
    worst = solution.worst_path().choices
    record = play_through(page, case, worst)
    assert record["result"] == expected(solution.play, worst)
    assert not record["result"]["passed"]


def expected(play: Play, choices: tuple[str, ...]) -> dict:
    end = play.walk(list(choices))[-1]
    structure = play.structure
    return {
        "ending": structure["endings"][play.ending(end)]["id"],
        "conduct": play.conduct(end),
        "outcome": play.outcome(end),
        "passed": play.passed(end),
        "red_lines": [line["id"] for at, line in enumerate(structure["red_lines"]) if end.red_lines >> at & 1],
    }


def test_the_room_remembers_what_was_played_and_suggests_what_was_missed(page, course):
    case = "the-vanished-review"
    solution = solution_of(compiled(case))
    page.goto(f"{course.base}/course/en/case-room/{case}.html")
    play_through(page, case, solution.worst_path().choices)
    page.get_by_role("link", name="Case room").first.click()
    expect(page.locator(f"[data-case='{case}'] .tk-played")).to_contain_text("outcome")
    expect(page.locator(".tk-advice")).to_contain_text("trains")


def test_the_room_fits_a_phone(page, course):
    page.set_viewport_size({"width": 360, "height": 740})
    for path in (ROOM, "/course/zh/case-room.html", "/course/en/case-room/the-wrong-report.html"):
        page.goto(course.base + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
