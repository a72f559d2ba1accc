"""Says what a hand-in's process may do on this machine, and starts it so."""

from __future__ import annotations

import os
import site
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any, NoReturn

from autograder.running.client import ONE_THREAD
from autograder.sandbox import Limits, Policy, confine, missing_protections, probe

_SYSTEM = (
    "/usr/bin", "/usr/lib", "/usr/lib64", "/usr/libexec", "/usr/share", "/usr/local/lib", "/usr/local/share", "/bin",
    "/lib", "/lib64", "/etc/ld.so.cache", "/etc/alternatives", "/etc/localtime", "/etc/fonts", "/etc/ssl",
    "/etc/passwd", "/etc/mime.types", "/etc/nsswitch.conf",
)  # fmt: skip
_OF_A_DATASET = ("*.csv", "schema.yaml", "card.md")
_MEGABYTE = 1 << 20
_NOTHING = (
    "Here a hand-in's code runs with all your rights: it can read and change your files, the gradebook and the tests "
    "included, and use the network."
)
ALLOW_VARIABLE = "TRUSTKIT_ALLOW_UNSANDBOXED"
"""Environment variable that allows grading without protection when it is "1"."""
GRADING = {"NBGRADER_EXECUTION": "autograde"}
"""Environment variable by which nbgrader tells a notebook why it is run."""


class NotProtected(Exception):
    """Grading would run hand-ins without protection, and nobody has allowed that; the message says what is open."""


def can_fork() -> bool:
    """Return whether hand-ins can be run by forking, which is where protection is possible."""
    return sys.platform == "linux"


def require_protection(*, forks: bool | None = None) -> None:
    """Do nothing where hand-ins can be confined, or somebody has allowed to go without.

    Args:
        forks: whether hand-ins are run by forking (default: wherever that can be).

    Raises:
        NotProtected: a hand-in could do harm.
    """
    forks = can_fork() if forks is None else forks
    found = open_protections() if forks else [_NOTHING]
    if found and os.environ.get(ALLOW_VARIABLE) != "1":
        raise NotProtected(
            f"This machine cannot protect you from what a hand-in's code may do. {' '.join(found)} Grade on a machine "
            "that can (any Linux of these years), or add --allow-unsandboxed if you trust every hand-in."
        )


def environment_for(scratch: str) -> dict[str, str]:
    """Return all environment variables of a hand-in's process: nothing of the instructor's is among them."""
    from trustkit.course import course_root

    return {
        "HOME": scratch,
        "TMPDIR": "/tmp",
        "PATH": os.pathsep.join((str(Path(sys.executable).parent), "/usr/bin", "/bin")),
        "LANG": "C.UTF-8",
        "MPLCONFIGDIR": str(_figures_folder()),
        "TRUSTKIT_HOME": str(course_root()),
        **GRADING,
        **ONE_THREAD,
    }


def policy_for(scratch: str, memory_mb: int, seconds: float) -> dict[str, Any]:
    """Return what a hand-in may do, as plain data: the arguments of a sandbox policy.

    It reads Python, the libraries and the course's datasets, writes in its scratch folder, and has no network.

    Args:
        scratch: the hand-in's own folder.
        memory_mb: most memory, in megabytes.
        seconds: most processor seconds.
    """
    from trustkit.course import course_root

    return {
        "read": list(_readable(course_root())),
        "scratch": scratch,
        "limits": {
            "memory": memory_mb * _MEGABYTE,
            "cpu_seconds": int(seconds) + 60,
            "processes": 64,
            "file_bytes": 100 * _MEGABYTE,
            "open_files": 512,
            "scratch_bytes": 200 * _MEGABYTE,
        },
        # what the machine has must also be had for this hand-in: a wall that fails is no wall
        "require": [layer for layer, missing in probe().items() if not missing],
    }


@cache
def _readable(course: Path) -> tuple[str, ...]:
    folders = [sys.prefix, sys.base_prefix, sys.exec_prefix, *site.getsitepackages(), *_SYSTEM, str(_figures_folder())]
    folders += [str(Path(sys.executable).resolve().parent.parent)]
    folders += [str(course / name) for name in ("trustkit", "autograder", "exercises/slips")]
    for pattern in _OF_A_DATASET:
        folders += [str(path) for path in sorted((course / "datasets").glob(f"*/{pattern}"))]
    found: list[str] = []
    for path in dict.fromkeys(folders):
        if os.path.exists(path) and not any(path == one or path.startswith(one + os.sep) for one in found):
            found.append(path)
    return tuple(found)


@cache
def _figures_folder() -> Path:
    import matplotlib

    return Path(matplotlib.get_cachedir())


def open_protections() -> list[str]:
    """Return, in plain words, what a hand-in could do on this machine because a protection is missing.

    Walls may stand in for one another: namespaces, or landlock with seccomp, keep a hand-in away from files, network
    and other programs. Only what no wall covers is open; see `lesser_protections` for the rest.
    """
    report = probe()
    walls = not report["namespaces"] or not (report["landlock"] or report["seccomp"])
    if walls and not report["rlimits"]:
        return []
    return missing_protections(report)


def lesser_protections() -> list[str]:
    """Return what is weaker on this machine than it could be, where nothing is open."""
    return [] if open_protections() else missing_protections(probe())


def run_confined(
    policy: dict[str, Any], life: socket.socket, keep: list[int], work: Callable[[], None], environment: dict[str, str]
) -> NoReturn:
    """Run a hand-in in this process's child, confined, and end this process and everything of it afterwards.

    SIGINT to this process interrupts the hand-in's main process, SIGTERM ends everything.

    Args:
        policy: what `policy_for` says.
        life: what is left of the hand-in lives until the other end of this socket is closed; a limit that ended it
            is told there.
        keep: descriptors that the hand-in may use.
        work: what it does.
        environment: its environment variables.
    """

    def with_own_environment() -> None:
        os.environ.clear()
        os.environ.update(environment)
        work()

    def tell(word: str) -> None:
        with suppress(OSError):
            life.send(word.encode(), socket.MSG_DONTWAIT | socket.MSG_NOSIGNAL)

    def look(layers: dict[str, str]) -> None:
        if lost := [f"{layer} ({layers[layer]})" for layer in policy["require"] if layers[layer]]:
            tell(f"a protection that this machine has could not be had this time: {', '.join(lost)}")

    limits = Limits(**policy["limits"])
    confine(
        Policy(tuple(policy["read"]), policy["scratch"], limits, tuple(policy["require"])),
        with_own_environment, report=look, exceeded=tell, keep=tuple(keep), hold=life.fileno(),
    )  # fmt: skip
