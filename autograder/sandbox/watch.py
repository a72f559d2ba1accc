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
    return ((process, threads) for process, threads in _below(ancestor) if threads)


def _below(ancestor: int) -> Iterator[tuple[int, int]]:
    """Yield process id and number of living threads of every process below another, also of those that are dead."""
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
        found = waiting.pop()
        yield found
        waiting += children.get(found[0], ())


def kill_descendants(patience: float = 30.0) -> None:
    """Kill everything below this process, which must be a child subreaper, and reap it.

    A process that has begotten another and gone before it is found would live on in that other. So whole groups are
    killed, which the kernel does at one moment, forks in progress included; and the kernel's own lists of children are
    read, which takes a fraction of the time of a look at all processes.

    Args:
        patience: seconds after which it gives up.
    """
    deadline = time.monotonic() + patience
    # a job begins with a group of its own: what is in this one is no job yet, or is the caller's
    spared = {0, 1, os.getpgrp()}
    while time.monotonic() < deadline:
        try:
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        except ChildProcessError:
            # whatever has lost its parent would be a child of this process now
            return
        for process in _family():
            with suppress(ProcessLookupError, PermissionError):
                if (group := os.getpgid(process)) not in spared:
                    os.killpg(group, signal.SIGKILL)
            with suppress(ProcessLookupError, PermissionError):
                os.kill(process, signal.SIGKILL)
        time.sleep(0.0001)


def _family() -> Iterator[int]:
    """Yield every process below this one, the dead included, where they were begotten by first threads."""
    own = os.getpid()
    if not os.path.exists(f"/proc/{own}/task/{own}/children"):
        # an older kernel, or one without these lists
        yield from (process for process, _ in _below(own))
        return
    waiting = [own]
    while waiting:
        parent = waiting.pop()
        with suppress(OSError), open(f"/proc/{parent}/task/{parent}/children", "rb") as file:
            children = [int(name) for name in file.read().split()]
            waiting += children
            yield from children
