"""The gradebook is opened with less work, and what nbgrader writes is the same to the row."""

from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
import threading
from pathlib import Path

import jsonschema
import nbformat
import pytest
from sqlalchemy import create_engine

from autograder import lean_nbgrader
from autograder.demo import write_hand_in
from autograder.nbgrader_config import COURSE_ID
from autograder.source import exercises_folder, read_exercise, write_source

from .conftest import COURSE, RIGHT, TOTAL
from .gradebook_rows import rows_of

import nbgrader.api as api  # isort: skip
from nbgrader.nbgraderformat import MetadataValidator, ValidationError  # isort: skip

ANSWERS = {"right": {**RIGHT, "reply": "Dear Ms Li, we missed the visit."}, "half": {"total": TOTAL}}

GRADE = """
import json, sys
from pathlib import Path
from autograder import lean_imports, lean_nbgrader
if sys.argv[2] == "stock":
    lean_nbgrader.install = lambda: None
import nbgrader.api
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory
from sqlalchemy import event
from sqlalchemy.pool import Pool
from traitlets.config import Config
from autograder.nbgrader_config import configure

count = {"engines": 0, "connections": 0}
make = nbgrader.api.create_engine
def counted(*args, **options):
    count["engines"] += 1
    return make(*args, **options)
nbgrader.api.create_engine = counted
@event.listens_for(Pool, "connect")
def connected(*_):
    count["connections"] += 1

config = configure(Config(), Path(sys.argv[1]))
api = NbGraderAPI(coursedir=CourseDirectory(config=config), config=config)
steps = [api.generate_assignment("small-desk")]
for step in sys.stdin.read().split():
    steps.append(api.autograde("small-desk", step, force=True))
assert all(step["success"] for step in steps), [step["log"] for step in steps]
print(json.dumps(count))
"""


@pytest.fixture(scope="module")
def stock_and_lean(tmp_path_factory) -> dict[str, tuple[dict, dict]]:
    """The same hand-ins graded by nbgrader as it is and by the lean one: rows of the gradebook, and counts."""
    found = {}
    for kind in ("stock", "lean"):
        root = tmp_path_factory.mktemp(kind)
        (root / "grading-seed").write_text("1")
        write_source(read_exercise(exercises_folder(COURSE) / "small-desk"), "en", root / "source")
        _run(root, kind, [])
        for student, answers in ANSWERS.items():
            folder = root / "submitted" / student / "small-desk"
            write_hand_in(root / "release" / "small-desk", folder, answers=answers)
            (folder / "timestamp.txt").write_text("2026-03-02 10:00:00.000000 UTC")
        # one of them twice: the second time rows are found, not made
        count = _run(root, kind, [*ANSWERS, "right"])
        found[kind] = rows_of(f"sqlite:///{root / 'gradebook.db'}"), count
    return found


def _run(root: Path, kind: str, students: list[str]) -> dict[str, int]:
    # stock nbgrader finds the program `alembic` on the PATH only
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    ended = subprocess.run(
        [sys.executable, "-c", GRADE, str(root), kind], cwd=root, input="\n".join(students), text=True,
        env={**os.environ, "PATH": path}, capture_output=True, check=False,
    )  # fmt: skip
    assert ended.returncode == 0, ended.stderr
    return json.loads(ended.stdout.splitlines()[-1])


def test_generating_and_grading_write_the_same_rows_as_stock_nbgrader(stock_and_lean):
    (stock, _), (lean, _) = stock_and_lean["stock"], stock_and_lean["lean"]
    assert stock.keys() == lean.keys()
    for table, rows in stock.items():
        assert lean[table] == rows, table
    # the comparison sees something
    assert len(stock["student"]) == 2 and len(stock["grade"]) >= 4 and stock["alembic_version"]
    assert any(row["auto_score"] == "3.0" for row in stock["grade"])


def test_a_grading_process_makes_one_engine_and_one_connection_for_all_its_hand_ins(stock_and_lean):
    _, stock = stock_and_lean["stock"]
    _, lean = stock_and_lean["lean"]
    assert lean == {"engines": 1, "connections": 1}
    assert stock["engines"] > 30


@pytest.fixture
def lean(tmp_path) -> str:
    """The address of a new gradebook, in a process with lean nbgrader."""
    lean_nbgrader.install()
    return f"sqlite:///{tmp_path / 'gradebook.db'}?timeout=60"


def test_installing_twice_changes_nothing(lean):
    before = api.Gradebook.__init__, api.Gradebook.close, api.get_alembic_version
    lean_nbgrader.install()
    assert (api.Gradebook.__init__, api.Gradebook.close, api.get_alembic_version) == before


def test_a_gradebook_that_was_deleted_and_made_again_is_the_new_one(lean, tmp_path):
    for _ in range(3):
        with api.Gradebook(lean, COURSE_ID) as gradebook:
            assert gradebook.students == []
            gradebook.add_student("lin")
        with api.Gradebook(lean, COURSE_ID) as gradebook:
            assert len(gradebook.students) == 1
        (tmp_path / "gradebook.db").unlink()


def test_a_gradebook_that_was_replaced_by_another_is_read_anew(lean, tmp_path):
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        gradebook.add_student("lin")
    (tmp_path / "copy.db").write_bytes((tmp_path / "gradebook.db").read_bytes())
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        gradebook.add_student("noor")
    os.replace(tmp_path / "copy.db", tmp_path / "gradebook.db")
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        assert [student.id for student in gradebook.students] == ["lin"]


def test_a_gradebook_that_was_emptied_gets_its_tables_again(lean, tmp_path):
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        gradebook.add_student("lin")
    (tmp_path / "gradebook.db").write_bytes(b"")
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        assert gradebook.students == []


def test_a_gradebook_has_one_engine_by_whatever_path_it_is_named(lean, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with api.Gradebook(lean, COURSE_ID) as gradebook, api.Gradebook("sqlite:///gradebook.db?timeout=60") as other:
        assert other.engine is gradebook.engine
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    with api.Gradebook(lean, COURSE_ID) as gradebook, api.Gradebook("sqlite:///gradebook.db?timeout=60") as other:
        assert other.engine is not gradebook.engine


@pytest.mark.parametrize("address", ["sqlite://", "sqlite:///:memory:"])
def test_a_gradebook_in_memory_is_a_new_one_each_time(lean, address):
    for _ in range(2):
        with api.Gradebook(address, COURSE_ID) as gradebook:
            assert gradebook.students == []
            gradebook.add_student("lin")


def test_threads_share_an_engine_and_not_their_sessions(lean, tmp_path):
    wrong = []

    def enter(name: str) -> None:
        try:
            for number in range(5):
                with api.Gradebook(lean, COURSE_ID) as gradebook:
                    gradebook.add_student(f"{name}-{number}")
        except Exception as problem:
            wrong.append(problem)

    threads = [threading.Thread(target=enter, args=(name,)) for name in "abcdefghijklmnopqrst"]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        assert len(gradebook.students) == 100


def test_forty_sessions_can_be_open_at_once(lean):
    gradebooks = [api.Gradebook(lean, COURSE_ID) for _ in range(40)]
    # each has read and not ended its transaction, so each holds a connection
    assert [gradebook.students for gradebook in gradebooks] == [[]] * 40
    for gradebook in gradebooks:
        gradebook.close()


@pytest.mark.skipif(not hasattr(os, "fork"), reason="this system has no fork")
def test_a_forked_child_opens_connections_of_its_own(lean, tmp_path):
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        parents = gradebook.engine
        process = multiprocessing.get_context("fork").Process(target=_add_in_child, args=(lean, parents))
        process.start()
        process.join(60)
        assert process.exitcode == 0
        assert [student.id for student in gradebook.students] == ["child"]
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        assert gradebook.engine is parents


def _add_in_child(lean: str, parents: object) -> None:
    with api.Gradebook(lean, COURSE_ID) as gradebook:
        assert gradebook.engine is not parents
        gradebook.add_student("child")


OPEN_NOW = """
import sys
from autograder import lean_nbgrader
import nbgrader.api as api
lean_nbgrader.install()
sys.stdin.readline()
with api.Gradebook(sys.argv[1], "a-course") as gradebook:
    gradebook.add_student(sys.argv[2])
"""


def test_processes_that_make_the_same_gradebook_at_once_all_get_it(lean):
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", OPEN_NOW, lean, f"s{number}"], stdin=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]  # fmt: skip
    for process in processes:
        process.stdin.write("now\n")
        process.stdin.flush()
    for process in processes:
        said = process.communicate(timeout=120)[1]
        assert process.returncode == 0, said
    rows = rows_of(lean)
    assert len(rows["student"]) == 4 and len(rows["alembic_version"]) == 1 and len(rows["course"]) == 1


def test_a_process_that_comes_while_another_makes_the_tables_waits_for_them(lean):
    opened = []
    engine = create_engine(lean)
    with engine.connect() as connection:
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        api.Base.metadata.create_all(bind=connection)
        connection.exec_driver_sql("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.exec_driver_sql(f"INSERT INTO alembic_version VALUES ('{api.get_alembic_version()}')")
        thread = threading.Thread(target=lambda: opened.append(api.Gradebook(lean, COURSE_ID)))
        thread.start()
        thread.join(1)
        assert not opened
        connection.commit()
    thread.join(60)
    engine.dispose()
    assert opened[0].students == []
    opened[0].close()


def _cell(**meta: object) -> nbformat.NotebookNode:
    given = {"schema_version": 3, "grade": True, "grade_id": "a", "locked": False, "solution": True, "points": 1}
    return nbformat.v4.new_code_cell(metadata={"nbgrader": {**given, **meta}})


@pytest.mark.parametrize("wrong", [{"grade_id": "two words"}, {"points": -1}, {"locked": "yes"}, {"colour": "red"}])
def test_cell_metadata_is_refused_with_the_words_of_the_stock_check(lean, wrong):
    validator = MetadataValidator()
    validator.validate_cell(_cell())
    with pytest.raises(ValidationError) as found:
        validator.validate_cell(_cell(**wrong))
    with pytest.raises(ValidationError) as stock:
        jsonschema.validate(_cell(**wrong).metadata.nbgrader, validator.schema)
    assert str(found.value) == str(stock.value)


def test_a_schema_is_checked_once_and_not_for_every_cell(lean, monkeypatch):
    MetadataValidator().validate_cell(_cell())
    kind = jsonschema.validators.validator_for(MetadataValidator().schema)
    monkeypatch.setattr(kind, "check_schema", lambda *_, **__: pytest.fail("the schema was checked again"))
    MetadataValidator().validate_cell(_cell())
