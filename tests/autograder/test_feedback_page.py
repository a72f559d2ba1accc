"""The page a trainee gets back: in the language of the class, with the result of each part first."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from autograder.gradebook import give_marks


@pytest.fixture(scope="module")
def pages(own_class) -> dict[str, str]:
    """The raw feedback pages of a few students; one of them crossed a red line."""
    classroom = own_class
    marks = {"reply-problem": 4, "reply-care": 4}
    remarks = {"reply-red-lines": "RED LINE: a promise", "reply": "So."}
    give_marks(classroom.root, "utf-16", "small-desk", marks, remarks)
    give_marks(classroom.root, "right", "small-desk", marks, {})
    found = {}
    for student in ("right", "utf-16", "nothing", "twice"):
        classroom.feedback("small-desk", student, say=lambda line: None)
        path: Path = classroom.root / "feedback" / student / "small-desk" / "small-desk.html"
        found[student] = path.read_text(encoding="utf-8")
    return found


def rows(page: str) -> list[list[str]]:
    """Return the cells of the table of results."""
    table = page[page.index("<tbody>") : page.index("</tbody>")]
    found = re.findall(r"<tr>.*?</tr>", table)
    return [[html.unescape(cell) for cell in re.findall(r"<td>(.*?)</td>", row)] for row in found]


def test_each_part_has_its_points_and_its_result(pages):
    assert rows(pages["right"])[:2] == [["Written reply", "8 of 8", "✓ passed"], ["Data lab", "5 of 5", "✓ passed"]]


def test_a_part_that_was_left_out_is_not_called_failed(pages):
    no_reply = ["Written reply", "0 of 8", "– left out"]
    assert rows(pages["nothing"])[:2] == [no_reply, ["Data lab", "0 of 5", "– left out"]]
    assert rows(pages["twice"])[:2] == [no_reply, ["Data lab", "5 of 5", "✓ passed"]]
    assert "No response." not in pages["nothing"]


def test_a_red_line_stands_at_the_top(pages):
    assert rows(pages["utf-16"])[0] == ["Written reply", "8 of 8", "✗ not passed"]
    assert pages["utf-16"].index("A red line was crossed") < pages["utf-16"].index("A small desk")
    assert "A red line was crossed" not in pages["right"]


def test_the_page_is_in_the_language_of_the_class(pages):
    from autograder.feedback_page import WORDS

    assert '<html lang="en">' in pages["right"]
    assert set(WORDS["en"]) == set(WORDS["zh"])


def test_the_page_fits_a_phone_and_has_one_column(pages, own_class, chromium):
    path = own_class.root / "feedback" / "right" / "small-desk" / "small-desk.html"
    page = chromium.new_context(viewport={"width": 360, "height": 700}).new_page()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(path.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert asked == [path.as_uri()]
