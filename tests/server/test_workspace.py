"""The trainee's folder: what is put into it, and what is never touched."""

import json
from pathlib import Path

import pytest

from trustkit import workspace

NOTEBOOK = """---
kernelspec: {display_name: Python 3, language: python, name: python3}
---

(room)=
# A room

See {ref}`lesson-1`, {ref}`this page <lesson-1>` and {term}`trust`; {cited}`1 in 3`.

```{code-cell}
1 + 1
```
"""


@pytest.fixture
def course(tmp_path: Path) -> Path:
    """A course with one notebook in two languages and one lesson to refer to."""
    for language, title in (("en", "1 Trust"), ("zh", "1 信任")):
        for kind in ("notebooks", "book"):
            (tmp_path / "course" / kind / language).mkdir(parents=True)
        (tmp_path / f"course/notebooks/{language}/room.md").write_text(NOTEBOOK, encoding="utf-8")
        (tmp_path / f"course/book/{language}/one.md").write_text(f"(lesson-1)=\n# {title}\n", encoding="utf-8")
    return tmp_path / "course"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "trainee"


def release(tmp_path: Path, *activities: str, name: str = "first") -> Path:
    """Lay out a class's release of one assignment and return the folder of releases."""
    folder = tmp_path / "release" / name
    folder.mkdir(parents=True)
    cells = [{"cell_type": "markdown", "source": ["Hello\n", "# The first one\n"]}]
    notebook = {"cells": cells, "metadata": {"trustkit": {"activities": list(activities), "lang": "zh"}}}
    (folder / f"{name}.ipynb").write_text(json.dumps(notebook), encoding="utf-8")
    return folder.parent


def test_notebooks_arrive_in_every_language_with_plain_words_for_references(course, folder):
    workspace.give_notebooks(folder, course)
    for language, title in (("en", "1 Trust"), ("zh", "1 信任")):
        notebook = json.loads((folder / "notebooks" / language / "room.ipynb").read_text(encoding="utf-8"))
        text = "".join(notebook["cells"][0]["source"])
        assert text == f"# A room\n\nSee *{title}*, this page and trust; 1 in 3."


def test_a_notebook_made_twice_has_the_same_bytes(course):
    source = course / "notebooks/en/room.md"
    assert workspace.notebook_bytes(source, "en/room", {}) == workspace.notebook_bytes(source, "en/room", {})


def test_cells_have_ids_of_their_own(course):
    ids = [
        cell["id"]
        for name in ("en/room", "zh/room")
        for cell in json.loads(workspace.notebook_bytes(course / "notebooks/en/room.md", name, {}))["cells"]
    ]
    assert len(set(ids)) == len(ids) == 4


def test_a_second_time_nothing_is_written(course, folder):
    assert len(workspace.give_notebooks(folder, course)) == 2
    assert workspace.give_notebooks(folder, course) == []


def test_a_notebook_is_renewed_when_its_source_changed(course, folder):
    workspace.give_notebooks(folder, course)
    (course / "notebooks/en/room.md").write_text(NOTEBOOK.replace("A room", "A new room"), encoding="utf-8")
    assert workspace.give_notebooks(folder, course) == [folder / "notebooks/en/room.ipynb"]
    assert workspace.title_of(folder / "notebooks/en/room.ipynb") == "A new room"


@pytest.mark.parametrize("receipt", ["keep", "", "[]", '{"en/room.ipynb": 3}', "{"])
def test_what_the_trainee_has_written_stays_whatever_happens(course, folder, receipt):
    workspace.give_notebooks(folder, course)
    mine = folder / "notebooks/en/room.ipynb"
    mine.write_text("my own work", encoding="utf-8")
    if receipt != "keep":
        (folder / workspace.RECEIPT).write_text(receipt, encoding="utf-8")
    (course / "notebooks/en/room.md").write_text(NOTEBOOK.replace("A room", "A new room"), encoding="utf-8")
    workspace.give_notebooks(folder, course)
    assert mine.read_text(encoding="utf-8") == "my own work"


def test_a_released_assignment_is_fetched_once(tmp_path, folder):
    releases = release(tmp_path, "a-case")
    assert workspace.fetch_assignments(folder, releases) == [folder / "first"]
    (folder / "first" / "first.ipynb").write_text("my own work", encoding="utf-8")
    assert workspace.fetch_assignments(folder, releases) == []
    assert (folder / "first" / "first.ipynb").read_text(encoding="utf-8") == "my own work"


def test_no_release_is_no_error(tmp_path, folder):
    assert workspace.fetch_assignments(folder, tmp_path / "none") == []
    assert workspace.assignments(folder) == []


def test_attempts_belong_to_every_assignment_that_asks_for_them(tmp_path, folder):
    workspace.fetch_assignments(folder, release(tmp_path, "a-case", "a-drill"))
    workspace.fetch_assignments(folder, release(tmp_path, "a-case", name="second"))
    of = {id_: workspace.attempt_folders(folder, id_) for id_ in ("a-case", "a-drill", "another")}
    assert of == {
        "a-case": [folder / "first/attempts", folder / "second/attempts"],
        "a-drill": [folder / "first/attempts"],
        "another": [folder / "attempts"],
    }


def test_an_assignment_tells_its_title_and_language(tmp_path, folder):
    workspace.fetch_assignments(folder, release(tmp_path, "a-case"))
    (assignment,) = workspace.assignments(folder)
    assert (assignment.name, assignment.title) == ("first", "The first one")
    assert workspace.notebook_language(folder / "first") == "zh"


@pytest.mark.parametrize(
    "content", ["", "{", "[]", '{"cells": 3}', '{"metadata": []}', '{"metadata": {"trustkit": 1}}']
)
def test_a_notebook_saved_half_way_stops_nothing(folder, content):
    (folder / "first").mkdir(parents=True)
    (folder / "first" / "first.ipynb").write_text(content, encoding="utf-8")
    assert workspace.assignments(folder) == []
    assert workspace.attempt_folders(folder, "a-case") == [folder / "attempts"]
    assert workspace.title_of(folder / "first" / "first.ipynb") == "first"
    assert workspace.notebook_language(folder / "first") is None


def test_the_student_id_is_the_one_nbgrader_hands_in_under(monkeypatch):
    from nbgrader.utils import get_username

    monkeypatch.setenv("JUPYTERHUB_USER", "wei")
    assert workspace.student_id() == get_username()


def test_in_a_container_of_a_hub_the_hub_says_who_is_working(monkeypatch):
    monkeypatch.setenv("JUPYTERHUB_USER", "wei")
    monkeypatch.setattr("getpass.getuser", lambda: "jovyan")
    assert workspace.student_id() == "wei"
