"""Hand-ins that come as files, from an LMS or by mail, reach the gradebook like those of JupyterLab; none is lost."""

from __future__ import annotations

import json
import os
import re
import shutil
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.archives import Limits
from autograder.classroom import Classroom, ClassroomError
from autograder.collect import receive_files
from autograder.demo import played_record, write_hand_in
from autograder.gradebook import hand_ins
from trustkit.attempts.record import export_document
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solve
from trustkit.cli import main

from .archive_builder import NOON, forged, packed, write_zip
from .conftest import RIGHT, release_with_roster, submit

TESTS = Path(__file__).parents[1]
ROSTER = (
    "student,name,learner\r\nli-na,Li Na,\r\njose,José Ángel Díaz,4f1c\r\nmaya,Maya O’Neill,\r\nlin-xiao,林晓,\r\n"
    "wei-1,Wei Chen,\r\nwei-2,Chen Wei,\r\njp,Jean-Pierre Martin,\r\n"
)


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """A folder with a small course and a class that has released its two assignments and has a roster."""
    return release_with_roster(tmp_path_factory.mktemp("by-file"), ["small-desk", "small-talk"], ROSTER)


@pytest.fixture
def desk(released, tmp_path, monkeypatch) -> SimpleNamespace:
    """A copy of the class for one test, with `collect`, `archive` and `notebook`."""
    shutil.copytree(released, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("TRUSTKIT_HOME", str(tmp_path / "course"))
    classroom, said = Classroom(tmp_path / "class", tmp_path / "course"), []

    def collect(*files: Path, **options):
        return classroom.collect(files, say=said.append, **options)

    def archive(files: dict[str, bytes | str], moment: datetime = NOON, name: str = "hand-ins.zip") -> Path:
        return write_zip(tmp_path / "inbox" / name, files, moment)

    def notebook(assignment: str = "small-desk", **answers: str) -> bytes:
        folder = tmp_path / "desks" / assignment
        shutil.rmtree(folder, ignore_errors=True)
        return write_hand_in(classroom.root / "release" / assignment, folder, answers).read_bytes()

    return SimpleNamespace(
        classroom=classroom, root=classroom.root, collect=collect, archive=archive, notebook=notebook, said=said,
        tmp=tmp_path,
    )  # fmt: skip


def attempts(learner: str = "4f1c", number: int = 1) -> bytes:
    """Return an export with the best attempt of the small case, made again `number` times."""
    structure = compiled("late-parcel")
    record = played_record(structure, solve(structure).best_path().choices, learner=learner, host="page")
    records = [{**record, "id": f"{one:016x}"} for one in range(number)]
    return json.dumps(export_document(learner, records)).encode()


def submitted(desk, student: str, assignment: str = "small-desk") -> dict[str, bytes]:
    """Return the files of a submitted folder that a person put there, by path."""
    folder = desk.root / "submitted" / student / assignment
    ours = {"timestamp.txt", "submission_secret.txt", "file-hand-in.txt"}
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: content for name, content in files.items() if name not in ours}


def stamp(desk, student: str, assignment: str = "small-desk") -> str:
    """Return when a hand-in was handed in, as nbgrader reads it."""
    return (desk.root / "submitted" / student / assignment / "timestamp.txt").read_text()


def versions(desk, student: str, assignment: str = "small-desk") -> list[bytes]:
    """Return the notebooks that were kept, oldest first."""
    kept = sorted((desk.root / "received" / assignment / student).glob("*Z-*"))
    return [(folder / "files" / f"{assignment}.ipynb").read_bytes() for folder in kept]


def refused(received) -> dict[str, str]:
    """Return the reasons by the path inside the archive."""
    return {str(one.path).partition("inbox/")[2]: one.message for one in received.refused}


# ---------------------------------------------------------------- archives of an LMS


@pytest.mark.parametrize("form", ["folders", "newer-folders", "flat", "wrapped", "unpacked"])
def test_every_form_of_moodles_archive_is_taken_with_notebook_and_attempts(desk, form):
    notebook, export = desk.notebook("small-talk"), attempts("from-a-browser", 2)
    between = {"folders": "_/", "newer-folders": "/", "flat": "_", "wrapped": "_/", "unpacked": "_/"}[form]
    top = "all of them/" if form == "wrapped" else ""
    path = desk.archive(
        {
            f"{top}Li Na_123_assignsubmission_file{between}small-talk.ipynb": notebook,
            f"{top}Li Na_123_assignsubmission_file{between}trustkit-attempts.json": export,
            f"{top}Li Na_123_assignsubmission_onlinetext{between}onlinetext.html": "<p>Here is my work</p>",
        }
    )
    if form == "unpacked":
        shutil.unpack_archive(path, desk.tmp / "inbox" / "unpacked")
        path = desk.tmp / "inbox" / "unpacked"
        for file in path.rglob("*"):
            os.utime(file, (NOON.timestamp(), NOON.timestamp()))
    changed, received = desk.collect(path)
    assert changed == [("li-na", "small-talk")]
    assert (received.refused, received.notebooks) == ([], [("li-na", "small-talk")])
    files = submitted(desk, "li-na", "small-talk")
    assert files.pop("small-talk.ipynb") == notebook
    assert sorted(Path(name).parent.name for name in files) == ["attempts", "attempts"]
    assert stamp(desk, "li-na", "small-talk") == NOON.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")
    assert any("onlinetext" in line and line.startswith("Passed over") for line in desk.said)
    assert received.summary == "Taken: 1 notebook and 2 attempts. Known already: 0. Refused: 0."


def test_canvas_archives_are_taken_late_and_resubmitted_files_too(desk):
    first, second, other = desk.notebook(), desk.notebook(reply="Second"), desk.notebook(reply="Other")
    path = desk.archive(
        {
            "lina_LATE_11_2007_small-desk-1.ipynb": second,
            "lina_LATE_11_2001_small-desk.ipynb": first,
            "diazjoseangel_12_2002_small-desk.ipynb": other,
            "oneillmaya_13_text.html": "<p>no file</p>",
        }
    )
    changed, received = desk.collect(path)
    assert changed == [("jose", "small-desk"), ("li-na", "small-desk")]
    assert submitted(desk, "li-na") == {"small-desk.ipynb": second}
    assert versions(desk, "li-na") == [first, second]
    assert str(received.passed_over[0][0]).endswith("oneillmaya_13_text.html")


def test_a_zip_of_ones_folder_is_opened_and_its_files_keep_their_places(desk):
    inner = packed(
        {
            "my work/small-desk (1).ipynb": desk.notebook(reply="Dear Ms Li"),
            "my work/data/own.csv": "1,2",
            "my work/Untitled.ipynb": '{"cells": []}',
            "my work/.ipynb_checkpoints/small-desk-checkpoint.ipynb": "{}",
            "__MACOSX/my work/._small-desk (1).ipynb": "x",
        },
        NOON + timedelta(days=900),
    )
    desk.collect(desk.archive({"Li Na_1_assignsubmission_file_/work.zip": inner}))
    assert sorted(submitted(desk, "li-na")) == ["Untitled.ipynb", "data/own.csv", "small-desk.ipynb"]
    assert stamp(desk, "li-na").startswith("2026-11-03")  # the clock of the trainee's computer does not count
    assert any("it was called `small-desk (1).ipynb`" in line for line in desk.said)


def test_what_came_from_moodle_is_graded_like_what_came_from_jupyterlab_and_gets_its_feedback(desk):
    submit(desk.classroom, "small-desk", desk.tmp / "lab", {"maya": {"answers": RIGHT}})
    top = "Li Na_1_assignsubmission_file_"
    desk.collect(
        desk.archive(
            {
                f"{top}/mine.ipynb": desk.notebook(**RIGHT),
                f"{top}/small-talk.ipynb": desk.notebook("small-talk"), f"{top}/attempts/a.json": attempts("her-phone"),
            }
        )
    )  # fmt: skip
    outcome = desk.classroom.autograde("small-desk", say=desk.said.append)
    assert outcome == {"li-na": "graded", "maya": "graded"}
    desk.classroom.autograde("small-talk", say=desk.said.append)
    scores = {(one.student, one.assignment): one.score() for one in hand_ins(desk.root)}
    assert scores["li-na", "small-desk"] == scores["maya", "small-desk"] > 0
    assert scores["li-na", "small-talk"] == 10
    assert desk.classroom.feedback("small-talk", say=desk.said.append) == {"li-na": "released"}


def test_a_notebook_that_is_not_json_is_kept_and_its_trainee_gets_a_reason_when_it_is_graded(desk):
    broken = desk.notebook()[:700]
    _, received = desk.collect(desk.archive({"Li Na_1_assignsubmission_file_/small-desk.ipynb": broken}))
    assert received.refused == []
    assert submitted(desk, "li-na") == {"small-desk.ipynb": broken}
    outcome = desk.classroom.autograde("small-desk", say=desk.said.append)
    assert "saved only half-way" in outcome["li-na"]


# ---------------------------------------------------------------- whose it is


@pytest.mark.parametrize(
    ("name", "student"),
    [
        ("LI NA", "li-na"), ("Na Li", "li-na"), ("Jose Angel Diaz", "jose"), ("Díaz José Ángel", "jose"),
        ("Maya ONeill", "maya"), ("Maya O'Neill", "maya"), ("Martin Jean Pierre", "jp"), ("林 晓", "lin-xiao"),
        ("晓 林", "lin-xiao"), ("Jose\u0301 Ángel Díaz", "jose"),
    ],
)  # fmt: skip
def test_a_full_name_is_known_in_every_usual_way_of_writing_it(desk, name, student):
    changed, _ = desk.collect(desk.archive({f"{name}_5_assignsubmission_file_/small-desk.ipynb": desk.notebook()}))
    assert changed == [(student, "small-desk")]


@pytest.mark.parametrize("name", ["Lina", "Li", "Li Na Chen", "Lî Nâ Chen", "Linda", "Wei", "晓"])
def test_a_name_that_is_not_the_full_name_is_nobodys(desk, name):
    changed, received = desk.collect(
        desk.archive({f"{name}_5_assignsubmission_file_/small-desk.ipynb": desk.notebook()})
    )
    assert changed == [] and received.refused[0].code == "unknown-student"


def test_somebody_unknown_is_answered_with_a_row_that_works_when_it_is_pasted(desk):
    path = desk.archive(
        {
            "Ana Ruiz_5_assignsubmission_file_/small-desk.ipynb": desk.notebook(),
            "Ana Ruiz_5_assignsubmission_file_/notes.txt": "hello",
        }
    )
    _, received = desk.collect(path)
    assert len(received.refused) == 1 and received.rows == ["<student id>,Ana Ruiz,"]
    assert len(list((desk.root / "refused").glob("*-*"))) == 4  # two files, each with its note
    with (desk.root / "roster.csv").open("a", encoding="utf-8", newline="") as file:
        file.write(received.rows[0].replace("<student id>", "ana") + "\r\n")
    assert desk.collect(path)[0] == [("ana", "small-desk")]


def test_two_people_who_may_be_meant_are_both_named_and_the_number_settles_it(desk):
    path = desk.archive({"Chen Wei_31_assignsubmission_file_/small-desk.ipynb": desk.notebook()})
    changed, received = desk.collect(path)
    assert changed == []
    message = received.refused[0].message
    assert "`wei-1` (Wei Chen) and `wei-2` (Chen Wei)" in message
    assert "first line `student,name,learner,lms_id`" in message and received.rows == ["wei-1,,,31"]
    roster = desk.root / "roster.csv"
    text = roster.read_text(encoding="utf-8-sig").replace("student,name,learner", "student,name,learner,lms_id")
    roster.write_text(text + "wei-2,,,31\n", encoding="utf-8")
    assert desk.collect(path)[0] == [("wei-2", "small-desk")]


@pytest.mark.parametrize("number", ["", "li-na,,,71,\n"])
def test_of_two_namesakes_in_an_archive_nobody_is_guessed(desk, number):
    (desk.root / "roster.csv").write_text(
        f"student,name,learner,lms_id,lms_name\nli-na,Li Na,,,\n{number}", encoding="utf-8"
    )
    path = desk.archive({f"Li Na_{n}_assignsubmission_file_/small-desk.ipynb": desk.notebook() for n in (71, 72)})
    changed, received = desk.collect(path)
    assert changed == ([("li-na", "small-desk")] if number else [])
    assert [one.code for one in received.refused] == ["unclear-student"] * (1 if number else 2)


def test_another_number_in_canvas_is_another_person_of_that_name(desk):
    (desk.root / "roster.csv").write_text("student,name,lms_id\nli-na,Li Na,11\n", encoding="utf-8")
    path = desk.archive({"lina_12_2001_small-desk.ipynb": desk.notebook()})
    changed, received = desk.collect(path)
    assert changed == [] and "with another LMS id" in received.refused[0].message
    assert received.rows == ["li-na,,12"]


def test_hidden_names_are_mapped_by_number_alone(desk):
    path = desk.archive({"Participant_77_assignsubmission_file_/small-desk.ipynb": desk.notebook()})
    _, received = desk.collect(path)
    assert received.rows == ["<student id>,,,77"]
    (desk.root / "roster.csv").write_text("student,lms_id\nli-na,77\n", encoding="utf-8")
    assert desk.collect(path)[0] == [("li-na", "small-desk")]


def test_a_name_that_would_run_in_a_spreadsheet_is_defused_in_the_row(desk):
    path = desk.archive({"=cmd() x_5_assignsubmission_file_/small-desk.ipynb": desk.notebook()})
    assert desk.collect(path)[1].rows == ["<student id>,'=cmd() x,"]


def test_attempts_for_practice_are_passed_over_beside_a_hand_in_and_refused_alone(desk):
    structure = compiled(TESTS / "cases" / "small" / "late-parcel")
    record = played_record(structure, solve(structure).best_path().choices, learner="x", host="page")
    export = json.dumps(export_document("x", [{**record, "activity": one} for one in ("other", "another")]))
    top = "_assignsubmission_file_/"
    path = desk.archive(
        {
            f"Li Na_1{top}small-desk.ipynb": desk.notebook(), f"Li Na_1{top}attempts.json": export,
            f"林晓_2{top}attempts.json": export,
        }
    )  # fmt: skip
    _, received = desk.collect(path)
    assert [why for _, why in received.passed_over] == [
        "2 attempts for practice, which no released assignment asks for."
    ]
    assert [one.code for one in received.refused] == ["unknown-activity", "unknown-activity"]


def test_attempts_of_somebody_else_are_refused_and_a_browsers_own_number_needs_no_row(desk):
    path = desk.archive(
        {
            "Li Na_1_assignsubmission_file_/a.json": attempts("4f1c"),
            "Maya ONeill_2_assignsubmission_file_/b.json": attempts("77aa"),
        }
    )
    changed, received = desk.collect(path)
    assert changed == [("maya", "small-talk")]
    assert "`li-na` handed this in, but by roster.csv the learner `4f1c` is `jose`" in received.refused[0].message


# ---------------------------------------------------------------- single files and folders


def test_a_single_notebook_needs_a_student_and_is_then_taken(desk):
    path = desk.tmp / "inbox" / "my homework.ipynb"
    path.parent.mkdir()
    path.write_bytes(desk.notebook())
    assert "with --student" in desk.collect(path)[1].refused[0].message
    assert desk.collect(path, student="li-na")[0] == [("li-na", "small-desk")]
    with pytest.raises(ClassroomError, match="no student `lina`"):
        desk.collect(path, student="lina")


def test_a_notebook_that_does_not_say_what_it_is_needs_an_assignment(desk):
    path = desk.tmp / "inbox" / "homework.ipynb"
    path.parent.mkdir()
    path.write_bytes(desk.notebook()[:300])
    assert "--assignment" in desk.collect(path, student="li-na")[1].refused[0].message
    assert desk.collect(path, student="li-na", assignment="small-desk")[0] == [("li-na", "small-desk")]
    path.write_bytes(desk.notebook("small-talk"))
    _, received = desk.collect(path, student="li-na", assignment="small-desk")
    assert "its cells are not those of small-desk" in received.refused[0].message


def test_an_archive_of_many_people_is_never_given_to_one(desk):
    path = desk.archive({"Maya ONeill_2_assignsubmission_file_/small-desk.ipynb": desk.notebook()})
    changed, received = desk.collect(path, student="li-na")
    assert changed == [] and [one.code for one in received.refused] == ["names-itself"]
    assert not (desk.root / "refused").exists()  # nothing is wrong with it


def test_a_trainees_own_zip_and_a_folder_named_by_a_student_id_are_taken(desk):
    own = desk.archive({"work/small-desk.ipynb": desk.notebook(), "work/a_1_2_b.csv": "x"}, name="own.zip")
    assert desk.collect(own, student="li-na")[0] == [("li-na", "small-desk")]
    folder = desk.tmp / "inbox" / "mail"
    (folder / "maya").mkdir(parents=True)
    (folder / "maya" / "small-desk.ipynb").write_bytes(desk.notebook())
    (folder / "someone.json").write_bytes(attempts())
    write_zip(folder / "moodle.zip", {"Li Na_1_assignsubmission_file_/small-talk.ipynb": desk.notebook("small-talk")})
    changed, received = desk.collect(folder)
    assert changed == [("jose", "small-talk"), ("li-na", "small-talk"), ("maya", "small-desk")]
    assert received.refused == []


def test_files_of_nobody_in_an_archive_are_refused_or_passed_over(desk):
    path = desk.archive({"small-desk.ipynb": desk.notebook(), "readme.txt": "hello", "a.json": attempts()})
    changed, received = desk.collect(path)
    assert changed == [("jose", "small-talk")]
    assert list(refused(received)) == ["hand-ins.zip/small-desk.ipynb"]
    assert str(received.passed_over[0][0]).endswith("readme.txt")


# ---------------------------------------------------------------- which assignment


def test_two_assignments_in_one_hand_in_get_what_lies_beside_them(desk):
    top = "Li Na_1_assignsubmission_file_"
    path = desk.archive(
        {
            f"{top}/one/nameless.ipynb": desk.notebook(), f"{top}/one/data.csv": "1",
            f"{top}/two/small-talk.ipynb": desk.notebook("small-talk"), f"{top}/two/pictures/x.png": "p",
            f"{top}/letter.txt": "Dear all",
        }
    )  # fmt: skip
    _, received = desk.collect(path)
    assert sorted(submitted(desk, "li-na")) == ["data.csv", "small-desk.ipynb"]
    assert sorted(submitted(desk, "li-na", "small-talk")) == ["pictures/x.png", "small-talk.ipynb"]
    assert [one.code for one in received.refused] == ["not-collected"]


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"small-talk.ipynb": "small-desk"}, "called like small-talk, but its cells are those of small-desk"),
        ({"homework.ipynb": b"{}"}, "neither its cells nor its name"),
        ({"small-desk.ipynb": [["other", "cells"]]}, "its cells are not those of small-desk"),
        ({"a.ipynb": "small-desk", "b.ipynb": "small-desk+"}, "several notebooks of small-desk (`a.ipynb`, `b.ipynb`)"),
        ({"report.pdf": b"%PDF"}, "neither a notebook"),
    ],
    ids=["name-against-cells", "unknown", "cells-of-another-course", "two-notebooks", "no-notebook"],
)
def test_a_hand_in_that_is_not_clear_is_refused_and_kept(desk, files, words):
    entries = {}
    for name, kind in files.items():
        if isinstance(kind, list):
            cells = [{"metadata": {"nbgrader": {"grade_id": one}}} for one in kind[0]]
            entries[name] = json.dumps({"cells": cells}).encode()
        else:
            more = {"reply": "more"} if kind[-1:] == "+" else {}
            entries[name] = kind if isinstance(kind, bytes) else desk.notebook(kind.rstrip("+"), **more)
    path = desk.archive({f"Li Na_1_assignsubmission_file_/{name}": raw for name, raw in entries.items()})
    changed, received = desk.collect(path)
    assert changed == [] and len(received.refused) == len(entries)
    assert words in received.refused[0].message
    kept = [path for path in (desk.root / "refused").iterdir() if not path.name.endswith(".note.txt")]
    assert sorted(path.read_bytes() for path in kept) == sorted(entries.values())


def test_a_notebook_of_an_assignment_that_was_not_released_is_not_taken_for_one_that_shares_cells_with_it(desk):
    notebook = json.loads(desk.notebook())
    marked = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    for cell in marked[: len(marked) // 3]:
        cell["metadata"]["nbgrader"]["grade_id"] += "-of-another"
    path = desk.archive({"Li Na_1_assignsubmission_file_/homework.ipynb": json.dumps(notebook)})
    changed, received = desk.collect(path)
    assert changed == [] and received.refused[0].code == "unknown-assignment"


def test_of_two_notebooks_that_of_the_proper_name_counts_and_the_other_lies_beside_it(desk):
    right, copy = desk.notebook(reply="right"), desk.notebook(reply="copy")
    top = "Li Na_1_assignsubmission_file_"
    desk.collect(desk.archive({f"{top}/small-desk-Copy1.ipynb": copy, f"{top}/small-desk.ipynb": right}))
    assert submitted(desk, "li-na") == {"small-desk.ipynb": right, "small-desk-Copy1.ipynb": copy}


# ---------------------------------------------------------------- versions


def _moodle(desk, notebook: bytes, hours: int, name: str = "Li Na_1") -> Path:
    path = {f"{name}_assignsubmission_file_/small-desk.ipynb": notebook}
    return desk.archive(path, NOON + timedelta(hours=hours), f"after-{hours}-hours.zip")


def test_every_version_is_kept_and_the_newest_counts_in_whatever_order_they_come(desk):
    one, two, three = (desk.notebook(reply=word) for word in ("one", "two", "three"))
    assert desk.collect(_moodle(desk, two, 2))[0] == [("li-na", "small-desk")]
    assert desk.collect(_moodle(desk, one, 1))[0] == []
    assert submitted(desk, "li-na") == {"small-desk.ipynb": two}
    desk.collect(_moodle(desk, three, 3))
    assert submitted(desk, "li-na") == {"small-desk.ipynb": three}
    assert versions(desk, "li-na") == [one, two, three]
    desk.collect(_moodle(desk, one, 4))  # handed in again on purpose
    assert submitted(desk, "li-na") == {"small-desk.ipynb": one}


def test_the_same_archive_twice_changes_nothing_and_neither_does_a_later_one_without_news(desk):
    path = _moodle(desk, desk.notebook(), 1)
    desk.collect(path)
    before = _tree(desk.root)
    changed, received = desk.collect(path)
    assert (changed, received.known, received.notebooks) == ([], 1, [])
    assert desk.collect(_moodle(desk, desk.notebook(), 5))[0] == []
    assert _tree(desk.root) == before


def test_an_older_archive_with_the_same_files_puts_the_time_right(desk):
    desk.collect(_moodle(desk, desk.notebook(), 5))
    _, received = desk.collect(_moodle(desk, desk.notebook(), 1))
    assert (received.known, received.notebooks) == (1, [])
    assert stamp(desk, "li-na") == (NOON + timedelta(hours=1)).astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def test_of_two_versions_of_one_second_the_later_one_to_come_counts(desk):
    one, two = desk.notebook(reply="one"), desk.notebook(reply="two")
    desk.collect(_moodle(desk, two, 1))
    desk.collect(_moodle(desk, one, 1))
    assert submitted(desk, "li-na") == {"small-desk.ipynb": one}
    assert desk.collect(_moodle(desk, two, 1))[0] == []
    assert versions(desk, "li-na") == [two, one]


def test_a_time_in_the_future_counts_as_now(desk):
    desk.collect(_moodle(desk, desk.notebook(), 24 * 365 * 40))
    assert stamp(desk, "li-na") <= datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S.%f UTC")


def test_of_jupyterlab_and_a_file_the_newer_counts_and_both_are_kept(desk):
    by_file, newer = desk.notebook(reply="by file"), desk.notebook(reply="by file, newer")
    desk.collect(_moodle(desk, by_file, -24 * 900))
    submit(desk.classroom, "small-desk", desk.tmp / "lab", {"li-na": {"answers": {"reply": "from JupyterLab"}}})
    assert desk.collect()[0] == [("li-na", "small-desk")]
    assert b"from JupyterLab" in submitted(desk, "li-na")["small-desk.ipynb"]
    assert versions(desk, "li-na") == [by_file]
    assert desk.collect(_moodle(desk, by_file, -24 * 900))[0] == []
    time.sleep(1.1)  # an archive counts in whole seconds
    path = desk.tmp / "small-desk.ipynb"
    path.write_bytes(newer)
    assert desk.collect(path, student="li-na")[0] == [("li-na", "small-desk")]
    assert submitted(desk, "li-na") == {"small-desk.ipynb": newer}
    kept = versions(desk, "li-na")
    assert (kept[0], kept[2]) == (by_file, newer) and b"from JupyterLab" in kept[1]
    assert desk.collect()[0] == []


def test_jupyterlab_counts_as_soon_as_an_older_archive_shows_that_the_file_came_first(desk):
    submit(desk.classroom, "small-desk", desk.tmp / "lab", {"li-na": {"answers": {"reply": "from JupyterLab"}}})
    time.sleep(1.1)  # a file counts in whole seconds
    path = desk.tmp / "small-desk.ipynb"
    path.write_bytes(desk.notebook(reply="by file"))
    desk.collect(path, student="li-na")
    assert b"by file" in submitted(desk, "li-na")["small-desk.ipynb"]
    os.utime(path, (NOON.timestamp() - 10**8,) * 2)
    desk.collect(path, student="li-na")
    assert b"from JupyterLab" in submitted(desk, "li-na")["small-desk.ipynb"]


def test_a_notebook_by_file_takes_the_place_of_one_made_from_attempts_which_join_it(desk):
    export = desk.tmp / "attempts.json"
    export.write_bytes(attempts(number=2))
    desk.collect(export)
    assert desk.classroom.status()["assignments"][-1]["hand_ins"][0]["road"] == "page"
    path = desk.archive({"Jose Angel Diaz_1_assignsubmission_file_/small-talk.ipynb": desk.notebook("small-talk")})
    assert desk.collect(path)[0] == [("jose", "small-talk")]
    assert desk.classroom.status()["assignments"][-1]["hand_ins"][0]["road"] == "jupyter"
    assert len(submitted(desk, "jose", "small-talk")) == 3


def test_attempts_from_jupyterlab_stay_when_a_later_notebook_comes_by_file(desk):
    structure = compiled("late-parcel")
    record = played_record(structure, solve(structure).best_path().choices, learner="li-na", host="jupyter")
    submit(desk.classroom, "small-talk", desk.tmp / "lab", {"li-na": {"records": [record]}})
    desk.collect()
    time.sleep(1.1)  # an archive counts in whole seconds
    path = desk.tmp / "small-talk.ipynb"
    for words in ("first", "second"):
        notebook = json.loads(desk.notebook("small-talk"))
        notebook["metadata"]["words"] = words
        path.write_text(json.dumps(notebook))
        assert desk.collect(path, student="li-na")[0] == [("li-na", "small-talk")]
        assert sorted(submitted(desk, "li-na", "small-talk")) == [
            f"attempts/late-parcel-{record['id']}.json", "small-talk.ipynb",
        ]  # fmt: skip


def test_a_file_called_like_the_folder_of_the_attempts_is_put_aside(desk):
    top = "Jose Angel Diaz_1_assignsubmission_file_"
    path = desk.archive(
        {
            f"{top}/small-talk.ipynb": desk.notebook("small-talk"), f"{top}/attempts": "my notes",
            f"{top}/x.json": attempts(),
        }
    )  # fmt: skip
    desk.collect(path)
    assert submitted(desk, "jose", "small-talk")["other-1/attempts"] == b"my notes"
    folder = desk.root / "submitted" / "jose" / "small-talk"
    shutil.rmtree(folder / "attempts")
    (folder / "attempts").write_text("a file")  # as it may come from JupyterLab
    assert desk.collect()[0] == [("jose", "small-talk")]
    assert (folder / "attempts.as-received").read_text() == "a file"


def test_files_that_steer_the_class_cannot_be_handed_in(desk):
    top = "Li Na_1_assignsubmission_file_"
    steering = ["page-hand-in.txt", "file-hand-in.txt", "timestamp.txt", "submission_secret.txt", "Timestamp.TXT"]
    path = desk.archive({f"{top}/small-desk.ipynb": desk.notebook(), **{f"{top}/{one}": "x" for one in steering[:4]}})
    desk.collect(path)
    folder = desk.root / "submitted" / "li-na" / "small-desk"
    assert not (folder / "page-hand-in.txt").exists()
    assert all((folder / name).read_text() != "x" for name in steering[1:4])


# ---------------------------------------------------------------- hostile hand-ins


def test_a_hostile_archive_loses_nothing_of_the_others_and_writes_nowhere_else(desk, tmp_path):
    top = b"Li Na_1_assignsubmission_file_/"
    fine = {"name": b"Maya ONeill_2_assignsubmission_file_/small-desk.ipynb", "data": desk.notebook()}
    raw = forged(
        {"name": top + b"../../../../up.ipynb", "data": b"up"},
        {"name": b"/" + top + b"abs.ipynb", "data": b"abs"},
        {"name": b"C:\\x.ipynb", "data": b"drive"},
        {"name": top + b"..\\..\\back.ipynb", "data": b"back"},
        {"name": top + b"link.ipynb", "data": b"/etc/passwd", "mode": 0o120777},
        {"name": top + b"locked.ipynb", "data": b"locked", "flags": 0x801},
        {"name": top + b"bomb.ipynb", "data": bytes(9_000_000)},
        {"name": top + b"con.ipynb", "data": b"reserved"},
        {"name": top + b"small-desk.ipynb", "data": desk.notebook(reply="mine")},
        {"name": top + b"SMALL-DESK.ipynb", "data": b"other capitals"},
        {"name": top + b"l" * 300 + b".txt", "data": b"long"},
        {"name": top + b"what?.txt", "data": b"question"},
        {"name": top + b"nested.zip", "data": packed({"in.zip": packed({}), "../out.txt": "out", "f.txt": "f"})},
        {"name": top + b"cut.zip", "data": packed({"x": "y" * 99})[:70]},
        {"name": top + b"folder", "data": b"a file"},
        {"name": top + b"folder/file.txt", "data": b"under a file"},
        fine,
    )
    path = tmp_path / "inbox" / "hostile.zip"
    path.parent.mkdir()
    path.write_bytes(raw)
    outside = _tree(tmp_path, without=desk.root)
    changed, received = desk.collect(path)
    assert changed == [("li-na", "small-desk"), ("maya", "small-desk")]
    assert submitted(desk, "li-na") == {
        "small-desk.ipynb": desk.notebook(reply="mine"),
        "nested/f.txt": b"f", "folder": b"a file", "other-1/folder/file.txt": b"under a file",
    }  # fmt: skip
    codes = sorted(one.code for one in received.refused)
    assert codes == sorted(["unsafe-name"] * 8 + ["link", "encrypted", "bomb", "same-name", "nested", "cut-off"])
    assert _tree(tmp_path, without=desk.root) == outside
    notes = [note for note in (desk.root / "refused").iterdir() if note.name.endswith(".note.txt")]
    contents = {note.with_name(note.name.removesuffix(".note.txt")).read_bytes() for note in notes}
    assert {b"up", b"abs", b"drive", b"back", b"reserved", b"other capitals", b"long", b"question"} <= contents
    assert all("hostile.zip" in note.read_text(encoding="utf-8") for note in notes)
    lines = [line for line in desk.said if line.startswith("Refused: ")]
    assert len(lines) == len(codes) and all("hostile.zip: " in line and line.isprintable() for line in lines)
    before = _tree(desk.root)
    desk.collect(path)
    assert _tree(desk.root) == before


def test_100_000_files_of_one_trainee_are_refused_in_one_line_and_the_others_taken(desk):
    top = "Li Na_1_assignsubmission_file_"
    nested = forged(*({"name": b"%d" % number, "method": 0} for number in range(1_100)))
    path = desk.tmp / "many.zip"
    path.write_bytes(
        forged(
            *({"name": f"{top}/{number}.txt".encode(), "method": 0} for number in range(100_000)),
            {"name": "林晓_3_assignsubmission_file_/many.zip".encode(), "data": nested},
            {"name": b"Maya ONeill_2_assignsubmission_file_/small-desk.ipynb", "data": desk.notebook()},
        )
    )
    changed, received = desk.collect(path)
    assert changed == [("maya", "small-desk")]
    assert [one.code for one in received.refused] == ["too-many", "too-many"]
    assert "100,000 files of one trainee" in received.refused[0].message


def test_limits_hold_for_a_hand_in_and_for_the_whole_archive(desk):
    both = [f"{name}_1_assignsubmission_file_/{number}.txt" for name in ("Li Na", "林晓") for number in range(5)]
    path = desk.archive({name: os.urandom(4_000) for name in both})
    roster, activities = desk.classroom._roster(None), desk.classroom._activities()

    def codes(limits: Limits) -> list[str]:
        received = receive_files(desk.root, [path], roster, activities, desk.said.append, limits=limits)
        return [one.message.partition(".")[0] for one in received.refused if one.code == "too-large"]

    assert codes(Limits(files=3)) == []
    assert codes(Limits(hand_in=9_000)) == ["the hand-in has more than 9,000 bytes in all"] * 6
    assert codes(Limits(archive=9_000)) == ["more than 9,000 bytes came out of this archive"] * 8
    assert codes(Limits(file=3_000)) == ["the file is larger than 3,000 bytes"] * 10


def test_several_zips_of_one_trainee_are_one_hand_in_and_files_of_one_name_hide_nothing(desk):
    top = "Li Na_1_assignsubmission_file_"
    path = desk.archive(
        {
            f"{top}/work/small-desk.ipynb": desk.notebook(), f"{top}/work/a.txt": "loose",
            f"{top}/work.zip": packed({"a.txt": "packed", "b.txt": "packed"}),
            f"{top}/more.zip": packed({"c.txt": "c"}),
        }
    )  # fmt: skip
    desk.collect(path)
    files = submitted(desk, "li-na")
    assert sorted(files) == ["a.txt", "b.txt", "more/c.txt", "other-1/work/a.txt", "small-desk.ipynb"]
    assert {files["a.txt"], files["other-1/work/a.txt"]} == {b"loose", b"packed"}
    few = Limits(files=4)
    received = receive_files(
        desk.root, [path], desk.classroom._roster(None), desk.classroom._activities(), desk.said.append, limits=few
    )
    assert [one.message for one in received.refused] == [
        "the hand-in has more than 4 files; the rest of them is not taken."
    ]


@pytest.mark.parametrize(
    ("name", "raw", "words"),
    [
        ("cut.zip", packed({"a": "b" * 99})[:80], "its end is missing"),
        ("page.zip", b"<html>sign in</html>", "this is no zip archive"),
        ("hand-ins.rar", b"Rar!", "only .zip archives are read"),
    ],
)
def test_a_file_that_is_no_archive_is_refused_and_kept(desk, name, raw, words):
    path = desk.tmp / "inbox" / name
    path.parent.mkdir()
    path.write_bytes(raw)
    _, received = desk.collect(path)
    assert words in received.refused[0].message
    (kept,) = [path for path in (desk.root / "refused").iterdir() if path.name.endswith(f"-{name}")]
    assert kept.read_bytes() == raw


# ---------------------------------------------------------------- the command


def test_the_command_ends_with_what_was_taken_known_and_refused(desk, capsys):
    path = desk.archive(
        {
            "Li Na_1_assignsubmission_file_/small-desk.ipynb": desk.notebook(),
            "Ana Ruiz_5_assignsubmission_file_/small-desk.ipynb": desk.notebook(),
        }
    )
    assert main(["collect", str(path), "--class", str(desk.root)]) == 1
    said = capsys.readouterr()
    assert said.out.endswith(
        "Rows for roster.csv, to be completed:\n  <student id>,Ana Ruiz,\n"
        "Taken: 1 notebook and 0 attempts. Known already: 0. Refused: 1.\n"
    )
    assert "roster.csv has nobody with this name or number" in said.err
    assert main(["collect", str(path), "--class", str(desk.root), "--format", "json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["taken"] == {"notebooks": 0, "attempts": 0} and document["known"] == 1
    assert document["roster_rows"] == ["<student id>,Ana Ruiz,"]
    assert [one["code"] for one in document["refused"]] == ["unknown-student"]


def test_the_command_takes_one_notebook_with_its_student(desk, capsys):
    path = desk.tmp / "x.ipynb"
    path.write_bytes(desk.notebook())
    assert main(["collect", str(path), "--class", str(desk.root), "--student", "li-na"]) == 0
    assert "Taken: 1 notebook" in capsys.readouterr().out
    assert main(["collect", str(path), "--class", str(desk.root), "--student", "nobody"]) == 1
    assert "no student `nobody`" in capsys.readouterr().err


def _tree(folder: Path, without: Path | None = None) -> dict[str, bytes]:
    """Return every file below a folder, but for what changes by itself."""
    return {
        str(path): path.read_bytes() for path in folder.rglob("*")
        if path.is_file() and not (without and path.is_relative_to(without)) and path.name != "gradebook.db"
    }  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_trainers_page_quotes_reasons_that_the_command_really_gives(language):
    root = TESTS.parent
    page = (root / "book" / language / "trainers" / "hand-in-by-file.md").read_text(encoding="utf-8")
    code = " ".join(path.read_text(encoding="utf-8") for path in sorted((root / "autograder").glob("*.py")))
    said = re.sub(r'"\s*f?"', "", code)
    table = page.split("| nobody with", 1)[1].split("\n\n", 1)[0]
    quoted = [row.split("|")[0 if number == 0 else 1] for number, row in enumerate(table.split("\n"))]
    quoted[0] = f"nobody with{quoted[0]}"
    pieces = [piece.strip() for one in quoted for piece in re.split("…|;", one) if piece.strip()]
    assert len(pieces) > 10
    assert [piece for piece in pieces if piece not in said] == []
