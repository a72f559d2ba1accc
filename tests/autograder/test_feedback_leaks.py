"""Nothing of a test, of the machine or of the grading seed reaches a trainee; the gate asks it of every assignment."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest

from autograder.classroom import Classroom

from .conftest import RIGHT, TOTAL, change_cells, submit
from .feedback_leaks import traces

SEED = 918_273_645
NOSY = """
import os, sys
import pandas as pd
print(os.getcwd(), sys.prefix, pd.__file__)

def middle(numbers):
    pd.DataFrame({"a": numbers})["b"]
"""
TELLS = "def total(numbers):\n    raise ValueError(f\"I was given {numbers} in {__import__('os').getcwd()}\")"
QUIET = {"say": lambda line: None}


def _with_own_cell(source: str):
    def change(cells: list[dict]) -> list[dict]:
        own = {"cell_type": "code", "id": "own", "metadata": {}, "outputs": [], "execution_count": None}
        return [*cells, {**own, "source": source}]

    return change_cells(change)


@pytest.fixture(scope="module")
def nosy_class(tmp_path_factory) -> Classroom:
    """A class in which every way was tried to get to see the machine or the tests."""
    work = tmp_path_factory.mktemp("nosy")
    classroom = Classroom(work / "class", Path(__file__).parent / "course")
    classroom.create("en", **QUIET)
    (classroom.root / "grading-seed").write_text(str(SEED))
    classroom.release("small-desk", **QUIET)
    hand_ins = {
        "nosy": {"answers": {"middle": NOSY, "total": TELLS}},
        "fails-in-pandas": {
            "answers": RIGHT, "edit": _with_own_cell('import pandas as pd\npd.DataFrame({"a": [1]})["not there"]'),
        },
        "prints-a-place": {
            "answers": RIGHT,
            "edit": _with_own_cell("import sys\nprint(sys.prefix, sys.path)\nsys.prefix"),
        },
        "writes-a-place": {"answers": {**RIGHT, "middle": "# look in ./data/file.csv\n" + RIGHT["middle"]}},
        "exits": {"answers": {"middle": "def middle(numbers):\n    import os\n    os._exit(1)", "total": TOTAL}},
    }  # fmt: skip
    submit(classroom, "small-desk", work / "desks", hand_ins)
    classroom.collect(**QUIET)
    outcome = classroom.autograde("small-desk", **QUIET)
    assert set(outcome.values()) == {"graded"}, outcome
    for student in hand_ins:
        classroom.mark_reply(student, "small-desk", {"reply-problem": 1, "reply-care": 1})
    outcome = classroom.feedback("small-desk", **QUIET)
    assert set(outcome.values()) == {"released"}, outcome
    return classroom


def page_of(classroom: Classroom, student: str) -> str:
    """Return a student's feedback page as it was written."""
    return (classroom.root / "feedback" / student / "small-desk" / "small-desk.html").read_text(encoding="utf-8")


def text_of(page: str) -> str:
    """Return what a page shows."""
    return html.unescape(re.sub(r"<[^>]+>", "", page[page.index("<body") :]))


@pytest.mark.parametrize("student", ["nosy", "fails-in-pandas", "prints-a-place", "writes-a-place", "exits"])
def test_no_page_shows_the_machine_the_tests_or_the_seed(nosy_class, student):
    assert traces(page_of(nosy_class, student), nosy_class.root, SEED) == []


def test_what_was_graded_did_hold_frames_and_places(nosy_class):
    graded = "".join(path.read_text(encoding="utf-8") for path in nosy_class.root.glob("autograded/*/*/*.ipynb"))
    found = " ".join(traces(f"<body>{graded}", nosy_class.root, SEED))
    assert "place on this machine" in found
    assert "mark of a region" in found


def test_a_warning_in_a_test_is_shown_without_its_place(nosy_class):
    shown = text_of(page_of(nosy_class, "writes-a-place"))
    assert "FutureWarning: an old function was called" in shown


def test_the_name_of_a_file_stays_where_an_error_arose(nosy_class):
    shown = text_of(page_of(nosy_class, "fails-in-pandas"))
    assert "KeyError: 'not there'" in shown
    assert "…/frame.py" in shown


def test_what_a_trainee_wrote_in_a_cell_is_not_changed(nosy_class):
    assert "# look in ./data/file.csv" in text_of(page_of(nosy_class, "writes-a-place"))


@pytest.mark.parametrize(
    ("leak", "kind"),
    [
        ("<pre>Check check-middle, line 4</pre>", "frame of a test"),
        ("<p title='### BEGIN HIDDEN TESTS'></p>", "mark of a region"),
        ("<pre>File &quot;&lt;test check-middle&gt;&quot;</pre>", "code of a test"),
        ("<span>hidden</span><span>_frame</span>", "code of a test"),
        ("<pre>File /usr/lib/python3.11/ast.py</pre>", "place on this machine"),
        (f"<pre>{__file__}</pre>", "place on this machine"),
        ("<pre>918273645</pre>", "grading seed"),
        ("<pre>918_273_645</pre>", "grading seed"),
    ],
)
def test_each_kind_of_leak_is_found(nosy_class, leak, kind):
    page = page_of(nosy_class, "nosy").replace("</main>", f"{leak}</main>")
    found = traces(page, nosy_class.root, SEED)
    assert {one.split(":")[0] for one in found} == {kind}
