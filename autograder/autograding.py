"""How nbgrader's autograding goes through a class: several hand-ins at once, each whole or not at all.

`install` puts this in the place of nbgrader's own loop, so that its command, formgrader's button and `trustkit grade`
all go this way. One hand-in is graded by nbgrader's own steps into a folder beside, which takes its final place only
when it is complete; while it is graded, nobody else can grade it. So whatever stops the grader, a hand-in is graded or
still to be graded.
"""

from __future__ import annotations

import functools
import logging
import os
import re
import shutil
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from nbgrader.converters.autograde import Autograde
from nbgrader.converters.base import NbGraderException
from nbgrader.utils import rmtree

from autograder.full_disk import full_folder_told
from autograder.handed_in import refuse_links
from autograder.locks import lock_of
from autograder.running.cluster import ClusterError
from autograder.running.confined import can_fork
from autograder.worker import NOTE, Task, run_tasks

STAGING = ".autograding"
"""Folder in the class, beside `autograded`, where a hand-in lies while it is graded."""

_stock = Autograde.convert_notebooks
_stock_steps = {
    name: getattr(Autograde, name) for name in ("init_assignment", "convert_single_notebook", "set_permissions")
}
"""nbgrader's steps of one hand-in that write files; what goes wrong in them it logs and passes over."""


def install() -> None:
    """Put our way through a class in the place of nbgrader's; a second call changes nothing."""
    Autograde.convert_notebooks = _convert_notebooks
    for name, step in _stock_steps.items():
        setattr(Autograde, name, _telling(step))


def _telling(step: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(step)
    def told(self: Autograde, *arguments: str) -> Any:
        with full_folder_told(Path(self.coursedir.root)):
            return step(self, *arguments)

    return told


def _convert_notebooks(self: Autograde) -> None:
    """Take the place of `Autograde.convert_notebooks`.

    Raises:
        NbGraderException: a hand-in could not be graded; the log says which and why.
    """
    hand_ins = [_names(self, folder) for folder in sorted(self.assignments)]
    if len(hand_ins) > 1 and can_fork() and not _has_options(self):
        _together(self, hand_ins)
        return
    every, failed = self.assignments, []
    try:
        for folder, (assignment, student) in zip(sorted(every), hand_ins, strict=True):
            self.assignments = {folder: every[folder]}
            try:
                _convert_one(self, assignment, student)
            except NbGraderException:
                if len(hand_ins) == 1:
                    raise
                failed.append(student)
    finally:
        self.assignments = every
    if failed:
        raise NbGraderException(f"Not graded: {', '.join(failed)}. The log says why.")


def _names(self: Autograde, folder: str) -> tuple[str, str]:
    pattern = self._format_source("(?P<assignment_id>.*)", "(?P<student_id>.*)", escape=True)
    found = re.match(pattern, folder)
    if found is None:
        raise NbGraderException(f"{folder} is not where hand-ins of this class lie.")
    return found["assignment_id"], found["student_id"]


def _has_options(self: Autograde) -> bool:
    """Return whether the command was given options that only this process knows."""
    given = getattr(self.parent, "cli_config", {})
    known = {"CourseDirectory": {"assignment_id", "student_id"}, "Autograde": {"force"}, "NbGrader": {"log_level"}}
    names = {(group, name) for group, values in given.items() for name in values}
    return bool(names - {(group, name) for group, values in known.items() for name in values})


def _together(self: Autograde, hand_ins: list[tuple[str, str]]) -> None:
    tasks = [Task("autograde", assignment, student, force=self.force) for assignment, student in hand_ins]
    failed = []
    try:
        for done in run_tasks(Path(self.coursedir.root), tasks):
            _retell(self.log, done.log)
            if not done.ok:
                failed.append(done.task.student)
    except ClusterError as error:
        self.log.error("%s", error)
        raise NbGraderException(str(error)) from None
    if failed:
        raise NbGraderException(f"Not graded: {', '.join(sorted(failed))}. The log says why.")


def _retell(log: logging.Logger, told: str) -> None:
    for line in told.splitlines():
        level = re.search(r"\[(DEBUG|INFO|WARNING|ERROR|CRITICAL)\] ?(.*)", line)
        log.log(getattr(logging, level[1]) if level else logging.ERROR, level[2] if level else line)


def _convert_one(self: Autograde, assignment: str, student: str) -> None:
    root = Path(self.coursedir.root)
    if self.coursedir.notebook_id != "*" or student in self.coursedir.student_id_exclude.split(","):
        _stock(self)
        return
    with full_folder_told(root), lock_of(root, f"{assignment}+{student}"):
        final = Path(self._format_dest(assignment, student))
        if final.exists() and not self.force and not _is_newer(self, assignment, student, final):
            self.log.info("Skipping existing assignment: %s", final)
            return
        for note in refuse_links(Path(self._format_source(assignment, student))):
            self.log.warning("%s%s", NOTE, note)
        place = self.coursedir.autograded_directory
        self.coursedir.autograded_directory = STAGING
        try:
            staged = Path(self._format_dest(assignment, student))
            if staged.exists():
                # left by a grader that was stopped
                rmtree(str(staged))
            _stock(self)
        finally:
            self.coursedir.autograded_directory = place
        if staged.exists():
            _put_in_place(staged, final)
        with suppress(OSError):
            staged.parent.rmdir()


def _is_newer(self: Autograde, assignment: str, student: str, final: Path) -> bool:
    submitted = self.coursedir.get_existing_timestamp(self._format_source(assignment, student))
    graded = self.coursedir.get_existing_timestamp(str(final))
    return submitted is not None and graded is not None and submitted > graded


def _put_in_place(staged: Path, final: Path) -> None:
    _write_through(staged)
    before = staged.with_name(f"{staged.name}.before")
    if before.exists():
        rmtree(str(before))
    if final.exists():
        os.rename(final, before)
    final.parent.mkdir(parents=True, exist_ok=True)
    os.rename(staged, final)
    shutil.rmtree(before, ignore_errors=True)


def _write_through(folder: Path) -> None:
    """Have the files of a folder on the disk: after a power cut its new name must not stand for empty files."""
    if os.name != "posix":
        return
    for path in (*folder.rglob("*"), folder):
        handle = os.open(path, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
