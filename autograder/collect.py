"""Takes in hand-ins that come as files, and puts them where nbgrader grades."""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from autograder.archives import LIMITS, Limits
from autograder.intake import Intake, Received
from autograder.roster import Roster
from autograder.versions import PAGE_MARK, is_page_made, place_version
from trustkit.attempts.record import write_attempt

__all__ = ["Received", "is_page_made", "place_received", "place_versions", "receive_files"]


def receive_files(
    root: Path, files: Iterable[Path], roster: Roster, activities: dict[str, tuple[str, ...]],
    say: Callable[[str], None] = print, *, student: str | None = None, assignment: str | None = None,
    limits: Limits = LIMITS,
) -> Received:  # fmt: skip
    """Sort what was handed in into `received/<assignment>/<student>/`, and refuse bad files one by one.

    Attempts are kept by their own ids, notebooks as versions: a folder for each, named by time and content,
    with everything that was handed in with the notebook. A refused file is copied to `refused/` with the
    reason beside it, so that nothing a trainee sent is lost.

    Args:
        root: the class instance's folder.
        files: attempt files, notebooks, zip archives, or folders of all that.
        roster: who the trainees are, by learner id, LMS id and name.
        activities: the activities of each released assignment.
        student: whose files these are, where neither an archive nor an attempt file says it.
        assignment: which assignment notebooks belong to, where their cells and their name do not say it.
        limits: how much is taken.
    """
    intake = Intake(root, roster, activities, say, student, assignment, limits)
    for file in files:
        intake.take(file)
    return intake.received


def place_versions(root: Path, assignment: str) -> list[str]:
    """Put the newest notebook that came by file into `submitted/`; returns the students whose hand-in changed.

    A newer hand-in that is there already stays; an older one from JupyterLab is kept as a version.
    """
    folders = sorted((root / "received" / assignment).glob("*/"))
    return [folder.name for folder in folders if place_version(root, folder.name, assignment)]


def place_received(root: Path, assignment: str) -> list[str]:
    """Put all that was received for an assignment into `submitted/`; returns the students whose hand-in changed.

    A student without a notebook gets the released one with the attempts beside it. A student who handed in a
    notebook, by file or from JupyterLab, keeps it; the attempts join those that came with it.
    """
    changed = set(place_versions(root, assignment))
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
        if (folder / "attempts").is_file():
            (folder / "attempts").rename(folder / "attempts.as-received")
        before = {path.name for path in (folder / "attempts").glob("*.json")}
        for record in records:
            write_attempt(folder / "attempts", record)
        after = {path.name for path in (folder / "attempts").glob("*.json")}
        if after != before or (folder / PAGE_MARK).exists():
            if (folder / PAGE_MARK).exists():
                latest = max(record["finished_at"] or record["started_at"] for record in records)
                _write_timestamp(folder, datetime.fromisoformat(latest))
            if after != before:
                changed.add(student)
    return sorted(changed)


def _write_timestamp(folder: Path, moment: datetime) -> None:
    (folder / "timestamp.txt").write_text(moment.strftime("%Y-%m-%d %H:%M:%S.%f UTC"), encoding="ascii")
