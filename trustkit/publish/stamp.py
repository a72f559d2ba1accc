"""Says which version of the course a page, a PDF or a folder holds; the same sources always say the same."""

from __future__ import annotations

import os
import subprocess
import tomllib
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path

DATED_BY = "SOURCE_DATE_EPOCH"
"""The variable that says when the sources are from (seconds since 1970), where there is no git to ask."""


@dataclass(frozen=True)
class Stamp:
    """What was published.

    Attributes:
        version: of the kit, such as "0.1.0".
        date: of the newest change to the sources (UTC), such as "2026-11-22"; "" where nobody knows.
        edition: eight digits that differ as soon as anything in the sources does.
    """

    version: str
    date: str
    edition: str

    def __str__(self) -> str:
        return " · ".join(part for part in (f"Trustkit {self.version}", self.date, self.edition) if part)


def stamp_of(root: Path, inputs: tuple[str, ...], digest: str) -> Stamp:
    """Return the stamp of a course.

    Args:
        root: the course folder.
        inputs: the folders in it that a build reads.
        digest: of everything that the build read.
    """
    return Stamp(kit_version(), _date(root, inputs), digest[:8])


def kit_version() -> str:
    """Return the version of the kit: `pyproject.toml` of the checkout, else of the installed package."""
    settings = Path(__file__).parents[2] / "pyproject.toml"
    try:
        return tomllib.loads(settings.read_text(encoding="utf-8"))["project"]["version"]
    except (OSError, KeyError, tomllib.TOMLDecodeError):
        return metadata.version("trustkit")


def _date(root: Path, inputs: tuple[str, ...]) -> str:
    seconds = os.environ.get(DATED_BY, "").strip() or _last_commit(root, inputs)
    return f"{datetime.fromtimestamp(int(seconds), UTC):%Y-%m-%d}" if seconds.isdigit() else ""


def _last_commit(root: Path, inputs: tuple[str, ...]) -> str:
    command = ["git", "-C", str(root), "log", "-1", "--format=%ct", "--", *inputs, "trustkit"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=20).stdout.strip()
    except (OSError, subprocess.SubprocessError):
        return ""
