"""Whatever a hand-in tries, its feedback and the outputs of its cells show nothing that is hidden from trainees."""

from __future__ import annotations

import html
import json
import re
from pathlib import Path

import pytest

from autograder.gradebook import give_marks

from .conftest import HERE, outputs_of
from .submissions import ASSIGNMENT, CLASS

SOURCE = (HERE / "course" / "exercises" / "source" / ASSIGNMENT / f"{ASSIGNMENT}.md").read_text(encoding="utf-8")
GRADED = [student for student, one in CLASS.items() if one.scores is not None]
# names, numbers and words that stand in hidden regions and nowhere else
VALUES = ("91177", "43019", "61244", "733.5", "411.25", "413.25", "50111", "7177", "harbourside", "airfield")
WORDS = ("secret_waits", "secret_calls", "the hidden answer is", "BEGIN HIDDEN", "MARK SCHEME", "generic, 2 partly")


@pytest.fixture(scope="module")
def pages(attacked) -> dict[str, str]:
    """The text of each feedback page by student, marked first where a person has to."""
    root: Path = attacked.classroom.root
    for student in GRADED:
        give_marks(root, student, ASSIGNMENT, {"reply-problem": 2}, {})
    outcome = attacked.classroom.feedback(ASSIGNMENT, say=lambda line: None)
    assert {student: outcome[student] for student in GRADED} == dict.fromkeys(GRADED, "released")
    raw = {
        student: (root / "feedback" / student / ASSIGNMENT / f"{ASSIGNMENT}.html").read_text(encoding="utf-8")
        for student in GRADED
    }
    bare = {student: re.sub(r"<[^>]+>", "", page[page.index("<body") :]) for student, page in raw.items()}
    return {student: html.unescape(text) for student, text in bare.items()}


def test_what_is_looked_for_is_hidden_in_the_source():
    hidden = "".join(re.findall(r"### BEGIN (?:HIDDEN TESTS|MARK SCHEME)\n.*?### END", SOURCE, re.S))
    shown = SOURCE.replace(hidden, "")
    for words in (*VALUES, *WORDS):
        assert words in hidden
    release = re.sub(r"### BEGIN (HIDDEN TESTS|MARK SCHEME|SOLUTION)\n.*?### END \1\n", "", shown, flags=re.S)
    assert [words for words in (*VALUES, *WORDS) if words in release] == []


@pytest.mark.parametrize("student", GRADED)
def test_the_feedback_shows_no_hidden_test_no_hidden_value_and_no_mark_scheme(pages, student):
    # what the trainee's own cells say is shown again, whatever they guess at
    own = "".join(CLASS[student].answers.values())
    assert [words for words in (*VALUES, *WORDS) if words in pages[student] and words not in own] == []


@pytest.mark.parametrize("student", GRADED)
def test_cells_that_are_no_tests_put_out_nothing_hidden(attacked, student):
    put_out = outputs_of(attacked.classroom, student, tests=False)
    assert [words for words in (*VALUES, *WORDS) if words in put_out] == []


def test_the_hidden_tests_were_there_and_reached_the_functions(attacked):
    path = attacked.classroom.root / "autograded" / "shouts-what-it-is-given" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb"
    text = path.read_text(encoding="utf-8")
    assert "secret_waits = [91177" in text
    assert "SHOUTED [91177" in json.dumps(json.loads(text))
    assert "BROUGHT [" in outputs_of(attacked.classroom, "carries-hidden-data-to-other-cells")


def test_what_a_function_is_given_cannot_leave_in_numbers(pages):
    text = pages["shouts-what-it-is-given"]
    # the message is there, cut short and without the numbers; the function's own line as well
    shouted = re.findall(r"ValueError: SHOUTED .*", text)
    assert shouted and max(map(len, shouted)) < 400
    # the forged frames and what was printed while a check ran are not there; the trainee's own source is
    assert "FRAMED (" not in pages["writes-into-frames-what-it-is-given"]
    assert not re.search(r"BROUGHT (\[|none)", pages["carries-hidden-data-to-other-cells"])
