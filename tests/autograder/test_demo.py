"""The demo class is authored, played, handed in, graded and marked for real, in the language of the class."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.classroom import Classroom
from autograder.demo import add_demo_class, read_demo_class
from trustkit.content import ContentError
from trustkit.course import course_root

DEMO = course_root() / "exercises" / "demo-class"


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> SimpleNamespace:
    """A Chinese class with the demo hand-ins: `classroom`, `rows` of its status by student, and what was `said`."""
    classroom, said = Classroom(tmp_path_factory.mktemp("demo") / "class"), []
    classroom.create("zh", say=said.append)
    classroom.add_demo(say=said.append)
    assignment = next(one for one in classroom.status()["assignments"] if one["hand_ins"])
    return SimpleNamespace(classroom=classroom, rows={row["student"]: row for row in assignment["hand_ins"]}, said=said)


def test_every_authored_trainee_is_in_the_gradebook(demo):
    assert set(demo.rows) == {one.data["student"] for one in read_demo_class(DEMO)}
    assert all(row["autograded"] for row in demo.rows.values())
    assert all(row["note"] == "" for row in demo.rows.values())


def test_the_hand_ins_differ_in_quality(demo):
    assert {row["passed"] for row in demo.rows.values()} == {True, False, None}
    assert any(row["red_line"] for row in demo.rows.values())
    scores = [row["score"] for row in demo.rows.values()]
    assert max(scores) > 0.9 * demo.rows["lin-xiao"]["points"] and len(set(scores)) == len(scores)


def test_one_reply_waits_for_a_person_and_one_trainee_works_on_the_page_only(demo):
    assert [name for name, row in demo.rows.items() if row["waiting"]] == ["sofia-lindqvist"]
    assert [name for name, row in demo.rows.items() if row["road"] == "page"] == ["hassan-nasser"]
    assert {name for name, row in demo.rows.items() if row["feedback"]} == set(demo.rows) - {"sofia-lindqvist"}


def test_names_replies_and_remarks_are_in_the_language_of_the_class(demo):
    assert demo.rows["lin-xiao"]["name"] == "林晓"
    page = demo.classroom.root / "feedback/lin-xiao/first-complaint/first-complaint.html"
    text = page.read_text(encoding="utf-8")
    assert "何静" in text and "只承诺拿得出凭据的事" in text


def test_adding_the_demo_class_again_changes_nothing(demo):
    before = demo.classroom.status()
    said: list[str] = []
    demo.classroom.add_demo(say=said.append)
    assert said == ["The demo class is there already."]
    assert demo.classroom.status() == before


def test_the_marks_in_the_files_are_the_marks_in_the_gradebook(demo):
    for one in read_demo_class(DEMO):
        if marks := one.data.get("marks"):
            assert demo.rows[one.data["student"]]["parts"]["reply"]["score"] == sum(marks["scores"])


@pytest.mark.parametrize(
    ("old", "new", "line_of", "words"),
    [
        ("my-name", "my-game", "choices: [ask-inside, cool-box", "my-game"),
        ("  clean: |", "  cleaned: |", "answers:", "no cell 'cleaned'"),
        ("road: jupyter", "road: bicycle", "road: bicycle", "one of jupyter, page"),
    ],
)
def test_a_mistake_in_an_authored_hand_in_is_named_with_its_line(demo, tmp_path, old, new, line_of, words):
    course = tmp_path / "course"
    for folder in ("cases", "exercises"):
        shutil.copytree(course_root() / folder, course / folder)
    (course / "book").mkdir()
    for path in (course / "exercises" / "demo-class").glob("*.yaml"):
        if not path.name.startswith("1-"):
            path.unlink()
    path = course / "exercises" / "demo-class" / "1-lin-xiao.yaml"
    text = path.read_text(encoding="utf-8").replace(old, new, 1)
    path.write_text(text, encoding="utf-8")
    (tmp_path / "class").mkdir()
    for name in ("class.json", "release", "content", "roster.csv", "gradebook.db", "nbgrader_config.py"):
        source: Path = demo.classroom.root / name
        copy = shutil.copytree if source.is_dir() else shutil.copy
        copy(source, tmp_path / "class" / name)
    with pytest.raises(ContentError) as caught:
        add_demo_class(Classroom(tmp_path / "class", course), say=lambda line: None)
    assert words in caught.value.message
    line = next(number for number, row in enumerate(text.split("\n"), 1) if line_of in row)
    assert (caught.value.path, abs(caught.value.line - line) <= 1) == (path, True)


def test_the_files_hold_both_languages_and_no_real_address():
    for one in read_demo_class(DEMO):
        assert set(one.data["name"]) == {"en", "zh"}
        assert "@" not in json.dumps(one.data)
