"""Fills a class with authored hand-ins that are played, submitted, graded and marked for real."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from autograder import gradebook
from autograder.worker import Task, run_tasks
from trustkit.attempts.record import export_document, new_record, write_attempt
from trustkit.cases.compile import compiled
from trustkit.cases.debrief import red_lines_of
from trustkit.cases.play import ImpossibleStep, Play
from trustkit.content import ContentError, Document, digest, read_document, validate
from trustkit.course import case_folder, case_ids

if TYPE_CHECKING:
    from autograder.classroom import Classroom

SCHEMA = Path(__file__).with_name("demo.schema.json")
SECONDS_A_TURN = 35


def read_demo_class(folder: Path) -> list[Document]:
    """Read the authored hand-ins of a folder (one YAML file a trainee), in the order of the file names.

    Raises:
        trustkit.content.ContentError: a file is wrong; names file and line.
    """
    documents = []
    for path in sorted(folder.glob("*.yaml")):
        document = read_document(path)
        validate(document, SCHEMA)
        documents.append(document)
    return documents


def add_demo_class(classroom: Classroom, *, say: Callable[[str], None] = print) -> None:
    """Submit, collect, grade and mark the hand-ins of `exercises/demo-class/` in a class.

    What is there already stays: trainees of the demo class that have a hand-in are left alone.

    Raises:
        trustkit.content.ContentError: an authored hand-in does not fit the assignment or the case.
    """
    demo = read_demo_class(classroom.course / "exercises" / "demo-class")
    for assignment in sorted({document.data["assignment"] for document in demo}):
        if assignment not in classroom.released():
            classroom.release(assignment, say=say)
    new = [one for one in demo if not _folder(classroom, one).is_dir()]
    if not new:
        say("The demo class is there already.")
        return
    _enter_names(classroom, new)
    work = classroom.root / "demo-work"
    shutil.rmtree(work, ignore_errors=True)
    exports, tasks = [], []
    say(f"{len(new)} trainees of the demo class play and hand in …")
    for number, document in enumerate(new):
        one = document.data
        records = _records(document, classroom, timedelta(hours=3 * (len(new) - number)))
        if one["road"] == "page":
            path = work / f"trustkit-attempts-{one['student']}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(export_document(one["learner"], records), ensure_ascii=False), encoding="utf-8")
            exports.append(path)
            continue
        desk = work / one["student"]
        answers = {cell: _in_language(text, classroom.lang) for cell, text in one.get("answers", {}).items()}
        try:
            write_hand_in(classroom.root / "release" / one["assignment"], desk / one["assignment"], answers, records)
        except KeyError as error:
            raise document.error(("answers",), f"the assignment has no cell {error} to be answered.") from None
        tasks.append(Task("submit", one["assignment"], one["student"], str(desk)))
    for done in run_tasks(classroom.root, tasks, workers=1):
        if not done.ok:
            say(f"  {done.task.student}: could not be submitted: {done.log.strip()}")
    classroom.collect(exports, say=say)
    for assignment in sorted({document.data["assignment"] for document in new}):
        classroom.autograde(assignment, say=say)
    for document in new:
        one = document.data
        if marks := one.get("marks"):
            classroom.mark_reply(
                one["student"], one["assignment"],
                {str(number): score for number, score in enumerate(marks["scores"], start=1)},
                _in_language(marks.get("comment", ""), classroom.lang),
                _in_language(marks.get("red_line", ""), classroom.lang),
            )  # fmt: skip
    for assignment in sorted({document.data["assignment"] for document in new}):
        classroom.feedback(assignment, say=say)
    shutil.rmtree(work, ignore_errors=True)


def write_hand_in(
    release: Path, folder: Path, answers: dict[str, str], records: Iterable[dict] = (), delete: Iterable[str] = ()
) -> Path:
    """Write a trainee's folder: the released notebook with answers filled in, and attempts beside it.

    Args:
        release: `release/<assignment>` of a class.
        folder: the trainee's folder, named like the assignment.
        answers: text by `grade_id` of a cell that is answered.
        records: attempt records for the `attempts/` folder.
        delete: `grade_id`s of cells that the trainee lost.

    Returns:
        The notebook's path.

    Raises:
        KeyError: the release has no such cell to answer or to delete.
    """
    shutil.copytree(release, folder, dirs_exist_ok=True)
    path = folder / f"{folder.name}.ipynb"
    notebook = json.loads(path.read_text(encoding="utf-8"))
    marked = [cell for cell in notebook["cells"] if "nbgrader" in cell["metadata"]]
    cells = {cell["metadata"]["nbgrader"]["grade_id"]: cell for cell in marked}
    for name, text in answers.items():
        if not cells[name]["metadata"]["nbgrader"]["solution"]:
            raise KeyError(name)
        cells[name]["source"] = text
    lost = [cells[name] for name in delete]
    notebook["cells"] = [cell for cell in notebook["cells"] if not any(cell is other for other in lost)]
    path.write_text(json.dumps(notebook, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    for record in records:
        write_attempt(folder / "attempts", record)
    return path


def played_record(
    structure: dict, choices: Iterable[str], *, learner: str, host: str, lang: str = "en",
    started: datetime | None = None,
) -> dict:  # fmt: skip
    """Play a case by a list of choice ids and return the finished attempt record.

    Args:
        structure: the compiled case.
        choices: choice ids, from the first turn to the end.
        started: when the attempt began (default: so that it ends now).

    Raises:
        trustkit.cases.play.ImpossibleStep: a choice that is not on offer where it stands, or no ending reached.
    """
    play, choices = Play(structure), list(choices)
    length = timedelta(seconds=SECONDS_A_TURN * len(choices))
    begun = (started or datetime.now(UTC) - length).astimezone(UTC).replace(microsecond=0)
    case, variant = structure["case"], structure["variant"]
    record = new_record("case", case, structure["hash"], lang=lang, learner=learner, host=host, variant=variant)
    # the same authored play gives the same attempt, so that handing it in again adds nothing
    record["id"] = digest([learner, case, variant, choices])
    record["started_at"] = _utc(begun)
    position = play.start()
    for turn, choice in enumerate(choices, start=1):
        scene = structure["scenes"][position.scene]["id"]
        position = play.step(position, play.index_of(position, choice))
        record["steps"].append({"at": turn * SECONDS_A_TURN, "scene": scene, "choice": choice})
    if not play.is_over(position):
        scene = structure["scenes"][position.scene]["id"]
        raise ImpossibleStep(f"the choices stop at the scene `{scene}`, before an ending")
    record["finished_at"] = _utc(begun + length)
    record["result"] = {
        "ending": structure["endings"][play.ending(position)]["id"],
        "conduct": play.conduct(position),
        "outcome": play.outcome(position),
        "passed": play.passed(position),
        "red_lines": red_lines_of(structure, position),
    }
    return record


def _records(document: Document, classroom: Classroom, ago: timedelta) -> list[dict]:
    one = document.data
    records = []
    for number, attempt in enumerate(one.get("attempts", ())):
        place = ("attempts", number)
        if attempt["activity"] not in case_ids(classroom.course):
            raise document.error((*place, "activity"), f"there is no case `{attempt['activity']}`.")
        try:
            structure = compiled(case_folder(attempt["activity"], classroom.course), attempt.get("variant", "base"))
            started = gradebook.now() - ago + timedelta(minutes=20 * number)
            learner = one.get("learner", one["student"])
            record = played_record(
                structure, attempt["choices"], learner=learner, host=one["road"], lang=classroom.lang, started=started
            )
        except ContentError as error:
            raise document.error((*place, "variant"), error.message) from None
        except ImpossibleStep as error:
            raise document.error((*place, "choices"), f"{error}.") from None
        records.append(record)
    return records


def _enter_names(classroom: Classroom, demo: list[Document]) -> None:
    names = {one.data["student"]: _in_language(one.data["name"], classroom.lang) for one in demo}
    gradebook.add_students(classroom.root, names)
    roster = classroom.root / "roster.csv"
    text = roster.read_bytes().decode("utf-8-sig")
    rows = [
        f"{one.data['student']},{names[one.data['student']]},{one.data['learner']}"
        for one in demo if one.data["road"] == "page"
    ]  # fmt: skip
    text = text.rstrip("\r\n") + "\r\n" + "".join(f"{row}\r\n" for row in rows if row not in text)
    roster.write_text(text, encoding="utf-8", newline="")


def _folder(classroom: Classroom, document: Document) -> Path:
    return classroom.root / "submitted" / document.data["student"] / document.data["assignment"]


def _in_language(text: str | dict[str, str], lang: str) -> str:
    return text if isinstance(text, str) else text[lang]


def _utc(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")
