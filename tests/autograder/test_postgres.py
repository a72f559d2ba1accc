"""A class keeps its gradebook on a real PostgreSQL server: the rows of SQLite, whatever becomes of the server."""

from __future__ import annotations

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import nbgrader.api
import psycopg
import pytest
from sqlalchemy import create_engine, text

from autograder import database, lean_nbgrader
from autograder.classroom import Classroom
from autograder.database import DatabaseError, database_url, has_gradebook
from autograder.gradebook import give_marks, hand_ins, open_gradebook
from autograder.lean_nbgrader import schema_version
from trustkit.cli import main

from .conftest import COURSE, HAND_INS, submit
from .gradebook_rows import rows_of
from .postgres_server import PASSWORD, USER, Server, programs

QUIET = {"say": lambda line: None}
HANDED_IN = {name: HAND_INS[name] for name in ("right", "nothing", "lost-cells", "spy", "מרים-العربية")}
# a capital letter comes first in one order of letters and last in another
HANDED_IN["Zoe"] = HAND_INS["seven"]
STUDENTS = tuple(HANDED_IN)
CRITERIA = ("reply-problem", "reply-care")
TOKEN = "postgres-test"
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def server(tmp_path_factory) -> Iterator[Server]:
    """A running server; PostgreSQL's own password file knows its password, as a teacher's would."""
    if programs() is None:
        pytest.skip("PostgreSQL is not installed here (Debian: sudo apt-get install postgresql)")
    server = Server()
    known = tmp_path_factory.mktemp("home") / "pgpass"
    escaped = PASSWORD.replace("\\", "\\\\").replace(":", "\\:")
    known.write_text(f"127.0.0.1:{server.port}:*:{USER}:{escaped}\n")
    known.chmod(0o600)
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PGPASSFILE", str(known))
        patch.delenv(database.VARIABLE, raising=False)
        try:
            server.start()
            yield server
        finally:
            server.remove()


def new_class(root: Path, address: str | None) -> Classroom:
    """Make a class; with an address, `TRUSTKIT_DATABASE_URL` is set while it is made and not later."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(database.VARIABLE, address or "")
        classroom = Classroom(root, COURSE)
        classroom.create("en", **QUIET)
    return classroom


def hand_in_the_same(classroom: Classroom, model: Classroom) -> None:
    """Put into a class's exchange what was handed in to another, and give both one grading seed."""
    shutil.copy(model.root / "grading-seed", classroom.root / "grading-seed")
    inbound = Path("exchange", "customer-trust", "inbound")
    shutil.copytree(model.root / inbound, classroom.root / inbound, dirs_exist_ok=True)
    classroom.collect(**QUIET)


def mark_all(classroom: Classroom) -> None:
    for hand_in in hand_ins(classroom.root):
        if hand_in.waiting:
            comments = {"reply-care": f"To {hand_in.student}: “Dear” is a start. 很好 😀"}
            give_marks(classroom.root, hand_in.student, hand_in.assignment, dict.fromkeys(CRITERIA, 4.0), comments)


@pytest.fixture(scope="module")
def sqlite_class(tmp_path_factory) -> Classroom:
    """A class on SQLite that was released, graded, marked and given feedback."""
    work = tmp_path_factory.mktemp("on-sqlite")
    classroom = new_class(work / "class", None)
    classroom.release("small-desk", **QUIET)
    submit(classroom, "small-desk", work / "desks", HANDED_IN)
    classroom.collect(**QUIET)
    outcome = classroom.autograde("small-desk", **QUIET)
    assert set(outcome.values()) == {"graded"}
    mark_all(classroom)
    assert set(classroom.feedback("small-desk", **QUIET).values()) == {"released"}
    return classroom


@pytest.fixture(scope="module")
def postgres_class(server, sqlite_class, tmp_path_factory) -> Classroom:
    """The same class with the same hand-ins on PostgreSQL."""
    classroom = new_class(tmp_path_factory.mktemp("on-postgres") / "class", server.make_database("trust"))
    classroom.release("small-desk", **QUIET)
    hand_in_the_same(classroom, sqlite_class)
    outcome = classroom.autograde("small-desk", **QUIET)
    assert set(outcome.values()) == {"graded"}
    mark_all(classroom)
    assert set(classroom.feedback("small-desk", **QUIET).values()) == {"released"}
    return classroom


@pytest.fixture
def marked(server, postgres_class) -> Iterator[Classroom]:
    """The class on PostgreSQL for a test that changes its marks; afterwards they are as before."""
    yield postgres_class
    mark_again = {student: dict.fromkeys(CRITERIA, 4.0) for student in ("right", "מרים-العربية")}
    for student, scores in mark_again.items():
        give_marks(postgres_class.root, student, "small-desk", scores, {})


def rows(classroom: Classroom) -> dict[str, list[dict[str, str]]]:
    return rows_of(database_url(classroom.root))


def same_rows(one: Classroom, other: Classroom) -> None:
    these, those = rows(one), rows(other)
    assert these.keys() == those.keys()
    for table, found in these.items():
        assert found == those[table], table


# ---------------------------------------------------------------------- the same class on both


def test_every_table_has_the_rows_that_the_same_class_has_on_sqlite(postgres_class, sqlite_class):
    same_rows(postgres_class, sqlite_class)
    found = rows(postgres_class)
    assert len(found["student"]) == len(STUDENTS) and len(found["grade"]) >= 5 * len(STUDENTS)
    assert any("很好" in row["manual_comment"] for row in found["comment"])
    assert not (postgres_class.root / "gradebook.db").exists()


def test_marks_status_and_export_are_the_same(postgres_class, sqlite_class, tmp_path):
    assert hand_ins(postgres_class.root) == hand_ins(sqlite_class.root)
    statuses = [classroom.status()["assignments"] for classroom in (postgres_class, sqlite_class)]
    assert statuses[0] == statuses[1]
    tables = [
        classroom.export(tmp_path / f"{name}.csv", **QUIET).read_bytes()
        for name, classroom in (("postgres", postgres_class), ("sqlite", sqlite_class))
    ]
    assert tables[0] == tables[1] and tables[0].count(b"\n") > len(STUDENTS)


def test_feedback_pages_are_the_same(postgres_class, sqlite_class):
    for student in STUDENTS:
        pages = [
            (classroom.root / "feedback" / student / "small-desk" / "small-desk.html").read_text(encoding="utf-8")
            for classroom in (postgres_class, sqlite_class)
        ]
        assert pages[0] == pages[1] and len(pages[0]) > 1000


def test_the_report_is_the_same(postgres_class, sqlite_class):
    from autograder.report.figures import report_of
    from autograder.report.gather import gather

    reports = [report_of(gather(one, made="2026-04-21 09:10", **QUIET)) for one in (postgres_class, sqlite_class)]
    assert reports[0] == reports[1] and len(reports[0].trainees) == len(STUDENTS)


def test_a_certificate_reads_the_marks_of_its_class(postgres_class, sqlite_class, tmp_path, capsys):
    (tmp_path / "attempts").mkdir()
    said = []
    for classroom in (postgres_class, sqlite_class):
        typed = ["certificate", tmp_path / "attempts", "--name", "Li Na", "--track", "agent", "--observed-by", "Tomas",
                 "--student", "right", "--out", tmp_path / "out.pdf", "--class", classroom.root]  # fmt: skip
        assert main([str(one) for one in typed]) == 1
        said.append(capsys.readouterr().err)
    assert said[0] == said[1] and "The written reply has 8 of 32 points." in said[0]


# ---------------------------------------------------------------------- where the setting stands, and the password


def test_the_class_remembers_its_database_without_the_password(server, postgres_class):
    assert (postgres_class.root / database.RECORD).read_text().strip() == server.shown("trust")
    assert database_url(postgres_class.root) == server.shown("trust")
    assert has_gradebook(postgres_class.root) and not has_gradebook(postgres_class.root.parent)


def test_no_file_of_the_class_holds_the_password(postgres_class):
    words = [PASSWORD.encode(), quote(PASSWORD, safe="").encode()]
    files = [path for path in postgres_class.root.rglob("*") if path.is_file()]
    assert len(files) > 20
    assert [path for path in files if any(word in path.read_bytes() for word in words)] == []


@pytest.fixture
def without_pgpass(server, monkeypatch, tmp_path) -> Server:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    return server


def test_the_password_may_stand_in_the_variable_alone(without_pgpass, postgres_class, monkeypatch):
    monkeypatch.setenv(database.VARIABLE, without_pgpass.own("trust"))
    assert PASSWORD not in database_url(postgres_class.root)
    code = "import sys; from trustkit.cli import main; sys.exit(main(sys.argv[1:]))"
    typed = ["grade", "status", "--class", str(postgres_class.root)]
    done = subprocess.run([sys.executable, "-c", code, *typed], capture_output=True, text=True, cwd=ROOT)
    assert done.returncode == 0, done.stderr
    assert "right" in done.stdout


@pytest.mark.parametrize(
    "address", ["postgresql://", "mysql://keeper:pw-in-it@host/trust", "pw-in-it", "postgresql:///"]
)
def test_a_setting_that_is_no_address_is_told_without_repeating_it(tmp_path, monkeypatch, address):
    monkeypatch.setenv(database.VARIABLE, address)
    with pytest.raises(DatabaseError, match="does not hold the address of a PostgreSQL database") as found:
        Classroom(tmp_path / "class", COURSE).create("en", **QUIET)
    assert "pw-in-it" not in str(found.value)
    assert not (tmp_path / "class" / "class.json").exists()


def test_a_class_on_sqlite_stays_there(tmp_path, monkeypatch):
    classroom = new_class(tmp_path / "class", None)
    assert database_url(classroom.root).startswith("sqlite:///")
    monkeypatch.setenv(database.VARIABLE, f"postgresql://keeper:{'pw-in-it'}@db.example/trust")
    with pytest.raises(DatabaseError, match="keeps its gradebook in a SQLite file") as found:
        hand_ins(classroom.root)
    assert "pw-in-it" not in str(found.value) and "postgresql+psycopg://keeper@db.example/trust" in str(found.value)


def test_a_class_on_postgres_does_not_open_another_database(server, postgres_class, monkeypatch):
    monkeypatch.setenv(database.VARIABLE, server.own("another"))
    with pytest.raises(DatabaseError, match="has moved") as found:
        hand_ins(postgres_class.root)
    assert PASSWORD not in str(found.value)


def test_two_classes_do_not_share_a_database(server, postgres_class, tmp_path):
    with pytest.raises(DatabaseError, match="is not empty, and each class needs one of its own"):
        new_class(tmp_path / "class", server.own("trust"))
    assert not has_gradebook(tmp_path / "class")


# ---------------------------------------------------------------------- what can be wrong


def told(address: str, root: Path) -> str:
    """Return what a person is told who makes a class at an address; never the password, never a traceback."""
    code = "import sys; from trustkit.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "grade", "create", "--class", str(root)], capture_output=True, text=True,
        cwd=ROOT, env={**os.environ, database.VARIABLE: address},
    )  # fmt: skip
    assert done.returncode == 1, done.stderr
    assert "Traceback" not in done.stderr and PASSWORD not in done.stderr + done.stdout
    assert len(done.stderr.strip().splitlines()) == 1
    assert not has_gradebook(root)
    return done.stderr


def test_a_server_that_is_not_there_is_one_sentence(server, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = server.own("trust").replace(str(server.port), str(free.getsockname()[1]))
    assert "does not answer. Start it" in told(address, tmp_path / "class")
    assert "does not answer" in told("postgresql://keeper@no-such-host.invalid/trust", tmp_path / "other")


def test_a_wrong_password_is_one_sentence(without_pgpass, tmp_path):
    wrong = f"postgresql://{USER}:wrong@127.0.0.1:{without_pgpass.port}/trust"
    assert f"does not accept the password of `{USER}`" in told(wrong, tmp_path / "class")
    none = f"postgresql://{USER}@127.0.0.1:{without_pgpass.port}/trust"
    assert "or was given none" in told(none, tmp_path / "other")


def test_a_missing_database_is_one_sentence(server, tmp_path):
    assert "createdb no-such" in told(server.own("no-such"), tmp_path / "class")


def test_a_user_who_may_not_make_tables_is_one_sentence(server, tmp_path, monkeypatch):
    server.make_database("foreign")
    server.run("postgres", "CREATE ROLE guest LOGIN PASSWORD 'guest'")
    classroom = Classroom(tmp_path / "class", COURSE)
    monkeypatch.setenv(database.VARIABLE, f"postgresql://guest:guest@127.0.0.1:{server.port}/foreign")
    with pytest.raises(DatabaseError, match="`guest` may not make tables"):
        classroom.create("en", **QUIET)


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_tables_of_another_nbgrader_are_told_before_anything_is_read(kind, tmp_path, request):
    address = request.getfixturevalue("server").make_database(f"old-{kind}") if kind == "postgresql" else None
    classroom = new_class(tmp_path / "class", address)
    engine = create_engine(database_url(classroom.root))
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '50a4d84c131a'"))
    engine.dispose()
    code = "import sys; from trustkit.cli import main; sys.exit(main(sys.argv[1:]))"
    done = subprocess.run(
        [sys.executable, "-c", code, "grade", "export", str(tmp_path / "x.csv"), "--class", str(classroom.root)],
        capture_output=True, text=True, cwd=ROOT,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "50a4d84c131a" in done.stderr and schema_version() in done.stderr and "nbgrader db upgrade" in done.stderr


# ---------------------------------------------------------------------- several at once


WRITE = """
import sys
from pathlib import Path
from autograder.gradebook import give_marks
root, students, mine, last = Path(sys.argv[1]), sys.argv[2].split(), sys.argv[3], float(sys.argv[4])
sys.stdin.readline()
for number in range(40):
    # the first row is everybody's in turn, the second is this marker's own
    give_marks(root, students[number % len(students)], "small-desk", {"reply-problem": last}, {})
    give_marks(root, mine, "small-desk", {"reply-care": number % 5}, {"reply-care": f"{mine} {number}"})
print("done")
"""


@pytest.mark.filterwarnings("ignore::sqlalchemy.exc.SAWarning")  # nbgrader's own
@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_four_people_who_mark_at_once_lose_nothing(kind, request, tmp_path):
    address = request.getfixturevalue("server").make_database("markers") if kind == "postgresql" else None
    classroom = new_class(tmp_path / "class", address)
    classroom.release("small-desk", **QUIET)
    everybody = [f"s{number}" for number in range(4)]
    with open_gradebook(classroom.root) as gradebook:
        for student in everybody:
            gradebook.add_student(student)
            gradebook.add_submission("small-desk", student)
    writers = [
        subprocess.Popen(
            [sys.executable, "-c", WRITE, str(classroom.root), " ".join(everybody), student, str(number)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for number, student in enumerate(everybody)
    ]  # fmt: skip
    for writer in writers:
        writer.stdin.write("now\n")
        writer.stdin.flush()
    for writer in writers:
        said, wrong = writer.communicate(timeout=300)
        assert writer.returncode == 0 and said == "done\n", wrong
    for hand_in in hand_ins(classroom.root):
        by_cell = {mark.cell: mark for mark in hand_in.marks}
        assert by_cell["reply-care"].comment == f"{hand_in.student} 39" and by_cell["reply-care"].score == 4
        assert by_cell["reply-problem"].score in (0, 1, 2, 3)


def test_of_two_processes_that_make_the_tables_one_waits_for_the_other(server):
    lean_nbgrader.install()
    server.make_database("tables")
    opened = []

    def open_it() -> None:
        with nbgrader.api.Gradebook(server.shown("tables"), "a-course") as gradebook:
            opened.append(gradebook.students)

    with psycopg.connect(server.own("tables")) as connection:
        connection.execute("SELECT pg_advisory_xact_lock(hashtext('nbgrader tables'))")
        thread = threading.Thread(target=open_it)
        thread.start()
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while thread.is_alive() and not connection.execute(waiting).fetchone()[0]:
            time.sleep(0.1)
        assert thread.is_alive() and not opened
    thread.join(60)
    assert opened == [[]]


GRADE = """
import json, sys
from pathlib import Path
from autograder.worker import Task, run_tasks
sys.stdin.readline()
tasks = [Task("autograde", "small-desk", student) for student in sys.argv[2:]]
done = run_tasks(Path(sys.argv[1]), tasks)
print(json.dumps({one.task.student: "graded" if one.ok else one.log for one in done}))
"""


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
def test_two_graders_at_once_and_a_marker_beside_them_lose_nothing(kind, sqlite_class, request, tmp_path):
    # Graders of two machines: on one machine a class waits until the other command has finished.
    if kind == "postgresql":
        marked = request.getfixturevalue("marked")
    else:
        shutil.copytree(sqlite_class.root, tmp_path / "class")
        marked = Classroom(tmp_path / "class", COURSE)
    halves = [STUDENTS[1:3], STUDENTS[3:4]]
    graders = [
        subprocess.Popen(
            [sys.executable, "-c", GRADE, str(marked.root), *half], cwd=ROOT,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )
        for half in halves
    ]  # fmt: skip
    for grader in graders:
        grader.stdin.write("now\n")
        grader.stdin.flush()
    number = 0
    while any(grader.poll() is None for grader in graders):
        number += 1
        give_marks(marked.root, "right", "small-desk", {"reply-care": number % 5}, {})
        time.sleep(0.02)
    for grader, half in zip(graders, halves):
        said, wrong = grader.communicate(timeout=10)
        assert grader.returncode == 0, wrong
        assert json.loads(said) == dict.fromkeys(half, "graded")
    give_marks(marked.root, "right", "small-desk", {"reply-care": 4}, {})
    assert number > 10
    same_rows(marked, sqlite_class)


# ---------------------------------------------------------------------- a server that goes away


@pytest.mark.parametrize("begun", [2, 4])
def test_a_server_that_dies_while_hand_ins_are_graded_costs_a_second_run_and_nothing_else(
    server, sqlite_class, tmp_path, begun
):
    moment = random.uniform(0, 0.1)
    print(f"The server dies {moment} s after the row of hand-in {begun} is there.")
    classroom = new_class(tmp_path / "class", server.make_database(f"crash-{begun}"))
    classroom.release("small-desk", **QUIET)
    hand_in_the_same(classroom, sqlite_class)
    outcome: dict[str, str] = {}
    grading = threading.Thread(target=lambda: outcome.update(classroom.autograde("small-desk", workers=1, **QUIET)))
    grading.start()
    with psycopg.connect(server.own(f"crash-{begun}"), autocommit=True) as connection:
        # with the row of a hand-in all before it are complete, and it has just begun
        count = "SELECT count(*) FROM submitted_assignment"
        while grading.is_alive() and connection.execute(count).fetchone()[0] < begun:
            time.sleep(0.005)
        time.sleep(moment)
        server.crash()
    grading.join(300)
    try:
        failed = {student: words for student, words in outcome.items() if words != "graded"}
        assert failed and len(failed) < len(STUDENTS), outcome
        for words in failed.values():
            assert "does not answer. Start it" in words and PASSWORD not in words and "Traceback" not in words
        with pytest.raises(DatabaseError, match="does not answer"):
            hand_ins(classroom.root)
    finally:
        server.start()
    again = classroom.autograde("small-desk", **QUIET)
    assert {again[student] for student in failed} == {"graded"}
    assert {words for student, words in again.items() if student not in failed} <= {"graded", "unchanged"}
    mark_all(classroom)
    same_rows(classroom, sqlite_class)


@pytest.fixture
def formgrader(without_pgpass, marked, tmp_path) -> Iterator[SimpleNamespace]:
    """The class on PostgreSQL in nbgrader's formgrader, which has the password from the variable: `ask` and `log`."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = {f"JUPYTER_{name}_DIR": str(tmp_path / name) for name in ("CONFIG", "DATA", "RUNTIME")}
    settings[database.VARIABLE] = without_pgpass.own("trust")
    with open(tmp_path / "log", "w") as log:
        jupyter = subprocess.Popen(
            [
                sys.executable, "-m", "jupyter_server", "--no-browser", f"--port={port}", "--ServerApp.port_retries=0",
                f"--ServerApp.root_dir={marked.root}", f"--IdentityProvider.token={TOKEN}", "--allow-root", "--debug",
                "--ServerApp.jpserver_extensions={'nbgrader.server_extensions.formgrader': True}",
            ],
            cwd=marked.root, env={**os.environ, **settings}, stdout=log, stderr=log,
        )  # fmt: skip

    def ask(path: str, body: dict | None = None) -> list | dict:
        request = urllib.request.Request(
            f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"token {TOKEN}"},
            data=None if body is None else json.dumps(body).encode(), method="GET" if body is None else "PUT",
        )  # fmt: skip
        with urllib.request.urlopen(request, timeout=60) as answer:
            return json.loads(answer.read())

    try:
        for _ in range(300):
            try:
                ask("/api")
                break
            except OSError:
                assert jupyter.poll() is None, (tmp_path / "log").read_text()
                time.sleep(0.2)
        yield SimpleNamespace(ask=ask, log=tmp_path / "log", classroom=marked)
    finally:
        jupyter.terminate()
        jupyter.wait(timeout=20)


def test_formgrader_marks_on_postgres_and_goes_on_after_the_server_was_restarted(server, formgrader):
    (submission,) = (
        one for one in formgrader.ask("/formgrader/api/submissions/small-desk") if one["student"] == "right"
    )
    with psycopg.connect(server.own("trust")) as connection:
        found = connection.execute(
            "SELECT n.id FROM submitted_notebook n JOIN submitted_assignment a ON n.assignment_id = a.id"
            " WHERE a.id = %s", [submission["id"]],
        ).fetchone()[0]  # fmt: skip
    grades = {one["name"]: one for one in formgrader.ask(f"/formgrader/api/grades?submission_id={found}")}
    server.crash()
    server.start()
    grades = {one["name"]: one for one in formgrader.ask(f"/formgrader/api/grades?submission_id={found}")}
    formgrader.ask(f"/formgrader/api/grade/{grades['reply-care']['id']}", {"manual_score": 1})
    (hand_in,) = (one for one in hand_ins(formgrader.classroom.root) if one.student == "right")
    assert next(mark.score for mark in hand_in.marks if mark.cell == "reply-care") == 1
    # between two requests no session holds the database
    with psycopg.connect(server.own("trust")) as connection:
        states = connection.execute(
            "SELECT state FROM pg_stat_activity WHERE datname = 'trust' AND pid <> pg_backend_pid()"
        ).fetchall()
    assert ("idle in transaction",) not in states
    log = formgrader.log.read_text()
    assert "formgrader" in log and PASSWORD not in log and quote(PASSWORD, safe="") not in log
