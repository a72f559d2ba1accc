"""What a job may do: folders, limits, and the layers without which it must not start."""

from __future__ import annotations

import os
from dataclasses import dataclass

LAYERS = ("rlimits", "seccomp", "landlock", "namespaces", "cgroup")
"""The layers of protection, by the names that Linux gives them."""


@dataclass(frozen=True)
class Limits:
    """What a job may use at most; 0 is no limit.

    Attributes:
        memory: bytes of address space of one process, and of memory of all together where there is a cgroup.
        cpu_seconds: processor seconds of one process.
        processes: most processes and threads at once.
        file_bytes: bytes of the largest file.
        open_files: most open descriptors of one process.
        scratch_bytes: bytes of all files together that the job has in its scratch folder (and in `/tmp`).
    """

    memory: int
    cpu_seconds: int
    processes: int
    file_bytes: int
    open_files: int
    scratch_bytes: int


@dataclass(frozen=True)
class Policy:
    """What a job may read, where it may write, how much, and what must protect it.

    Attributes:
        read: absolute paths of folders and files that may be read and executed; those that do not exist are left
            out. Nothing else exists for the job.
        scratch: absolute path of the one folder that may be written; it exists already, with files in it.
        limits: what the job may use.
        require: names from `LAYERS`; without one of them the job does not start.
    """

    read: tuple[str, ...]
    scratch: str
    limits: Limits
    require: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        """Raise `ValueError` for a policy that cannot be meant."""
        for path in (*self.read, self.scratch):
            if not os.path.isabs(path):
                raise ValueError(f"The path {path!r} of a sandbox must be absolute.")
            if os.path.normpath(path) in ("/", "//", "/proc", "/dev"):
                raise ValueError(f"A sandbox cannot be given {path!r}: name the folders below it that are needed.")
        if unknown := sorted(set(self.require) - set(LAYERS)):
            raise ValueError(f"There is no layer {', '.join(unknown)}. The layers are {', '.join(LAYERS)}.")
