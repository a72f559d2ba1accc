"""A hand-in, and what came of it, as bytes for another machine: JSON and files, nothing that runs when it is read."""

from __future__ import annotations

import io
import json
import math
import os
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from autograder.handed_in import MOST_BYTES_TOGETHER
from autograder.running.cells import Assignment
from autograder.running.client import CannotRun, CellRun
from autograder.running.hand_in import Allowance, HandIn

_FILES, _SECRETS, _JOB = "files", "secrets", "job.json"
_KINDS_OF_OUTPUT = ("stream", "error", "display_data", "execute_result")


@dataclass(frozen=True)
class Packed:
    """What was unpacked: the arguments of `autograder.running.hand_in.run_hand_in`, with places on this machine.

    Attributes:
        unprotected: whether somebody has allowed to run it where a protection is missing.
    """

    hand_in: HandIn
    folder: Path
    secrets: dict[str, str]
    allowance: Allowance
    unprotected: bool


def pack(
    hand_in: HandIn, folder: Path, secrets: Mapping[str, str], allowance: Allowance, *, unprotected: bool
) -> bytes:
    """Return a hand-in with all that it needs from this machine.

    Args:
        folder: what was handed in beside the notebook; links and what is neither file nor folder stay behind.
        secrets: environment variables of the tests; a file or folder that one names by its full path travels along.
        unprotected: whether somebody has allowed to run it where a protection is missing.

    Raises:
        autograder.running.client.CannotRun: there is too much of it, or it cannot be read.
    """
    travelling = {name: path for name, value in secrets.items() if (path := Path(value)).is_absolute()}
    job = {
        "assignment": asdict(hand_in.assignment), "cells": list(hand_in.cells), "tests": dict(hand_in.tests),
        "allowance": asdict(allowance), "unprotected": unprotected,
        "secrets": {name: None if name in travelling else value for name, value in secrets.items()},
    }  # fmt: skip
    buffer = io.BytesIO()
    try:
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
            archive.writestr(_JOB, json.dumps(job))
            _add(archive, folder, _FILES, MOST_BYTES_TOGETHER)
            for name, path in travelling.items():
                _add(archive, path.resolve(), f"{_SECRETS}/{name}")
    except OSError as error:
        raise CannotRun(f"A file of the hand-in cannot be read ({error.strerror}: {error.filename}).") from None
    return buffer.getvalue()


def _add(archive: zipfile.ZipFile, source: Path, name: str, most: float = math.inf) -> None:
    """Add a file, or a folder with all that is in it, unless that is more than `most` bytes."""
    size = 0
    for path, inside in _ordinary(source, name):
        if path.is_dir():
            archive.writestr(f"{inside}/", b"")
            continue
        size += path.stat().st_size
        if size > most:
            raise CannotRun(
                f"What was handed in is larger than {most / 1e6:,.0f} MB together and cannot be sent to "
                "another machine. Ask the trainee to submit without large files."
            )
        archive.writestr(inside, path.read_bytes())


def _ordinary(source: Path, name: str) -> Iterator[tuple[Path, str]]:
    if source.is_file():
        yield source, name
    for here, _, files in os.walk(source):
        place = Path(here)
        inside = "/".join((name, *place.relative_to(source).parts))
        yield place, inside
        for file in sorted(files):
            if (place / file).is_file() and not (place / file).is_symlink():
                yield place / file, f"{inside}/{file}"


def unpack(packed: bytes, home: Path) -> Packed:
    """Return a hand-in that was packed, and write its files into a folder of its own.

    Raises:
        OSError: they cannot be written.
    """
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(home)
    job = json.loads((home / _JOB).read_bytes())
    hand_in = HandIn(
        Assignment(
            **{name: tuple(value) if isinstance(value, list) else value for name, value in job["assignment"].items()}
        ),
        [(number, source) for number, source in job["cells"]],
        {name: (number, source) for name, (number, source) in job["tests"].items()},
    )
    secrets = {name: str(home / _SECRETS / name) if value is None else value for name, value in job["secrets"].items()}
    return Packed(hand_in, home / _FILES, secrets, Allowance(**job["allowance"]), job["unprotected"])


def pack_runs(runs: Mapping[int, CellRun]) -> bytes:
    """Return what came of each cell as JSON."""
    return json.dumps([[number, vars(run)] for number, run in runs.items()]).encode("ascii")


def unpack_runs(packed: bytes, hand_in: HandIn) -> dict[int, CellRun]:
    """Return what came of each cell of a hand-in.

    Raises:
        autograder.running.client.CannotRun: it is not what comes of this hand-in.
    """
    try:
        runs = {number: CellRun(**run) for number, run in json.loads(packed)}
    except (ValueError, TypeError, RecursionError):
        runs = {}
    if runs.keys() != {number for number, _ in hand_in.cells} or not all(map(_is_sound, runs.values())):
        raise CannotRun("The cluster sent back something else than the outputs of this hand-in. Grade again.")
    return runs


def _is_sound(run: CellRun) -> bool:
    outputs: Any = run.outputs
    return (
        isinstance(outputs, list)
        and all(isinstance(one, dict) and one.get("output_type") in _KINDS_OF_OUTPUT for one in outputs)
        and (run.count is None or type(run.count) is int)
        and isinstance(run.stopped, list)
        and all(isinstance(one, str) for one in run.stopped)
    )
