"""A small course with an exam and ten cases, and a trainee who passed everything in it."""

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from trustkit.attempts.record import export_document, new_record, now
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.play import Play
from trustkit.cases.solve import solution_of
from trustkit.drills.reader import read_drill

LEARNER = "p-4f1c2a9b7d3e"
EXAM, LEAD = "one-difficult-week", "first-week-first-insult"
PATHS = """agent: {tracks: [agent, both], core: ["1.1", "1.2"]}
lead: {tracks: [agent, both], core: ["1.1", "1.2"]}
analyst: {tracks: [analyst, both], core: ["1.1"]}
"""


def case_attempt(case: str, *, learner: str = LEARNER, best: bool = True) -> dict:
    """A finished attempt at a case, along its best or its worst path."""
    structure = compiled(case)
    solution, play = solution_of(structure), Play(structure)
    choices = (solution.best_path() if best else solution.worst_path()).choices
    record = new_record("case", structure["case"], structure["hash"], lang="en", learner=learner, host="page")
    for at, (position, choice) in enumerate(zip(play.walk(list(choices)), choices)):
        scene = structure["scenes"][position.scene]["id"]
        record["steps"].append({"at": 9 * at, "scene": scene, "choice": choice})
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}


def drill_attempt(drill: str, *, learner: str = LEARNER) -> dict:
    """A finished attempt at a drill of single choices, with every answer right."""
    source = read_drill(drill)
    record = new_record("drill", source.id, source.hash, lang="en", learner=learner, host="page")
    items = source.document.data["items"].items()
    record["steps"] = [{"at": at, "item": id_, "answer": item["key"]} for at, (id_, item) in enumerate(items)]
    record["finished_at"] = now()
    return {**record, "result": replay(record).scores}


@pytest.fixture(scope="session")
def certified_course(tmp_path_factory: pytest.TempPathFactory, small_book: Callable[[Path], Path]) -> Path:
    """The small course with an exam, a lead's case and ten more cases, and with paths."""
    root = small_book(tmp_path_factory.mktemp("certified") / "course")
    small = root / "cases" / "late-parcel"
    for name in (*(f"parcel-{number}" for number in "abcdefghi"), LEAD, EXAM):
        file = Path(shutil.copytree(small, root / "cases" / name)) / "case.yaml"
        text = re.sub(r"^id: .*$", f"id: {name}", file.read_text(encoding="utf-8"), count=1, flags=re.MULTILINE)
        file.write_text(f"exam: true\n{text}" if name == EXAM else text, encoding="utf-8")
    (root / "book" / "paths.yaml").write_text(PATHS, encoding="utf-8")
    return root


@pytest.fixture
def course(certified_course: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """That course, as the course of this test."""
    monkeypatch.setenv("TRUSTKIT_HOME", str(certified_course))
    return certified_course


@pytest.fixture
def attempts(course: Path) -> list[dict]:
    """What a trainee has played who passed all there is."""
    cases = [path.name for path in sorted((course / "cases").iterdir())]
    return [*(case_attempt(case) for case in cases), drill_attempt("trust-or-not")]


@pytest.fixture
def export(tmp_path: Path) -> Callable[..., Path]:
    """Writes attempts into a file as the page exports them."""

    def write(records: list[dict], name: str = "attempts.json") -> Path:
        path = tmp_path / name
        path.write_text(json.dumps(export_document(LEARNER, records), ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture
def make_attempt() -> Callable[..., dict]:
    """Makes a finished attempt at a case: `make_attempt(case, learner=…, best=…)`."""
    return case_attempt
