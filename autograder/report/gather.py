"""Reads what a class has handed in, for the report: marks, replayed attempts, failed checks and second ratings.

Notebooks and attempts do not change once they are there, so what was read of them is kept beside the gradebook.
"""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from autograder.classroom import Classroom
from autograder.gradebook import HandIn, hand_ins
from autograder.parts import LAB, part_of
from autograder.report.raters import Rating, read_ratings
from autograder.slips import read_slips
from trustkit.attempts.record import AttemptRefused, read_attempts
from trustkit.attempts.replay import Result, replay
from trustkit.cases.debrief import debrief
from trustkit.content import ContentError, digest, stamp
from trustkit.drills.kinds import is_right
from trustkit.drills.reader import read_drill
from trustkit.lessons.page import read_lessons

Say = Callable[[str], None]

KEPT = "report-kept.json"
"""The file, in the class folder, with what was read of notebooks and attempts before."""

LONGEST_ANSWER = 60
"""Lines of a trainee's code that are shown behind a misconception."""


@dataclass(frozen=True)
class Step:
    """One choice of a case, or one answer of a drill.

    Attributes:
        place: the scene, or the item.
        choice: what was chosen; of an answer that is no single choice, its JSON text.
        cost: what it cost: best reachable outcome before minus after (0-100); in a drill 100 for a wrong answer.
        red_line: whether it crosses a red line, or misses an item that must be right.
    """

    place: str
    choice: str
    cost: float
    red_line: bool


@dataclass(frozen=True)
class Played:
    """A finished attempt, replayed.

    Attributes:
        finished: time in UTC, ISO 8601.
        bars: the six conduct bars of a case, 0-100, None where not assessed; empty for anything else.
    """

    id: str
    kind: str
    activity: str
    finished: str
    passed: bool
    red_line: bool
    bars: tuple[int | None, ...] = ()
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class Failed:
    """A check of a lab that an answer did not pass.

    Attributes:
        slip: the misconception's name, or "" where the feedback names none.
        said: the first line of the feedback.
        answer: the trainee's code.
        blank: whether the task was left as it was released.
    """

    check: str
    slip: str
    said: str
    answer: str
    blank: bool


@dataclass(frozen=True)
class Module:
    """A module of the course: its number and title, its activities by kind, its assignments."""

    number: int
    title: str
    activities: frozenset[tuple[str, str]]


@dataclass
class ClassFacts:
    """Everything the report is made from.

    Attributes:
        names: display name by student id.
        titles: title of each released assignment.
        played: by student, the finished attempts of all hand-ins, each once, in time order.
        failed: by (student, assignment), the checks that were not passed.
        slips: text of each misconception, in the language of the class.
        refused: attempt files that could not be replayed.
    """

    lang: str
    made: str
    names: dict[str, str]
    titles: dict[str, str]
    hand_ins: list[HandIn]
    modules: list[Module]
    played: dict[str, list[Played]] = field(default_factory=dict)
    failed: dict[tuple[str, str], list[Failed]] = field(default_factory=dict)
    slips: dict[str, str] = field(default_factory=dict)
    ratings: list[Rating] = field(default_factory=list)
    refused: int = 0


def gather(classroom: Classroom, *, made: str, say: Say = print) -> ClassFacts:
    """Return what a class has handed in.

    Args:
        made: when the report is made, as it is to be printed.

    Raises:
        autograder.classroom.ClassroomError: there is no such class.
    """
    lang = classroom.lang
    released = classroom.released()
    rows = hand_ins(classroom.root)
    names = {**{one.student: one.name for one in rows}, **classroom.names()}
    facts = ClassFacts(lang, made, names, _titles(classroom, released), rows, modules_of(classroom.course, lang))
    kept = _Kept(classroom.root / KEPT)
    facts.slips = {name: texts[0 if lang == "en" else 1] for name, texts in read_slips(classroom.course).items()}
    english = {name: _first_words(texts[0]) for name, texts in read_slips(classroom.course).items()}
    folders = [(row.student, row.assignment) for row in rows]
    if len(folders) > 300:
        say(f"Reading {len(folders):,} hand-ins …")
    for student, assignment in folders:
        path = classroom.root / "autograded" / student / assignment / f"{assignment}.ipynb"
        found = kept.of(path, lambda path=path: [asdict(one) for one in failed_checks(path, english)])
        facts.failed[student, assignment] = [Failed(**one) for one in found]
    facts.played, facts.refused = _played(classroom, folders, kept, say)
    facts.ratings = read_ratings(classroom.root)
    kept.write()
    return facts


def modules_of(course: Path, lang: str) -> list[Module]:
    """Return the modules of the book with what their lessons name as practice or assessment."""
    activities: dict[int, set[tuple[str, str]]] = defaultdict(set)
    for lesson in read_lessons(course)[0]:
        named = [one for goal in lesson.objectives for one in (*goal.practise, *goal.assess)]
        named += [one for one, _ in lesson.shown]
        activities[lesson.module] |= {
            ("assignment" if one.kind == "lab" else one.kind, one.id) for one in named if one.id
        }
    return [
        Module(number, _module_title(course, number, lang), frozenset(activities[number]))
        for number in sorted(activities)
    ]


def failed_checks(path: Path, slips: Mapping[str, str]) -> list[Failed]:
    """Return the lab checks that a graded notebook did not pass.

    Args:
        path: the autograded notebook; one that is not there has none.
        slips: the first words of each misconception's feedback, by its name.
    """
    if not path.is_file():
        return []
    found, answer, blank = [], "", True
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        meta = cell["metadata"].get("nbgrader") or {}
        source = "".join(cell["source"])
        if meta.get("solution") and cell["cell_type"] == "code":
            answer = "\n".join(source.split("\n")[:LONGEST_ANSWER])
            blank = "raise NotImplementedError()" in source
        if not meta.get("grade") or meta.get("solution") or meta.get("task"):
            continue
        if part_of(source, solution=False, task=False, points=meta.get("points", 0)) != LAB:
            continue
        errors = [one for one in cell.get("outputs", ()) if one.get("output_type") == "error"]
        if errors:
            said = " ".join("".join(errors[0].get("evalue", "")).split())
            slip = next((name for name, words in slips.items() if said.startswith(words)), "")
            first = errors[0].get("evalue", "").split("\n")[0]
            if errors[0].get("ename") not in ("AnswerNotYet", "AssertionError"):
                first = f"{errors[0].get('ename')}: {first}"
            found.append(Failed(meta["grade_id"], slip, first[:200], answer, blank))
    return found


def _first_words(text: str) -> str:
    return " ".join(text.split())


def _played(
    classroom: Classroom, folders: Iterable[tuple[str, str]], kept: _Kept, say: Say
) -> tuple[dict[str, list[Played]], int]:
    """Return every student's attempts, and how many files could not be replayed."""
    refused = 0
    waiting: dict[str, list[tuple[str, Path, Result]]] = defaultdict(list)
    done: dict[str, dict[str, Played]] = defaultdict(dict)
    for student, assignment in folders:
        for path in sorted((classroom.root / "submitted" / student / assignment / "attempts").glob("*.json")):
            if (known := kept.known(path)) is not None:
                refused += not known
                for one in known:
                    done[student][one["id"]] = _as_played(one)
                continue
            records, bad = read_attempts(path)
            refused += len(bad)
            kept.set(path, [])
            for record in records:
                try:
                    result = replay(record, classroom.root / "content")
                except (AttemptRefused, ContentError):
                    refused += 1
                    continue
                waiting[record["content"]].append((student, path, result))
    count = sum(len(group) for group in waiting.values())
    if count > 300:
        say(f"Replaying {count:,} attempts …")
    # Attempts of one variant stand together: it is solved once, and what it costs to hold it is given back.
    for group in waiting.values():
        for student, path, result in group:
            played = played_of(result)
            done[student][played.id] = played
            kept.set(path, [*(kept.known(path) or []), asdict(played)])
    return {student: sorted(by_id.values(), key=lambda one: one.finished) for student, by_id in done.items()}, refused


def played_of(result: Result) -> Played:
    """Return what the report needs of a replayed attempt."""
    record = result.record
    facts = {
        "id": record["id"], "kind": record["kind"], "activity": record["activity"],
        "finished": record["finished_at"] or "", "passed": result.passed,
    }  # fmt: skip
    if record["kind"] == "case":
        told = debrief(result.structure, [step["choice"] for step in record["steps"]])
        steps = tuple(Step(turn.scene, turn.choice, float(turn.regret), bool(turn.red_line)) for turn in told.turns)
        return Played(**facts, red_line=bool(told.red_lines), bars=tuple(told.bars), steps=steps)
    if record["kind"] == "drill":
        items = read_drill(record["activity"]).document.data["items"]
        steps = []
        for step in record["steps"]:
            item = items[step["item"]]
            wrong = not is_right(item, step["answer"])
            answer = step["answer"] if isinstance(step["answer"], str) else json.dumps(step["answer"])
            steps.append(Step(step["item"], answer, 100.0 * wrong, wrong and bool(item.get("red_line"))))
        return Played(**facts, red_line=False, steps=tuple(steps))
    return Played(**facts, red_line=False)


def _as_played(known: dict[str, Any]) -> Played:
    steps = tuple(Step(**step) for step in known["steps"])
    return Played(**{**known, "bars": tuple(known["bars"]), "steps": steps})


def _titles(classroom: Classroom, released: Iterable[str]) -> dict[str, str]:
    titles = {}
    for assignment in released:
        path = classroom.root / "release" / assignment / f"{assignment}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        first = "".join(notebook["cells"][0]["source"]) if notebook["cells"] else ""
        headings = [line.removeprefix("# ").strip() for line in first.split("\n") if line.startswith("# ")]
        titles[assignment] = headings[0] if headings else assignment
    return titles


def _module_title(course: Path, number: int, lang: str) -> str:
    for language in (lang, "en"):
        for path in sorted((course / "book" / language).glob(f"{number:02}-*/index.md")):
            for line in path.read_text(encoding="utf-8").split("\n"):
                if line.startswith("# "):
                    return line.removeprefix("# ").strip()
    return str(number)


class _Kept:
    """What was read of files before, by path, as long as they have not changed."""

    def __init__(self, path: Path):
        self.path = path
        self.version = digest([1, LONGEST_ANSWER])
        try:
            kept = json.loads(path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            kept = {}
        self.before = kept["read"] if kept.get("version") == self.version else {}
        self.now: dict[str, list] = {}

    def known(self, path: Path) -> list[dict] | None:
        """Return what was read of this very file, or None."""
        key = str(path)
        if key not in self.now:
            entry = self.before.get(key)
            if entry is None or entry[0] != list(stamp(path) or ()):
                return None
            self.now[key] = entry
        return self.now[key][1]

    def set(self, path: Path, found: list[dict]) -> None:
        """Note what was read of a file."""
        self.now[str(path)] = [list(stamp(path) or ()), found]

    def of(self, path: Path, read: Callable[[], list[dict]]) -> list[dict]:
        """Return what is known of a file, reading it where it is new or has changed."""
        known = self.known(path)
        if known is None:
            self.set(path, known := read())
        return known

    def write(self) -> None:
        """Keep what was read for the next report."""
        temporary = self.path.with_suffix(".part")
        temporary.write_text(json.dumps({"version": self.version, "read": self.now}, ensure_ascii=False), "utf-8")
        os.replace(temporary, self.path)
