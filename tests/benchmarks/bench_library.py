"""How long it takes to lint, solve and calibrate the whole library of cases, from nothing and again."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from figure import Figure

from trustkit.course import course_root

CALIBRATE = (
    "from trustkit.cases.calibration import populations; from trustkit.course import case_ids; populations(case_ids())"
)


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        for part in ("cases", "book"):
            shutil.copytree(course_root() / part, copy / part)
        lint = [sys.executable, "-m", "trustkit", "lint"]
        cold, again = _seconds(copy, *lint), _seconds(copy, *lint)
        calibrated = _seconds(copy, sys.executable, "-c", CALIBRATE)
    return [
        Figure("library: lint and solve every variant, from nothing", cold, "s", "< 90"),
        Figure("library: the same when nothing changed", again, "s", "< 3"),
        Figure("library: calibration, six handlers, 200 seeds", calibrated, "s", "< 60"),
    ]


def _seconds(home: Path, *command: str) -> float:
    started = time.perf_counter()
    # Lint may well find something; here only the time counts.
    subprocess.run(command, env={**os.environ, "TRUSTKIT_HOME": str(home)}, stdout=subprocess.DEVNULL)
    return time.perf_counter() - started
