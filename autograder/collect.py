"""Takes in the attempt files of trainees who work in the book's pages only, and puts them where nbgrader grades."""

from __future__ import annotations

import hashlib
import json
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from autograder.roster import Roster
from trustkit.attempts.record import MOST_BYTES, AttemptRefused, Refusal, parse_attempts, write_attempt
from trustkit.attempts.replay import replay

PAGE_MARK = "page-hand-in.txt"
"""Stands in a submitted folder that was made from attempt files: its notebook is the untouched release."""


@dataclass
class Received:
    """What came of taking in files.

    Attributes:
        taken: number of new attempts by (student, assignment).
        known: number of attempts that had been handed in before.
        refused: path, code and reason, for each refused file or attempt.
    """

    taken: dict[tuple[str, str], int] = field(default_factory=dict)
    known: int = 0
    refused: list[Refusal] = field(default_factory=list)


def receive_files(
    root: Path, files: Iterable[Path], roster: Roster, activities: dict[str, tuple[str, ...]],
    say: Callable[[str], None] = print,
) -> Received:  # fmt: skip
    """Sort exported attempt files into `received/<assignment>/<student>/`, and refuse bad ones one by one.

    A refused file is copied to `refused/` with the reason beside it, so that nothing a trainee sent is lost.
    Folders are searched for `*.json`.

    Args:
        root: the class instance's folder.
        files: exported files, or folders of them.
        roster: whose learner ids these are.
        activities: the activities of each released assignment.
    """
    received = Received()
    for file in _each_file(files):
        taken: dict[tuple[str, str], int] = {}
        known = 0
        for outcome in _records(root, file, roster, activities):
            if isinstance(outcome, AttemptRefused):
                _keep(root / "refused", file, outcome)
                received.refused.append(Refusal(file, outcome.code, outcome.message))
                say(f"Refused: {file.name}: {outcome.message} (kept in {root.name}/refused)")
                continue
            student, assignment, record = outcome
            folder = root / "received" / assignment / student
            before = len(list(folder.glob("*.json")))
            write_attempt(folder, record)
            if len(list(folder.glob("*.json"))) > before:
                taken[student, assignment] = taken.get((student, assignment), 0) + 1
            else:
                known += 1
        for key, count in taken.items():
            received.taken[key] = received.taken.get(key, 0) + count
            say(f"Received: {file.name}: {key[0]}, {key[1]}, {_counted(count, 'new attempt')}.")
        received.known += known
        if known and not taken:
            say(f"Received: {file.name}: nothing new, {_counted(known, 'attempt')} had been handed in before.")
    return received


def place_received(root: Path, assignment: str) -> list[str]:
    """Put all received attempts of an assignment into `submitted/`; returns the students whose hand-in changed.

    A student without a hand-in gets the released notebook with the attempts beside it. A student who handed
    in from JupyterLab as well keeps that notebook; the attempts join those that came with it.
    """
    changed = []
    for received in sorted((root / "received" / assignment).glob("*/")):
        student = received.name
        folder = root / "submitted" / student / assignment
        records = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(received.glob("*.json"))]
        if not records:
            continue
        if not folder.is_dir():
            shutil.copytree(root / "release" / assignment, folder)
            note = "Made from attempt files; the trainee worked in the book's pages and sent no notebook.\n"
            (folder / PAGE_MARK).write_text(note, encoding="utf-8")
            (folder / "submission_secret.txt").write_text(secrets.token_hex(64), encoding="ascii")
        before = {path.name for path in (folder / "attempts").glob("*.json")}
        for record in records:
            write_attempt(folder / "attempts", record)
        after = {path.name for path in (folder / "attempts").glob("*.json")}
        if after != before or (folder / PAGE_MARK).exists():
            if (folder / PAGE_MARK).exists():
                latest = max(record["finished_at"] or record["started_at"] for record in records)
                _write_timestamp(folder, datetime.fromisoformat(latest))
            if after != before:
                changed.append(student)
    return changed


def is_page_made(folder: Path) -> bool:
    """Return whether a submitted folder was made from attempt files alone."""
    return (folder / PAGE_MARK).is_file()


def _records(
    root: Path, file: Path, roster: Roster, activities: dict[str, tuple[str, ...]]
) -> Iterator[tuple[str, str, dict] | AttemptRefused]:
    """Yield each attempt of a file with its student and assignment, or the reason why it is refused."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise AttemptRefused("too-large", f"the file has more than {MOST_BYTES:,} bytes; it is no attempt file.")
        records = parse_attempts(file.read_bytes())
        if not records:
            raise AttemptRefused("wrong-format", "the export holds no attempt. Finish an attempt, then export again.")
        for learner in dict.fromkeys(record["learner"] for record in records):
            if roster.student_of(learner) is None:
                raise AttemptRefused(
                    "unknown-learner",
                    f"the roster has no learner `{learner}`. Find out whose file this is, add the row "
                    f"`<student id>,<name>,{learner}` to roster.csv and collect the file again.",
                )
    except OSError as error:
        yield AttemptRefused("not-json", f"the file cannot be read: {error.strerror}.")
        return
    except AttemptRefused as error:
        yield error
        return
    for record in records:
        wanted = [assignment for assignment, names in activities.items() if record["activity"] in names]
        if not wanted:
            yield AttemptRefused(
                "unknown-activity", f"no released assignment asks for `{record['activity']}`. Release it first."
            )
            continue
        try:
            replay(record, root / "content")
        except AttemptRefused as error:
            # an attempt that was broken off is no offence: it is kept with the others and earns nothing
            if error.code != "unfinished":
                yield AttemptRefused(error.code, f"attempt {record['id']}: {error.message}")
                continue
        student = roster.student_of(record["learner"])
        for assignment in wanted:
            yield student, assignment, record


def _each_file(files: Iterable[Path]) -> list[Path]:
    found: list[Path] = []
    for path in files:
        found += sorted(path.rglob("*.json")) if path.is_dir() else [path]
    return found


def _keep(folder: Path, file: Path, error: AttemptRefused) -> None:
    if not file.is_file() or error.code == "too-large":
        return
    content = file.read_bytes()
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / f"{hashlib.sha256(content).hexdigest()[:8]}-{file.name}"
    kept.write_bytes(content)
    note = kept.with_name(kept.name + ".note.txt")
    reasons = note.read_text(encoding="utf-8") if note.is_file() else f"Came from {file}\n"
    reason = f"Refused ({error.code}): {error.message}\n"
    if reason not in reasons:
        note.write_text(reasons + reason, encoding="utf-8")


def _write_timestamp(folder: Path, moment: datetime) -> None:
    (folder / "timestamp.txt").write_text(moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC"), encoding="ascii")


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"
