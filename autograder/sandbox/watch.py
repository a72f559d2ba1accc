"""What the init of a job counts itself where no layer of the kernel does: files in scratch, and processes."""

from __future__ import annotations

import os
import signal
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress

_BLOCK = 512
_SMALLEST = 4096
_DEEPEST = 64


class TooMuchError(Exception):
    """More is in the scratch folder than allowed, or it cannot be counted."""


def identities(descriptors: Iterable[int]) -> set[tuple[int, int]]:
    """Return device and inode of the files behind open descriptors; closed ones are left out."""
    found = set()
    for descriptor in descriptors:
        with suppress(OSError):
            about = os.fstat(descriptor)
            found.add((about.st_dev, about.st_ino))
    return found


def check_scratch(scratch: str, most: int, given: set[tuple[int, int]]) -> None:
    """Raise `TooMuchError` when the files of a folder, with those that are deleted but held open, are too large.

    Args:
        scratch: the folder.
        most: bytes; every file and folder counts as 4,096 at least, so that empty ones have a limit too.
        given: identities of files that the job was given open; they are not its own.
    """
    try:
        folder = os.open(scratch, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError:
        raise TooMuchError from None
    try:
        device = os.fstat(folder).st_dev
        left = _count(folder, most, 0)
    finally:
        os.close(folder)
    counted = set(given)
    for process, _ in descendants(os.getpid()):
        left -= _size_of_deleted(process, device, counted)
        if left < 0:
            raise TooMuchError


def _count(folder: int, left: int, depth: int) -> int:
    if depth > _DEEPEST:
        raise TooMuchError
    with os.scandir(folder) as entries:
        for entry in entries:
            try:
                about = entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue
            left -= max(_SMALLEST, about.st_blocks * _BLOCK)
            if left < 0:
                raise TooMuchError
            if stat.S_ISDIR(about.st_mode):
                try:
                    flags = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
                    inner = os.open(entry.name, flags, dir_fd=folder)
                except (FileNotFoundError, NotADirectoryError):
                    continue
                except OSError:
                    # closed against being looked into
                    raise TooMuchError from None
                try:
                    left = _count(inner, left, depth + 1)
                finally:
                    os.close(inner)
    return left


def _size_of_deleted(process: int, device: int, counted: set[tuple[int, int]]) -> int:
    size = 0
    with suppress(OSError):
        for name in os.listdir(f"/proc/{process}/fd"):
            with suppress(OSError):
                about = os.stat(f"/proc/{process}/fd/{name}")
                identity = (about.st_dev, about.st_ino)
                own = about.st_nlink == 0 and about.st_dev == device and stat.S_ISREG(about.st_mode)
                if own and identity not in counted:
                    counted.add(identity)
                    size += about.st_blocks * _BLOCK
    return size


def descendants(ancestor: int) -> Iterator[tuple[int, int]]:
    """Yield process id and number of threads of every living process below another, as `/proc` shows them."""
    children: dict[int, list[tuple[int, int]]] = {}
    try:
        names = os.listdir("/proc")
    except OSError:
        # a job in a container that hides parts of its own /proc has none
        return
    for name in names:
        if not name.isdigit():
            continue
        try:
            with open(f"/proc/{name}/stat", "rb") as file:
                # the name of the program may hold anything, also brackets
                fields = file.read().rpartition(b")")[2].split()
        except OSError:
            continue
        # the first thread may be dead and the others not; a dead process may have children not yet passed on
        living = int(fields[17]) - (fields[0] in (b"Z", b"X"))
        children.setdefault(int(fields[1]), []).append((int(name), living))
    waiting = list(children.get(ancestor, ()))
    while waiting:
        process, threads = waiting.pop()
        if threads:
            yield process, threads
        waiting += children.get(process, ())


def kill_descendants(patience: float = 30.0) -> None:
    """Kill everything below this process, which must be a child subreaper, and reap it.

    Args:
        patience: seconds after which it gives up.
    """
    deadline = time.monotonic() + patience
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            # whatever has lost its parent would be a child of this process now
            return
        for process, _ in descendants(os.getpid()):
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.0005)
