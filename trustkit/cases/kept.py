"""Keeps what took long to work out about a case, on disk, until anything that it rests on changes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from trustkit.content import digest
from trustkit.course import CourseNotFound, course_root

_PACKAGE = Path(__file__).parents[1]
_RESTS_ON = ("content.py", "policies.py", "translation.py", "cases", "trust")
_TEXT = {".py", ".yaml", ".json"}


def kept(kind: str, question: Any, answer: Callable[[], Any]) -> Any:
    """Return the kept answer to a question, or work it out and keep it; JSON-ready values only.

    The answer is forgotten when the question, the model or the code that answers it changes. Where the
    folder cannot be written nothing is kept and nothing is lost.

    Args:
        kind: a word for the sort of question, such as "bounds".
        question: everything that the answer depends on, apart from the program itself.
        answer: works the answer out.
    """
    try:
        path = place_of(kind, question, course_root())
    except CourseNotFound:
        return answer()
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        found = answer()
    part = path.with_name(f"{path.name}.{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(json.dumps(found, ensure_ascii=False), encoding="utf-8")
        # In one move, so that another process never reads half of it.
        part.replace(path)
    except OSError:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return found


def place_of(kind: str, question: Any, root: Path) -> Path:
    """Return the file of a course that holds the kept answer to a question, once there is one."""
    return root / "_build" / "kept" / kind / f"{digest([_program(), question], 32)}.json"


@cache
def _program() -> str:
    """The digest of the program and the numbers that answers rest on."""
    files = []
    for name in _RESTS_ON:
        path = _PACKAGE / name
        files += [path] if path.is_file() else sorted(part for part in path.iterdir() if part.suffix in _TEXT)
    return digest({str(path.relative_to(_PACKAGE)): path.read_text(encoding="utf-8") for path in files}, 32)
