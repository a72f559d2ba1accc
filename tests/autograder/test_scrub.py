"""What a trainee receives as feedback shows no hidden test, no mark scheme and no solution."""

from __future__ import annotations

import html
import re
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from autograder.scrub import REPLACEMENT, scrub
from autograder.source import read_exercise

from .conftest import COURSE

STUDENTS = ("right", "seven", "spy", "trap", "nothing", "lost-cells", "twice")


@pytest.fixture(scope="module")
def pages(own_class) -> dict[str, str]:
    """The text of each student's feedback page, whatever still waits for marks."""
    root: Path = own_class.root
    from autograder.gradebook import give_marks

    for student in STUDENTS:
        give_marks(root, student, "small-desk", {"reply-problem": 2, "reply-care": 2}, {"reply": "Well begun."})
    outcome = own_class.feedback("small-desk", say=lambda line: None)
    assert {outcome[student] for student in STUDENTS} == {"released"}
    found = {}
    for student in STUDENTS:
        raw = (root / "feedback" / student / "small-desk" / "small-desk.html").read_text(encoding="utf-8")
        found[student] = html.unescape(re.sub(r"<[^>]+>", "", raw[raw.index("<body") :]))
    return found


@pytest.mark.parametrize("student", STUDENTS)
def test_no_hidden_line_and_no_mark_scheme_is_in_the_feedback(pages, student):
    text = pages[student]
    assert "secret_waits" not in text
    assert "[11, 30, 12]" not in text
    assert "MARK SCHEME" not in text
    assert "says that the visit was missed" not in text


@pytest.mark.parametrize("student", STUDENTS)
def test_what_a_hidden_test_printed_is_not_in_the_feedback(pages, student):
    assert "the hidden answer is" not in pages[student]


def test_the_hidden_test_was_there_when_the_hand_in_was_graded(small_class):
    notebook = small_class.classroom.root / "autograded/seven/small-desk/small-desk.ipynb"
    text = notebook.read_text(encoding="utf-8")
    assert "secret_waits = [11, 30, 12]" in text
    assert "the hidden answer is 12" in text


def test_a_failed_hidden_check_says_what_its_author_wrote_for_the_trainee(pages):
    assert "AssertionError: your function does not give the middle of other numbers" in pages["seven"]


def test_a_trainee_sees_where_their_own_code_failed(pages):
    assert "KeyError: 12" in pages["trap"]
    assert re.search(r"return \{7: 7\}\[sorted\(numbers\)\[1\]\].*KeyError", pages["trap"], re.S)


def test_the_history_of_the_hand_ins_process_holds_no_test(small_class):
    path = small_class.classroom.root / "autograded/spy/small-desk/small-desk.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    printed = str([cell.outputs for cell in cells if "print(In[-2])" in cell.source])
    assert "sorted(numbers)" in printed
    assert "assert" not in printed


def test_marks_and_the_markers_comment_are_in_the_feedback(pages):
    assert re.search(r"Criterion\s*2 of 4", pages["right"])
    assert "Well begun." in pages["right"]


def test_feedback_asks_nothing_of_another_host(own_class, pages):
    for student in STUDENTS:
        path = own_class.root / "feedback" / student / "small-desk" / "small-desk.html"
        assert re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", path.read_text(encoding="utf-8")) == []
        assert "import " not in "".join(re.findall(r"<script.*?</script>", path.read_text(encoding="utf-8"), re.S))


def test_the_release_holds_no_solution_no_hidden_test_and_no_mark_scheme(small_class):
    release = (small_class.classroom.root / "release/small-desk/small-desk.ipynb").read_text(encoding="utf-8")
    solved = read_exercise(COURSE / "exercises/source/small-desk").notebook("en")
    for words in ("in_order", "return sum", "secret_waits", "partly", "we missed the visit on Monday"):
        assert any(words in cell.source for cell in solved.cells)
        assert words not in release


def _tested(source: str, outputs: list) -> nbformat.NotebookNode:
    marked = {"nbgrader": {"grade": True, "solution": False, "grade_id": "check", "points": 1}}
    return new_notebook(cells=[new_code_cell(source, metadata=marked, outputs=outputs, execution_count=3)])


HIDDEN = "check(f)\n### BEGIN HIDDEN TESTS\nassert f(41_000) > 3 < 5\n### END HIDDEN TESTS"


def test_a_pure_number_stays_because_it_is_the_partial_credit():
    nb = _tested(HIDDEN, [new_output("execute_result", {"text/plain": "0.5"}, execution_count=3)])
    scrub(nb)
    assert nb.cells[0].outputs[0].data["text/plain"] == "0.5"
    assert nb.cells[0].source == "check(f)"


def test_frames_of_the_test_and_of_libraries_are_dropped_and_those_of_the_trainee_kept():
    frames = [
        "-----", "KeyError    Traceback (most recent call last)", "Cell In[3], line 4\n----> 4 values[f(1)]\n",
        "Cell In[2], line 2, in f(x)\n      1 def f(x):\n----> 2     return table[x]\n",
        "File /site-packages/autograder/data_checks.py:9, in answer_of(function)\n----> 9     expected = 41\n",
        "KeyError: 1",
    ]  # fmt: skip
    nb = _tested(HIDDEN, [new_output("error", ename="KeyError", evalue="1", traceback=frames)])
    scrub(nb)
    assert nb.cells[0].outputs[0].traceback == [frames[3], "KeyError: 1"]


def test_hidden_lines_are_found_in_html_with_escapes_and_in_quoted_text():
    other = new_code_cell(
        "show()", outputs=[new_output("display_data", {"text/html": "<pre>assert f(41_000) &gt; 3 &lt; 5</pre>"})]
    )
    nb = _tested(HIDDEN, [])
    nb.cells.append(other)
    scrub(nb)
    assert nb.cells[1].outputs[0].data["text/html"] == REPLACEMENT


def test_output_of_a_test_cell_without_hidden_lines_stays():
    nb = _tested("marks()", [new_output("stream", name="stdout", text="Points: 7 of 10\n")])
    scrub(nb)
    assert nb.cells[0].outputs[0].text == "Points: 7 of 10\n"


def test_a_trainees_own_words_about_hidden_tests_do_no_harm():
    nb = new_notebook(cells=[new_markdown_cell("### BEGIN HIDDEN TESTS is what my friend wrote")])
    scrub(nb)
    assert nb.cells[0].source == "### BEGIN HIDDEN TESTS is what my friend wrote"
