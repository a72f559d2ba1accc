"""One class: release, collect, grade, mark, return feedback and export, over nbgrader's folders and gradebook."""

from __future__ import annotations

import csv
import json
import os
import re
import secrets
import shutil
from collections.abc import Callable, Iterable
from itertools import chain
from pathlib import Path
from typing import Any

from filelock import Timeout

from autograder import gradebook as book
from autograder.collect import Received, is_page_made, place_received, place_versions, receive_files
from autograder.full_disk import full_folder_told
from autograder.handed_in import fingerprint, prepare
from autograder.locks import lock_of
from autograder.nbgrader_config import COURSE_ID
from autograder.parts import CRITERIA, CRITERION, LAB, RED_LINE, RED_LINE_WORDS, REPLY, ROLE_PLAY
from autograder.roster import Roster, is_student_id, read_roster
from autograder.running.cluster import ClusterError, cluster_address
from autograder.running.confined import NotProtected, lesser_protections, require_protection
from autograder.worker import Done, Task, run_tasks
from trustkit.course import case_folder, case_ids, course_root, drill_ids

Say = Callable[[str], None]
Watch = Callable[[int, int], None]
"""Told how many hand-ins are done, and of how many."""

_CONFIGURATION = '''"""nbgrader's configuration of this class; settings added below the call take precedence."""

from pathlib import Path

from autograder.nbgrader_config import configure

c = get_config()  # noqa: F821
configure(c, Path(__file__).parent, {lang!r})
'''
_PRIVATE = ("source", "submitted", "autograded", "feedback", "received", "replies", "content")
"""Folders of a class that only the instructor's account may enter; release and exchange are for everybody."""
_ROSTER = "student,name,learner\r\n"


class ClassroomError(Exception):
    """Something a class cannot do, in words for the instructor."""


class Classroom:
    """A class instance: its folder, its gradebook and what can be done with them.

    Args:
        root: the class folder (default: `_build/class` of the course).
        course: the course folder (default: found from the working folder).
    """

    def __init__(self, root: Path | str | None = None, course: Path | None = None):
        self.course = Path(course) if course else course_root()
        self.root = Path(root).resolve() if root else self.course / "_build" / "class"

    # ------------------------------------------------------------------ making a class

    @property
    def exists(self) -> bool:
        """Whether the class has been made."""
        return (self.root / "class.json").is_file()

    @property
    def lang(self) -> str:
        """Language of the class, "en" or "zh"."""
        return self._facts()["lang"]

    def create(self, lang: str = "en", *, say: Say = print) -> None:
        """Make the class folder with its gradebook, exchange, roster and grading seed; does nothing when it is there.

        Raises:
            ClassroomError: the class exists in the other language.
        """
        if self.exists:
            if self.lang != lang:
                raise ClassroomError(
                    f"The class in {self.root} was made in `{self.lang}` and keeps that language. "
                    "Use another folder for a class in another language."
                )
            return
        if lang not in ("en", "zh"):
            raise ClassroomError(f"There is no edition in `{lang}`; the languages are en and zh.")
        say(f"Making the class in {self.root} …")
        self.root.mkdir(parents=True, exist_ok=True)
        for name in _PRIVATE:
            # On a machine with several accounts solutions, hand-ins and marks are nobody else's business.
            (self.root / name).mkdir(mode=0o700, exist_ok=True)
        # First what may fail: a second try must find nothing half made.
        with book.open_gradebook(self.root):
            pass
        if (self.root / "gradebook.db").is_file():
            (self.root / "gradebook.db").chmod(0o600)
        if not (self.root / "grading-seed").exists():
            self._write_private("grading-seed", str(secrets.randbelow(2**31)))
        configuration = _CONFIGURATION.format(lang=lang)
        (self.root / "nbgrader_config.py").write_text(configuration, encoding="utf-8")
        if not (self.root / "roster.csv").exists():
            (self.root / "roster.csv").write_text(_ROSTER, encoding="utf-8", newline="")
        exchange = self.root / "exchange"
        exchange.mkdir(exist_ok=True)
        exchange.chmod(0o777)  # nbgrader's exchange is where other accounts put their hand-ins
        facts = {"format": 1, "course": COURSE_ID, "lang": lang, "made": book.now().isoformat(timespec="seconds")}
        self._write("class.json", facts)

    # ------------------------------------------------------------------ the desk's steps

    def release(self, assignment: str, *, say: Say = print) -> Path:
        """Make the trainees' version of an assignment, put it into the exchange, and archive the content it uses.

        Returns:
            The folder of the release.

        Raises:
            autograder.source.ExerciseError: the exercise source is wrong.
            ClassroomError: nbgrader could not release it.
        """
        from autograder.source import exercises_folder, read_exercise, write_source

        self._must_exist()
        say(f"Releasing {assignment} …")
        exercise = read_exercise(exercises_folder(self.course) / assignment)
        write_source(exercise, self.lang, self.root / "source")
        archive_content(exercise.activities, self.root / "content", self.course)
        for done in run_tasks(self.root, [Task("generate", assignment), Task("release", assignment)], workers=1):
            if not done.ok:
                raise ClassroomError(f"{assignment} could not be released.\n{_last_words(done.log)}")
        say(f"Released {assignment}.")
        return self.root / "release" / assignment

    def released(self) -> list[str]:
        """Return the ids of the assignments that this class has released."""
        folders = (self.root / "release").glob("*/")
        return sorted(path.name for path in folders if (path / f"{path.name}.ipynb").is_file())

    def collect(
        self, files: Iterable[Path] = (), roster: Path | None = None, *, student: str | None = None,
        assignment: str | None = None, say: Say = print,
    ) -> tuple[list[tuple[str, str]], Received]:  # fmt: skip
        """Take in what was handed in: from the exchange (JupyterLab), and as files.

        Args:
            files: exported attempt files, notebooks, archives from Moodle or Canvas, or folders of all that.
            roster: a roster to use beside the class's own `roster.csv`.
            student: whose files these are, where they do not say it themselves.
            assignment: which assignment notebooks belong to, where they do not say it themselves.

        Returns:
            The (student, assignment) pairs that are new or newer, and what came of the files.

        Raises:
            autograder.roster.RosterError: a roster cannot be read.
            ClassroomError: the class does not know the student, or has not released the assignment.
        """
        self._must_exist()
        students = self._roster(roster)
        if students.names:
            book.add_students(self.root, students.names)
        if student and student not in students.names and student not in self.names():
            raise ClassroomError(
                f"The class has no student `{student}`. Add the row `{students.row(student=student, name='<name>')}` "
                "to roster.csv and collect again."
            )
        if assignment:
            self._must_be_released(assignment)
        received = receive_files(
            self.root, list(files), students, self._activities(), say, student=student, assignment=assignment
        )
        # before the exchange is asked: what came by file may be newer than what lies there
        placed = [(name, released) for released in self.released() for name in place_versions(self.root, released)]
        changed: list[tuple[str, str]] = placed
        tasks = []
        for released in self.released():
            for name in self._in_exchange(released):
                folder = self._submitted(name, released)
                if is_page_made(folder):
                    # made by this class from received files, and made again below from the same files
                    shutil.rmtree(folder)
                tasks.append(Task("collect", released, name))
        before = {task: self._stamp(task) for task in tasks}
        if tasks:
            say(f"Collecting {_counted(len(tasks), 'hand-in')} from the exchange …")
        for done in run_tasks(self.root, tasks, workers=1):
            key = (done.task.student, done.task.assignment)
            if not done.ok:
                self._note(*key, f"The hand-in could not be collected: {_last_words(done.log)}", say)
            elif self._stamp(done.task) != before[done.task]:
                self._note(*key, "", say)
                changed.append(key)
        for released in self.released():
            changed += [(name, released) for name in place_received(self.root, released)]
        changed = sorted(set(changed))
        say(f"{_counted(len(changed), 'hand-in')} new or newer.")
        return changed, received

    def autograde(
        self, assignment: str, student: str | None = None, *, force: bool = False, workers: int | None = None,
        say: Say = print, watch: Watch | None = None,
    ) -> dict[str, str]:  # fmt: skip
        """Grade hand-ins by machine, several at a time; one that fails stops no other.

        Only what is new or changed is graded. It may be stopped at any moment: what has been graded stays, the rest is
        graded by the next call. While another process grades this class, this one waits for it.

        Args:
            student: only this student.
            force: grade also what has not changed since it was graded.
            workers: number of processes (default: see `autograder.worker.run_tasks`).
            watch: told after each hand-in how many are done, and of how many.

        Returns:
            The outcome by student: "graded", "unchanged", or what is wrong with the hand-in.

        Raises:
            ClassroomError: the assignment was not released, the student handed nothing in, this machine cannot
                protect anybody from the hand-ins and nobody has allowed that, or the cluster that is to run them cannot
                be used.
        """
        self._must_be_released(assignment)
        students = [student] if student else self._handed_in(assignment)
        if student and not self._submitted(student, assignment).is_dir():
            raise ClassroomError(f"There is no hand-in of {student} for {assignment}. Collect first.")
        # on a cluster each machine looks at its own protections
        if not cluster_address():
            try:
                require_protection()
            except NotProtected as error:
                raise ClassroomError(str(error)) from None
            for weak in lesser_protections():
                say(f"Note: {weak}")
        lock = lock_of(self.root, "grading")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            say("Another process is grading this class; waiting until it has finished …")
            lock.acquire()
        try:
            return self._autograde(assignment, students, force, workers, say, watch)
        except ClusterError as error:
            raise ClassroomError(str(error)) from None
        finally:
            lock.release()

    def _autograde(
        self, assignment: str, students: list[str], force: bool, workers: int | None, say: Say, watch: Watch | None
    ) -> dict[str, str]:
        watch = watch or (lambda done, of: None)
        graded = self._read("graded.json")
        outcome: dict[str, str] = {}
        prints: dict[str, str] = {}
        notes: dict[str, str] = {}
        for name in students:
            folder = self._submitted(name, assignment)
            problem, notes[name] = prepare(folder, self.root / "release" / assignment)
            if problem:
                outcome[name] = problem
                self._note(name, assignment, problem, say)
                continue
            prints[name] = fingerprint(folder, self.root / "source" / assignment / f"{assignment}.ipynb")
            if not force and graded.get(f"{assignment}/{name}") == prints[name] and self._autograded(name, assignment):
                outcome[name] = "unchanged"
        tasks = [Task("autograde", assignment, name) for name in students if name not in outcome]
        if tasks:
            say(f"Grading {_counted(len(tasks), 'hand-in')} of {assignment} …")
            watch(0, len(tasks))
        for number, done in enumerate(run_tasks(self.root, tasks, workers), start=1):
            name = done.task.student
            if done.ok and self._autograded(name, assignment):
                graded[f"{assignment}/{name}"] = prints[name]
                # At once, so that nothing is graded twice when somebody stops here.
                self._write("graded.json", graded)
                outcome[name] = "graded"
                self._note(name, assignment, " ".join(filter(None, (notes[name], *done.notes))), say)
            else:
                outcome[name] = _why_not_graded(done)
                self._note(name, assignment, outcome[name], say)
            watch(number, len(tasks))
        return {name: outcome[name] for name in students}

    def feedback(self, assignment: str, student: str | None = None, *, say: Say = print) -> dict[str, str]:
        """Write and release feedback for the hand-ins that are completely marked.

        Returns:
            The outcome by student: "released", "waiting" (a person has still to mark), or what went wrong.
        """
        self._must_be_released(assignment)
        outcome: dict[str, str] = {}
        for hand_in in book.hand_ins(self.root, assignment):
            if student in (None, hand_in.student) and self._autograded(hand_in.student, assignment):
                outcome[hand_in.student] = "waiting" if hand_in.waiting or hand_in.unclear else ""
        ready = [name for name, said in outcome.items() if not said]
        if ready:
            say(f"Writing feedback on {_counted(len(ready), 'hand-in')} of {assignment} …")
        # loading the page templates costs more than a page: a second process pays only for many
        workers = 1 + len(ready) // 12
        # The first one alone makes the exchange's folder for feedback; two at once would stumble over one another.
        for done in chain(
            run_tasks(self.root, [Task("feedback", assignment, name) for name in ready[:1]], 1),
            run_tasks(self.root, [Task("feedback", assignment, name) for name in ready[1:]], min(workers, 4)),
        ):
            problem = "" if done.ok else f"No feedback was written: {_last_words(done.log)}"
            outcome[done.task.student] = problem or "released"
        for name, said in outcome.items():
            if said == "waiting":
                say(f"  {name}: waits for a person's marks.")
            elif said != "released":
                say(f"  {name}: {said}")
        return outcome

    def mark_reply(
        self, student: str, assignment: str, scores: dict[str, float], comment: str = "", red_line: str | None = None
    ) -> None:
        """Enter a marker's scores of a written reply: the rows that formgrader writes.

        Args:
            scores: points by criterion, named by its cell id or by its number, "1" to "8".
            comment: the marker's comment on the reply.
            red_line: which red line was crossed, in words; it fails the reply.

        Raises:
            ClassroomError: the hand-in is not autograded, or a criterion does not exist.
        """
        hand_in = next((one for one in book.hand_ins(self.root, assignment) if one.student == student), None)
        if hand_in is None:
            raise ClassroomError(f"There is no graded hand-in of {student} for {assignment}. Autograde first.")
        criteria = [mark.cell for mark in hand_in.marks_of(CRITERION)]
        numbered = {str(number): cell for number, cell in enumerate(criteria, start=1)}
        named = {}
        for key, score in scores.items():
            cell = numbered.get(str(key), str(key))
            if cell not in criteria:
                raise ClassroomError(f"{assignment} has no criterion `{key}`; it has {', '.join(criteria)}.")
            named[cell] = score
        comments = {mark.cell: comment for mark in hand_in.marks_of(REPLY)} if comment else {}
        if red_line:
            if not red_line.casefold().startswith(RED_LINE_WORDS):
                red_line = f"RED LINE: {red_line}"
            comments |= {mark.cell: red_line for mark in hand_in.marks_of(RED_LINE)}
        try:
            book.give_marks(self.root, student, assignment, named, comments)
        except ValueError as error:
            raise ClassroomError(str(error)) from None

    # ------------------------------------------------------------------ looking at a class

    def export(self, path: Path | str, *, say: Say = print) -> Path:
        """Write all marks as a CSV file: one row for each student and assignment, one column for each part.

        `passed` is about role-play and reply; each part also has its own `…_passed`. These are yes or no, or
        empty while a person has still to mark. The file opens with its names intact in a spreadsheet (UTF-8
        with a byte order mark).
        """
        self._must_exist()
        path = Path(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        header = ["student", "name", "assignment", "submitted", "role_play", "role_play_max"]
        header += [f"reply_{number}" for number in range(1, CRITERIA + 1)]
        header += ["reply", "reply_max", "red_line", "lab", "lab_max", "total", "total_max", "marked"]
        header += ["role_play_passed", "reply_passed", "lab_passed", "passed"]
        rows = book.hand_ins(self.root)
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(header)
            for one in rows:
                scores = [mark.score for mark in one.marks_of(CRITERION)][:CRITERIA]
                scores += [None] * (CRITERIA - len(scores))
                reply = book.CELLS_OF[REPLY]
                submitted = one.submitted.isoformat(timespec="seconds") if one.submitted else ""
                writer.writerow(
                    csv_cell(value) for value in (
                        one.student, one.name, one.assignment, submitted, one.score(ROLE_PLAY), one.points(ROLE_PLAY),
                        *scores, one.score(*reply), one.points(*reply),
                        one.red_line or (f"UNCLEAR: {one.unclear}" if one.unclear else ""),
                        one.score(LAB), one.points(LAB), one.score(), one.points(), not (one.waiting or one.unclear),
                        one.passed_part(ROLE_PLAY), one.passed_part(REPLY), one.passed_part(LAB), one.passed,
                    )
                )  # fmt: skip
        say(f"Wrote {_counted(len(rows), 'row')} to {path}.")
        return path

    def status(self) -> dict[str, Any]:
        """Return how the class stands, as plain data for a page.

        Keys: `exists`, and for an existing class `root`, `course`, `lang`, `students` (id and name),
        `assignments`. Each assignment has `id`, `released`, `in_exchange` (hand-ins not collected yet), `points`
        by part, and `hand_ins`; each of those `student`, `name`, `road` ("jupyter" or "page"), `submitted`
        (ISO 8601), `autograded`, `waiting` (a person has to mark), `score`, `points`, `parts`, `red_line`,
        `passed` (None while open), `feedback` (released) and `note` (what an instructor should know).
        """
        if not self.exists:
            return {"exists": False, "root": str(self.root), "assignments": [], "students": []}
        from autograder.source import assignment_ids

        graded = {(one.student, one.assignment): one for one in book.hand_ins(self.root)}
        notes = self._read("notes.json")
        released = self.released()
        names = self.names()
        assignments = []
        for assignment in sorted({*assignment_ids(self.course), *released}):
            hand_ins = []
            students = {*self._handed_in(assignment), *(name for name, id_ in graded if id_ == assignment)}
            for student in sorted(students):
                hand_ins.append(self._status_of(student, assignment, graded.get((student, assignment)), notes, names))
            assignments.append(
                {
                    "id": assignment,
                    "released": assignment in released,
                    "in_exchange": len(self._not_collected(assignment)) if assignment in released else 0,
                    "points": self._points(assignment) if assignment in released else {},
                    "hand_ins": hand_ins,
                }
            )
        return {
            "exists": True,
            "root": str(self.root),
            "course": COURSE_ID,
            "lang": self.lang,
            "students": [{"student": student, "name": name} for student, name in sorted(names.items())],
            "assignments": assignments,
        }

    def names(self) -> dict[str, str]:
        """Return the display name of every student in the gradebook, by student id."""
        with book.open_gradebook(self.root) as gradebook:
            return {student.id: student.last_name or "" for student in gradebook.students}

    def add_demo(self, *, say: Say = print) -> None:
        """Fill the class with the demo class: authored hand-ins that are really submitted, graded and marked."""
        from autograder.demo import add_demo_class

        self._must_exist()
        add_demo_class(self, say=say)

    # ------------------------------------------------------------------ inside

    def _facts(self) -> dict[str, Any]:
        self._must_exist()
        return self._read("class.json")

    def _must_exist(self) -> None:
        if not self.exists:
            raise ClassroomError(f"There is no class in {self.root}. Make it first (`trustkit grade create`).")

    def _must_be_released(self, assignment: str) -> None:
        self._must_exist()
        if assignment not in self.released():
            known = ", ".join(self.released()) or "none"
            raise ClassroomError(f"{assignment} has not been released to this class (released: {known}).")

    def _submitted(self, student: str, assignment: str) -> Path:
        return self.root / "submitted" / student / assignment

    def _autograded(self, student: str, assignment: str) -> bool:
        return (self.root / "autograded" / student / assignment / f"{assignment}.ipynb").is_file()

    def _handed_in(self, assignment: str) -> list[str]:
        return sorted(path.parent.name for path in (self.root / "submitted").glob(f"*/{assignment}/"))

    def _in_exchange(self, assignment: str) -> dict[str, str]:
        """Return the newest timestamp of each student's hand-in in the exchange."""
        found: dict[str, str] = {}
        for path in (self.root / "exchange" / COURSE_ID / "inbound").glob(f"*+{assignment}+*"):
            student, name, timestamp, *_ = path.name.rsplit("+", 3)
            # anybody may write into the exchange: a name that is no student id is nobody's hand-in
            if name == assignment and is_student_id(student):
                found[student] = max(timestamp, found.get(student, ""))
        return dict(sorted(found.items()))

    def _not_collected(self, assignment: str) -> list[str]:
        waiting = []
        for student, timestamp in self._in_exchange(assignment).items():
            stamp = self._submitted(student, assignment) / "timestamp.txt"
            page = is_page_made(self._submitted(student, assignment))
            if page or _said(stamp) < timestamp:
                waiting.append(student)
        return waiting

    def _stamp(self, task: Task) -> str:
        return _said(self._submitted(task.student, task.assignment) / "timestamp.txt")

    def _activities(self) -> dict[str, tuple[str, ...]]:
        found = {}
        for assignment in self.released():
            notebook = json.loads((self.root / "release" / assignment / f"{assignment}.ipynb").read_text("utf-8"))
            found[assignment] = tuple(notebook["metadata"].get("trustkit", {}).get("activities", ()))
        return found

    def _points(self, assignment: str) -> dict[str, float]:
        from autograder.source import SourceCell

        notebook = json.loads((self.root / "source" / assignment / f"{assignment}.ipynb").read_text("utf-8"))
        totals: dict[str, float] = {}
        for cell in notebook["cells"]:
            text = "".join(cell["source"])
            kind = SourceCell("", cell["cell_type"], text, 0, (), cell["metadata"].get("nbgrader", {})).part
            part = next((name for name, kinds in book.CELLS_OF.items() if kind in kinds), None)
            if part:
                totals[part] = totals.get(part, 0) + cell["metadata"]["nbgrader"]["points"]
        return totals

    def _roster(self, extra: Path | None) -> Roster:
        own = self.root / "roster.csv"
        roster = read_roster(own) if own.is_file() else Roster()
        if extra:
            roster.add(read_roster(extra))
        return roster

    def _status_of(
        self, student: str, assignment: str, graded: book.HandIn | None, notes: dict[str, str], names: dict[str, str]
    ) -> dict[str, Any]:
        folder = self._submitted(student, assignment)
        autograded = self.root / "autograded" / student / assignment / f"{assignment}.ipynb"
        feedback = self.root / "feedback" / student / assignment / f"{assignment}.html"
        stamp = folder / "timestamp.txt"
        when = graded.submitted if graded else None
        found = autograded.is_file() and graded is not None
        status: dict[str, Any] = {
            "student": student,
            "name": names.get(student, ""),
            "road": "page" if is_page_made(folder) else "jupyter",
            "submitted": when.isoformat(timespec="seconds") if when else _iso(stamp),
            "autograded": found,
            "waiting": bool(found and (graded.waiting or graded.unclear)),
            "score": graded.score() if found else None,
            "points": graded.points() if found else None,
            "parts": {},
            "red_line": (graded.red_line or graded.unclear) if found else "",
            "passed": graded.passed if found else None,
            "feedback": feedback.is_file() and found and feedback.stat().st_mtime >= autograded.stat().st_mtime,
            "note": notes.get(f"{assignment}/{student}", ""),
        }
        if found:
            for part, cells in book.CELLS_OF.items():
                status["parts"][part] = {
                    "score": graded.score(*cells),
                    "points": graded.points(*cells),
                    "passed": graded.passed_part(part),
                }
        return status

    def _note(self, student: str, assignment: str, text: str, say: Say) -> None:
        notes = self._read("notes.json")
        key = f"{assignment}/{student}"
        if text:
            notes[key] = text
            say(f"  {student}: {text}")
        else:
            notes.pop(key, None)
        self._write("notes.json", notes)

    def _read(self, name: str) -> dict[str, Any]:
        path = self.root / name
        return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}

    def _write(self, name: str, data: dict[str, Any]) -> None:
        temporary = self.root / f".{name}.part"
        with full_folder_told(self.root):
            temporary.touch(mode=0o600)
            temporary.write_text(
                json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n", encoding="utf-8"
            )
            os.replace(temporary, self.root / name)

    def _write_private(self, name: str, text: str) -> None:
        handle = os.open(self.root / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text)


def archive_content(activities: Iterable[str], folder: Path, course: Path) -> None:
    """Write the compiled structure of every variant of the cases among `activities` to `<folder>/<hash>.json`.

    Attempts made with this content stay gradable when the case changes later.

    Raises:
        ClassroomError: an activity is neither a case nor a drill of the course.
    """
    from trustkit.cases.compile import compiled
    from trustkit.cases.reader import read_case

    folder.mkdir(parents=True, exist_ok=True)
    for activity in activities:
        if activity in drill_ids(course):
            continue
        if activity not in case_ids(course):
            raise ClassroomError(f"There is no case or drill `{activity}`. Correct `activities:` in the exercise.")
        path = case_folder(activity, course)
        for variant in read_case(path).variants:
            structure = compiled(path, variant)
            target = folder / f"{structure['hash']}.json"
            if not target.exists():
                target.write_text(json.dumps(structure, ensure_ascii=False) + "\n", encoding="utf-8")


def _why_not_graded(done: Done) -> str:
    if "DeadKernel" in done.log or "kernel died" in done.log.casefold():
        return "The hand-in's code ended the Python process, so it could not be graded. Look at its notebook."
    if "unresponsive" in done.log:
        return "The hand-in's code could not be stopped after its time was up. Look at its notebook."
    return f"The hand-in could not be graded: {_last_words(done.log)}"


def _last_words(log: str) -> str:
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    telling = [line for line in lines if "Error" in line or "[ERROR]" in line or "[CRITICAL]" in line]
    empty = ("see the the above traceback", "There was an error")
    telling = [line for line in telling if not any(words in line for words in empty)]
    # our own errors are sentences, whatever is said after them; the name of their class is of no use to anybody
    own = [line for line in lines if _OWN_ERROR.match(line)]
    said = (own or telling or lines or ["nbgrader gave no reason."])[-1]
    return _OWN_ERROR.sub("", said)


_OWN_ERROR = re.compile(r"(?:autograder|trustkit)\.[\w.]+: ")


def csv_cell(value: object) -> object:
    """Return a value as a table for a spreadsheet holds it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:g}"
    if value is None:
        return ""
    # a spreadsheet would run a text that begins like a formula
    return f"'{value}" if isinstance(value, str) and value[:1] in ("=", "+", "-", "@", "\t", "\r") else value


def _said(stamp: Path) -> str:
    """Return what a timestamp file says, whatever it is: it came from outside."""
    return stamp.read_text(encoding="utf-8", errors="replace").strip() if stamp.is_file() else ""


def _iso(stamp: Path) -> str | None:
    words = _said(stamp).split()
    return f"{words[0]}T{words[1].split('.')[0]}+00:00" if len(words) >= 2 else None


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
