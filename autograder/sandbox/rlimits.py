"""The layer "rlimits": what one process may use."""

from __future__ import annotations

import os

from autograder.sandbox.policy import Limits


def set_rlimits(limits: Limits, *, processes: int) -> None:
    """Limit this process and all that it starts; raises `OSError` or `ValueError`.

    Args:
        limits: what one process may use.
        processes: the limit of processes and threads of this user, 0 for none.
    """
    import resource

    def at_most(which: int, soft: int, hard: int) -> None:
        _, ceiling = resource.getrlimit(which)
        if ceiling != resource.RLIM_INFINITY:
            soft, hard = min(soft, ceiling), min(hard, ceiling)
        resource.setrlimit(which, (soft, hard))

    at_most(resource.RLIMIT_CORE, 0, 0)
    for which, value in (
        (resource.RLIMIT_AS, limits.memory),
        (resource.RLIMIT_FSIZE, limits.file_bytes),
        (resource.RLIMIT_NOFILE, limits.open_files),
        (resource.RLIMIT_NPROC, processes),
    ):
        if value:
            at_most(which, value, value)
    if limits.cpu_seconds:
        # the signal at the soft limit can be told from other deaths; the hard one cannot be caught
        at_most(resource.RLIMIT_CPU, limits.cpu_seconds, limits.cpu_seconds + 1)
    # memory that is locked or queued lies outside the limits above
    at_most(resource.RLIMIT_MEMLOCK, 1 << 16, 1 << 16)
    at_most(resource.RLIMIT_MSGQUEUE, 0, 0)


def count_threads_of_user() -> int:
    """Return how many processes and threads this user has on the whole machine."""
    user, threads = str(os.getuid()), 0
    for entry in os.listdir("/proc"):
        if not entry.isdigit():
            continue
        try:
            with open(f"/proc/{entry}/status") as file:
                lines = dict(line.split(":", 1) for line in file)
        except OSError:
            continue
        if lines["Uid"].split()[0] == user:
            threads += int(lines.get("Threads", "1"))
    return threads
