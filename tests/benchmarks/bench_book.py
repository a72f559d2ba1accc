"""How long the book takes to build from nothing, and again when nothing has changed."""

from __future__ import annotations

import shutil
import tempfile
import time
from pathlib import Path

from figure import Figure

from trustkit.course import course_root
from trustkit.publish.build import build_book


def figures() -> list[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "course"
        shutil.copytree(
            course_root(), copy, ignore=shutil.ignore_patterns("_build", ".venv", ".git", "__pycache__", ".*_cache")
        )
        cold, again = _seconds(copy), _seconds(copy)
    return [
        Figure("book: cold build of both editions", cold, "s", "> 0"),
        Figure("book: build without a change, share of the cold one", again / cold, "of cold", "< 0.25"),
    ]


def _seconds(root: Path) -> float:
    started = time.perf_counter()
    build_book(root=root, say=lambda line: None)
    return time.perf_counter() - started
