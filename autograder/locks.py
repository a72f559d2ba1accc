"""Locks of a class: who works on something of it, so that two graders at once do no harm."""

from __future__ import annotations

from pathlib import Path

from filelock import FileLock


def lock_of(root: Path, name: str) -> FileLock:
    """Return the lock that a process holds while it works on something of a class; it ends with the process.

    Args:
        root: the class instance's folder.
        name: what is worked on.
    """
    folder = root / ".locks"
    folder.mkdir(exist_ok=True)
    return FileLock(folder / f"{name}.lock")
