"""An exercise source becomes the same notebook every time, in both languages, and its mistakes are named by line."""

from __future__ import annotations

import shutil
from pathlib import Path

import nbformat
import pytest

from autograder.source import ExerciseError, read_exercise, write_source

from .conftest import COURSE

SOURCE = COURSE / "exercises" / "source" / "small-desk"


@pytest.fixture
def draft(tmp_path) -> Path:
    """A copy of the small exercise that a test may spoil."""
    return Path(shutil.copytree(SOURCE, tmp_path / "small-desk"))


def spoil(draft: Path, old: str, new: str, file: str = "small-desk.md") -> int:
    """Replace a text in the draft and return the line it stood in."""
    path = draft / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return text[: text.index(old)].count("\n") + 1


def refusal(draft: Path) -> ExerciseError:
    """Return the error that reading the draft gives."""
    with pytest.raises(ExerciseError) as caught:
        read_exercise(draft)
    return caught.value


def test_points_are_counted_by_part():
    assert read_exercise(SOURCE).points == {"lab": 5, "reply": 0, "criterion": 8, "red-line": 0}


def test_cell_ids_come_from_the_author_and_from_positions():
    cells = read_exercise(SOURCE).notebook("en").cells
    assert [cell.id for cell in cells][:4] == ["welcome", "hint", "numbers", "middle"]


def test_a_cell_without_an_id_is_named_by_its_position(draft):
    spoil(draft, '+++ {"id": "hint"}', "+++")
    spoil(draft, "hint:", "cell-2:", "zh.yaml")
    assert read_exercise(draft).cells[1].id == "cell-2"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_the_notebook_is_valid_keeps_its_activities_and_language_and_is_the_same_twice(tmp_path, lang):
    exercise = read_exercise(SOURCE)
    first = write_source(exercise, lang, tmp_path / "one").read_bytes()
    assert first == write_source(read_exercise(SOURCE), lang, tmp_path / "two").read_bytes()
    notebook = nbformat.reads(first.decode("utf-8"), as_version=4)
    nbformat.validate(notebook)
    assert notebook.metadata.trustkit == {"activities": [], "lang": lang}


def test_both_languages_share_ids_metadata_and_code():
    exercise = read_exercise(SOURCE)
    english, chinese = exercise.notebook("en").cells, exercise.notebook("zh").cells
    assert [(cell.id, cell.metadata) for cell in english] == [(cell.id, cell.metadata) for cell in chinese]
    code = [(cell.id, cell.source) for cell in english if cell.cell_type == "code"]
    assert code == [(cell.id, cell.source) for cell in chinese if cell.cell_type == "code"]
    assert "小服务台" in chinese[0].source


def test_windows_line_ends_and_a_byte_order_mark_change_nothing(draft):
    wanted = read_exercise(SOURCE).notebook("zh")
    for path in draft.iterdir():
        path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    assert read_exercise(draft).notebook("zh") == wanted


def test_files_beside_the_source_go_beside_the_notebook(draft, tmp_path):
    (draft / "files" / "pictures").mkdir(parents=True)
    (draft / "files" / "pictures" / "fridge.svg").write_text("<svg/>")
    notebook = write_source(read_exercise(draft), "en", tmp_path / "out")
    assert (notebook.parent / "pictures" / "fridge.svg").read_text() == "<svg/>"


def test_a_missing_chinese_cell_is_named_with_the_line_of_the_english_one(draft):
    spoil(draft, "hint: |\n  您可以添加自己的单元格。\n", "", "zh.yaml")
    line = (draft / "small-desk.md").read_text().split("\n").index("You may add cells of your own.") + 1
    error = refusal(draft)
    assert (error.path.name, error.line) == ("small-desk.md", line)
    assert "`hint` has no Chinese text" in error.message


def test_a_chinese_text_without_its_cell_is_named_with_its_line(draft):
    line = spoil(draft, "hint:", "hints:", "zh.yaml")
    error = refusal(draft)
    assert (error.path.name, error.line) == ("zh.yaml", line)
    assert "no text cell `hints`" in error.message


def test_a_chinese_mark_scheme_without_its_marks_is_refused(draft):
    spoil(draft, "  ### BEGIN MARK SCHEME\n  0 冷漠，2 套话，4 具体\n  ### END MARK SCHEME\n", "", "zh.yaml")
    assert "1 MARK SCHEME region(s), the Chinese 0" in refusal(draft).message


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('"grade_id": "reply-care"', '"grade_id": "reply"', "is used already in line"),
        ('"grade_id": "reply-care"', '"grade_id": "reply care"', "only letters, digits"),
        ('"grade_id": "reply-care"', '"grade-id": "reply-care"', "does not know grade-id"),
        ('"points": 4, "task": true', '"task": true', "needs `points`"),
        ('"grade": true, "grade_id": "reply"', '"grade_id": "reply"', "a reply has both"),
        ("### END HIDDEN TESTS", "", "no END HIDDEN TESTS"),
        ("waits = [5, 7, 60]", "### BEGIN SOLUTION\nwaits = [5]\n### END SOLUTION", "only a solution cell"),
        ("You may add", "### BEGIN MARK SCHEME\nYou may\n### END MARK SCHEME", "only a task cell"),
        ("waits = [5, 7, 60]", "waits = [5, 7, 60", "not valid Python"),
        ("in (72,)", "== 72", "bare `==`"),
        ("activities: []", "activities: trust-or-not", "must be a list"),
    ],
)
def test_a_mistake_of_an_author_is_refused_with_its_line(draft, old, new, words):
    line = spoil(draft, old, new)
    error = refusal(draft)
    assert words in error.message
    assert abs(error.line - line) <= 12 and error.line > 0


def test_the_line_of_a_bare_equality_is_exact(draft):
    line = spoil(draft, "in (72,)", "== 72")
    assert refusal(draft).line == line


def test_a_role_play_cell_must_promise_the_points_it_is_worth(draft):
    spoil(draft, "assert total(waits) in (72,)", 'marks_for_role_play("a-case", points=5)')
    assert "worth 3 points, but its call says 5" in refusal(draft).message


def test_a_missing_source_and_a_wrong_encoding_are_named(draft):
    (draft / "small-desk.md").write_bytes("李女士".encode("gb18030"))
    assert "not in UTF-8" in refusal(draft).message
    (draft / "small-desk.md").unlink()
    assert "does not exist" in refusal(draft).message
