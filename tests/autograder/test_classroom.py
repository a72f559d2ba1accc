"""A class from release to export, with the hand-ins that real trainees send."""

from __future__ import annotations

import csv
import json
import os
import stat
from pathlib import Path

import pytest

from autograder.classroom import Classroom, ClassroomError
from autograder.gradebook import hand_ins

from .conftest import COURSE, HAND_INS, MIDDLE, RIGHT, TOTAL, submit


def marks(small_class, student: str) -> dict[str, float | None]:
    """Return one student's score by cell, None where a person has still to mark."""
    found = next(one for one in hand_ins(small_class.classroom.root, "small-desk") if one.student == student)
    return {mark.cell: mark.score for mark in found.marks}


def lab(small_class, student: str) -> tuple[float | None, float | None]:
    """Return the scores of the two tests."""
    scores = marks(small_class, student)
    return scores["check-middle"], scores["check-total"]


def test_every_hand_in_of_the_exchange_is_collected(small_class):
    assert {student for student, _ in small_class.collected} == set(HAND_INS)


def test_a_folder_in_the_exchange_that_is_no_students_is_left_alone(small_class):
    inbound = small_class.classroom.root / "exchange" / "customer-trust" / "inbound"
    stray = inbound / "<img src=x onerror=alert(1)>+small-desk+2026-11-22 06:17:41.000000 UTC+abc"
    stray.mkdir()
    (stray / "small-desk.ipynb").write_text("{}")
    changed, _ = small_class.classroom.collect(say=lambda line: None)
    assert changed == []
    assert not any("img" in path.name for path in (small_class.classroom.root / "submitted").iterdir())


def test_right_answers_get_all_points_and_an_untouched_release_none(small_class):
    assert lab(small_class, "right") == (2, 3)
    assert lab(small_class, "nothing") == (0, 0)


def test_an_answer_that_fits_only_the_visible_test_gets_nothing_for_it(small_class):
    assert lab(small_class, "seven") == (0, 3)


def test_a_warning_in_a_test_cell_costs_no_marks(small_class):
    assert marks(small_class, "right")["check-total"] == 3
    notebook = small_class.classroom.root / "autograded/right/small-desk/small-desk.ipynb"
    shown = "".join(
        "".join(output.get("text", ""))
        for cell in json.loads(notebook.read_text())["cells"]
        for output in cell.get("outputs", ())
    )
    assert "FutureWarning: an old function was called" in shown


def test_cells_that_a_trainee_lost_are_put_back_and_marked(small_class):
    scores = marks(small_class, "lost-cells")
    assert (scores["check-middle"], scores["check-total"]) == (2, 3)
    assert scores["reply-problem"] == 0  # no reply, so nothing to mark by hand


def test_copied_cells_are_marked_once(small_class):
    assert lab(small_class, "twice") == (2, 3)


def test_honest_work_in_a_cell_that_lost_its_id_counts(small_class):
    assert lab(small_class, "renamed") == (2, 3)


def test_changed_flags_and_skip_tags_change_nothing(small_class):
    assert lab(small_class, "changed-flags") == (0, 3)


def test_points_written_into_a_hand_in_change_nothing(small_class):
    assert lab(small_class, "more-points") == (0, 3)


def test_a_reply_written_in_a_code_cell_is_read_as_text(small_class):
    assert lab(small_class, "code-reply") == (2, 3)
    assert marks(small_class, "code-reply")["reply-problem"] is None


def test_a_reply_of_a_megabyte_is_kept_whole_and_waits_for_its_marker(small_class):
    assert marks(small_class, "long")["reply-problem"] is None
    text = (small_class.classroom.root / "autograded/long/small-desk/small-desk.ipynb").read_text()
    assert text.count("Sorry. ") == 150_000


def test_right_to_left_names_and_emoji_come_through(small_class):
    assert lab(small_class, "מרים-العربية") == (2, 3)
    folder = small_class.classroom.root / "autograded/מרים-العربية/small-desk"
    cells = json.loads((folder / "small-desk.ipynb").read_text(encoding="utf-8"))["cells"]
    assert "אני מצטערת 😀 نأسف 👩🏽‍🔧" in {"".join(cell["source"]) for cell in cells}


@pytest.mark.parametrize(
    ("student", "words"),
    [
        ("half-saved", "was saved only half-way"),
        ("not-utf-8", "is not in UTF-8"),
        ("no-bytes", "is empty (0 bytes)"),
        ("other-json", "is not a notebook: it has no cells"),
    ],
)
def test_a_hand_in_that_cannot_be_graded_is_reported_with_the_reason_and_kept(small_class, student, words):
    assert words in small_class.outcome[student]
    assert any(student in line and words in line for line in small_class.said)
    folder = small_class.classroom.root / "submitted" / student / "small-desk"
    assert (folder / "small-desk.ipynb").exists()
    row = _status(small_class)[student]
    assert row["autograded"] is False
    assert words in row["note"]


def test_code_that_ends_its_process_costs_what_comes_after_it_and_is_noted(small_class):
    assert small_class.outcome["exits"] == "graded"
    assert lab(small_class, "exits") == (0, 0)
    assert "its code ended Python" in _status(small_class)["exits"]["note"]


@pytest.mark.parametrize(("student", "words"), [("utf-16", "saved as UTF-16"), ("bom", "saved as UTF-8-SIG")])
def test_a_notebook_with_a_byte_order_mark_is_repaired_and_its_original_kept(small_class, student, words):
    assert lab(small_class, student) == (2, 3)
    folder = small_class.classroom.root / "submitted" / student / "small-desk"
    original = (folder / "small-desk.ipynb.as-received").read_bytes()
    assert original[:2] in (b"\xff\xfe", b"\xef\xbb")
    assert words in _status(small_class)[student]["note"]


def test_a_renamed_notebook_is_graded_under_its_proper_name(small_class):
    assert lab(small_class, "other-name") == (2, 3)
    assert "small-desk (1).ipynb" in _status(small_class)["other-name"]["note"]


def test_an_empty_hand_in_is_graded_as_the_empty_release_and_reported(small_class):
    assert lab(small_class, "no-notebook") == (0, 0)
    assert "No notebook was handed in" in _status(small_class)["no-notebook"]["note"]


def test_what_has_not_changed_is_not_graded_again(small_class):
    again = small_class.classroom.autograde("small-desk", "right", say=lambda line: None)
    assert again == {"right": "unchanged"}


def test_the_grading_seed_is_private_and_never_handed_out(small_class):
    root: Path = small_class.classroom.root
    seed = root / "grading-seed"
    assert stat.S_IMODE(seed.stat().st_mode) == 0o600
    secret = seed.read_bytes().strip()
    assert int(secret) >= 0
    for folder in ("release", "exchange/customer-trust/outbound", "feedback", "autograded"):
        for path in (root / folder).rglob("*"):
            assert not path.is_file() or secret not in path.read_bytes()
    assert "TRUSTKIT_GRADING_SEED_FILE" not in os.environ


def test_a_class_keeps_its_language(small_class):
    small_class.classroom.create("en")
    with pytest.raises(ClassroomError, match="keeps that language"):
        small_class.classroom.create("zh")


def test_a_step_before_its_time_says_what_to_do_first(tmp_path):
    classroom = Classroom(tmp_path / "none", COURSE)
    with pytest.raises(ClassroomError, match="Make it first"):
        classroom.release("small-desk")
    assert classroom.status()["exists"] is False


def test_an_unreleased_assignment_and_an_unknown_student_are_named(small_class):
    with pytest.raises(ClassroomError, match=r"no-such has not been released .*small-desk"):
        small_class.classroom.autograde("no-such")
    with pytest.raises(ClassroomError, match="no hand-in of nobody"):
        small_class.classroom.autograde("small-desk", "nobody")


@pytest.fixture(scope="module")
def marking_class(tmp_path_factory):
    """A class with replies that are marked, marked with a red line, unclear, waiting and empty; and its work folder."""
    work = tmp_path_factory.mktemp("marking")
    classroom = Classroom(work / "class", COURSE)
    quiet = {"say": lambda line: None}
    classroom.create("zh", **quiet)
    classroom.release("small-desk", **quiet)
    reply = {**RIGHT, "reply": "李女士，您好：星期一我们没有来，对不起。"}
    students = ("marked", "red", "unclear", "waiting", "empty")
    submit(
        classroom, "small-desk", work / "desks",
        {student: {} if student == "empty" else {"answers": reply} for student in students},
    )  # fmt: skip
    classroom.collect(**quiet)
    classroom.autograde("small-desk", **quiet)
    classroom.mark_reply("marked", "small-desk", {"reply-problem": 4, "reply-care": 3}, "具体，有礼。")
    classroom.mark_reply("red", "small-desk", {"1": 4, "2": 4}, "很好，但是……", red_line="保证了做不到的事")
    classroom.mark_reply("unclear", "small-desk", {"1": 4, "2": 4})
    from autograder.gradebook import give_marks

    give_marks(classroom.root, "unclear", "small-desk", {}, {"reply-red-lines": "please look at the last line"})
    return classroom, work, classroom.feedback("small-desk", **quiet)


def test_the_release_is_in_the_language_of_the_class(marking_class):
    classroom, *_ = marking_class
    release = (classroom.root / "release/small-desk/small-desk.ipynb").read_text(encoding="utf-8")
    assert "小服务台" in release
    assert "请在这里写下你的回答" in release
    assert "small desk" not in release


def test_feedback_goes_to_those_who_are_completely_marked(marking_class):
    classroom, _, outcome = marking_class
    assert outcome == {
        "marked": "released", "red": "released", "empty": "released", "unclear": "waiting", "waiting": "waiting",
    }  # fmt: skip
    page = (classroom.root / "feedback/marked/small-desk/small-desk.html").read_text(encoding="utf-8")
    assert "具体，有礼。" in page
    released = list((classroom.root / "exchange/customer-trust/feedback").glob("*.html"))
    assert len(released) == 3


def test_the_export_has_one_row_per_hand_in_and_one_column_per_part(marking_class, tmp_path):
    classroom, *_ = marking_class
    raw = classroom.export(tmp_path / "marks.csv", say=lambda line: None).read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = {row["student"]: row for row in csv.DictReader(raw.decode("utf-8-sig").splitlines())}
    assert set(rows) == {"marked", "red", "unclear", "waiting", "empty"}
    marked = rows["marked"]
    assert (marked["reply_1"], marked["reply_2"], marked["reply"], marked["reply_max"]) == ("4", "3", "7", "8")
    assert (marked["lab"], marked["lab_max"], marked["total"], marked["total_max"]) == ("5", "5", "12", "13")
    assert (marked["marked"], marked["reply_passed"], marked["lab_passed"], marked["passed"]) == ("yes",) * 4


def test_a_red_line_fails_the_reply_whatever_its_points(marking_class, tmp_path):
    row = _row(marking_class, tmp_path, "red")
    assert row["reply"] == "8"
    assert row["red_line"] == "RED LINE: 保证了做不到的事"
    assert (row["reply_passed"], row["passed"]) == ("no", "no")


def test_an_unclear_remark_in_the_red_line_item_keeps_the_reply_open(marking_class, tmp_path):
    row = _row(marking_class, tmp_path, "unclear")
    assert row["red_line"] == "UNCLEAR: please look at the last line"
    assert (row["marked"], row["reply_passed"], row["passed"]) == ("no", "", "")


def test_no_reply_means_no_points_and_no_marker(marking_class, tmp_path):
    row = _row(marking_class, tmp_path, "empty")
    assert (row["reply"], row["marked"], row["passed"]) == ("0", "yes", "no")


def test_a_name_that_looks_like_a_formula_stays_text_in_the_export(marking_class, tmp_path):
    from autograder.gradebook import add_students

    add_students(marking_class[0].root, {"waiting": "=HYPERLINK(1)"})
    assert _row(marking_class, tmp_path, "waiting")["name"] == "'=HYPERLINK(1)"


def test_a_new_reply_after_marking_asks_to_be_looked_at_again_and_keeps_its_marks(marking_class):
    classroom, work, _ = marking_class
    quiet = {"say": lambda line: None}
    submit(classroom, "small-desk", work / "later", {"marked": {"answers": {**RIGHT, "reply": "李女士，改过的信。"}}})
    assert classroom.status()["assignments"][0]["in_exchange"] == 1
    changed, _ = classroom.collect(**quiet)
    assert changed == [("marked", "small-desk")]
    assert classroom.autograde("small-desk", **quiet)["marked"] == "graded"
    one = next(one for one in hand_ins(classroom.root) if one.student == "marked")
    assert one.waiting
    assert one.score("criterion") == 7
    classroom.mark_reply("marked", "small-desk", {"1": 4, "2": 4})
    assert classroom.autograde("small-desk", "marked", force=True, **quiet) == {"marked": "graded"}
    one = next(one for one in hand_ins(classroom.root) if one.student == "marked")
    assert not one.waiting
    assert one.score("criterion") == 8


def test_marks_outside_the_scale_and_unknown_criteria_are_refused(marking_class):
    classroom, *_ = marking_class
    with pytest.raises(ClassroomError, match="0 to 4 points, not 5"):
        classroom.mark_reply("waiting", "small-desk", {"1": 5})
    with pytest.raises(ClassroomError, match="no criterion `charm`"):
        classroom.mark_reply("waiting", "small-desk", {"charm": 1})


def test_two_editions_have_the_same_marked_cells_and_code(small_class, marking_class):
    def shape(classroom: Classroom) -> list:
        path = classroom.root / "release/small-desk/small-desk.ipynb"
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        return [(cell["id"], cell["cell_type"] == "code" and cell["source"]) for cell in cells]

    assert shape(small_class.classroom) == shape(marking_class[0])


def test_releasing_twice_gives_the_same_bytes(tmp_path):
    quiet = {"say": lambda line: None}
    made = []
    for name in ("one", "two"):
        classroom = Classroom(tmp_path / name, COURSE)
        classroom.create("en", **quiet)
        classroom.release("small-desk", **quiet)
        made.append((classroom.root / "release/small-desk/small-desk.ipynb").read_bytes())
    assert made[0] == made[1]
    assert MIDDLE not in made[0].decode() and TOTAL not in made[0].decode()


def _status(small_class) -> dict[str, dict]:
    return _status_of(small_class.classroom)


def _status_of(classroom: Classroom) -> dict[str, dict]:
    assignment = next(one for one in classroom.status()["assignments"] if one["id"] == "small-desk")
    return {row["student"]: row for row in assignment["hand_ins"]}


def _row(marking_class, tmp_path: Path, student: str) -> dict[str, str]:
    path = marking_class[0].export(tmp_path / "marks.csv", say=lambda line: None)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return next(row for row in csv.DictReader(file) if row["student"] == student)


def test_solutions_hand_ins_and_marks_are_closed_to_other_accounts(small_class):
    root = small_class.classroom.root
    for name in ("source", "submitted", "autograded", "gradebook.db", "grading-seed", "notes.json", "graded.json"):
        assert (root / name).stat().st_mode & 0o077 == 0, name
    assert (root / "release").stat().st_mode & 0o005 == 0o005
