"""Runs one hand-in from its cells to the outputs of its tests, on this machine."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from autograder.running import client
from autograder.running.cells import Assignment
from autograder.running.confined import environment_for, policy_for


@dataclass(frozen=True)
class Allowance:
    """What one hand-in may take.

    Attributes:
        timeout: seconds for a cell, and for a call of a function by a test.
        timeout_all: seconds for all of the trainee's cells together.
        memory_mb: megabytes of memory.
    """

    timeout: float = 60.0
    timeout_all: float = 300.0
    memory_mb: int = 4096


@dataclass(frozen=True)
class HandIn:
    """What is to be run.

    Attributes:
        assignment: what the source says.
        cells: number and source of each code cell, in the order of the notebook; a test has no source here.
        tests: number and source of each test by its name.
    """

    assignment: Assignment
    cells: Sequence[tuple[int, str | None]]
    tests: Mapping[str, tuple[int, str]]


def run_hand_in(
    hand_in: HandIn, folder: Path, secrets: Mapping[str, str], allowance: Allowance
) -> dict[int, client.CellRun]:
    """Run the trainee's cells confined, then the tests, and return what came of each cell by its number.

    Args:
        folder: what was handed in beside the notebook. The trainee's code gets a copy, the tests read it here.
        secrets: environment variables of the tests' process, which the trainee's never sees.
        allowance: what it may take.

    Raises:
        autograder.running.client.CannotRun: it could not be run, through no fault of the trainee.
    """
    try:
        return _run_once(hand_in, folder, secrets, allowance)
    except client.CannotRun:
        # A room may have been closed meanwhile, or have ended; what is wrong with the source fails once more.
        client.forget_rooms()
        return _run_once(hand_in, folder, secrets, allowance, last=True)


def _run_once(
    hand_in: HandIn, folder: Path, secrets: Mapping[str, str], allowance: Allowance, *, last: bool = False
) -> dict[int, client.CellRun]:
    with tempfile.TemporaryDirectory(prefix="trustkit-", ignore_cleanup_errors=True) as scratch:
        _copy_handed_in(folder, Path(scratch))
        context = client.Context(
            scratch=scratch,
            folder=str(folder),
            policy=policy_for(scratch, allowance.memory_mb, allowance.timeout_all),
            environment=environment_for(scratch),
            secrets=dict(secrets),
            timeout=allowance.timeout,
            timeout_all=allowance.timeout_all,
            judge_mb=allowance.memory_mb,
        )
        with client.Job(hand_in.assignment, context, last=last) as job:
            runs = job.run(hand_in.cells)
            order = {name: place for place, name in enumerate(hand_in.assignment.tests)}
            # In the order of the assignment, whatever the trainee has moved: a test may lean on an earlier one.
            for name in sorted(hand_in.tests, key=lambda name: order.get(name, len(order))):
                number, source = hand_in.tests[name]
                tested = job.test(number, name, source)
                tested.count = runs[number].count
                tested.stopped[:0] = runs[number].stopped
                runs[number] = tested
    return runs


def _copy_handed_in(folder: Path, scratch: Path) -> None:
    """Copy ordinary files and folders: no links, and no notebook, which lies there with its tests."""
    for entry in sorted(folder.rglob("*")):
        if entry.suffix == ".ipynb" or entry.is_symlink() or any(one.is_symlink() for one in _above(entry, folder)):
            continue
        target = scratch / entry.relative_to(folder)
        if entry.is_dir():
            target.mkdir(parents=True, exist_ok=True)
        elif entry.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(entry, target)


def _above(entry: Path, folder: Path) -> Iterator[Path]:
    for parent in entry.parents:
        if parent == folder:
            return
        yield parent
