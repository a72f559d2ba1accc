"""Which layers of protection this machine has, found out by trying each."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from functools import cache

from autograder.sandbox import cgroup, landlock, namespaces, rlimits, seccomp
from autograder.sandbox import system_calls as system
from autograder.sandbox.policy import LAYERS, Limits, Policy

_SMALL = Limits(memory=0, cpu_seconds=0, processes=0, file_bytes=0, open_files=0, scratch_bytes=1 << 16)


def probe() -> dict[str, str]:
    """Return by layer "" where this machine has it, else in a few words why not.

    Each layer is tried in a child process; the answer is kept for as long as this process lives.
    """
    return dict(_probe())


@cache
def _probe() -> dict[str, str]:
    if not sys.platform.startswith("linux"):
        return dict.fromkeys(LAYERS, "this is not Linux")
    try:
        system.library()
    except OSError as error:
        return dict.fromkeys(LAYERS, str(error))
    found = {
        "rlimits": _tried(os.fork, lambda: rlimits.set_rlimits(_SMALL, processes=0)),
        "seccomp": _tried(os.fork, _filter),
        "landlock": _tried(os.fork, _restrict),
        "namespaces": _tried_namespaces(),
        "cgroup": _grouped(),
    }
    return {layer: found[layer] for layer in LAYERS}


def in_words(error: BaseException) -> str:
    """Return in a few words why a layer could not be had."""
    if isinstance(error, OSError) and error.errno:
        # our own calls name themselves
        return str(error.strerror)
    return str(error) or type(error).__name__


def _tried(fork: Callable[[], int], attempt: Callable[[], object]) -> str:
    reading, writing = os.pipe()
    try:
        try:
            child = fork()
        except OSError as error:
            return in_words(error)
        if child == 0:
            try:
                attempt()
                os.write(writing, b"+")
            except BaseException as error:
                with suppress(BaseException):
                    os.write(writing, in_words(error).encode()[:400] or b"-")
            finally:
                os._exit(0)
        os.close(writing)
        writing = -1
        answer = b""
        while part := os.read(reading, 500):
            answer += part
        _, status = os.waitpid(child, 0)
        if answer == b"+":
            return ""
        return answer.decode(errors="replace") or f"the attempt ended with status {status}"
    finally:
        os.close(reading)
        if writing >= 0:
            os.close(writing)


def _filter() -> None:
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.install(seccomp.program(seccomp.Surroundings(True, True, True), os.getpid()))


def _restrict() -> None:
    system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
    landlock.restrict([], [], [])


def _tried_namespaces() -> str:
    user, group = os.geteuid(), os.getegid()
    # nothing is written there: it is only what the trial root is built on, in namespaces of its own
    policy = Policy((), "/usr", _SMALL)

    def attempt() -> None:
        namespaces.map_ids(user, group)
        namespaces.build_root(policy, copy=False)

    return _tried(namespaces.clone, attempt)


def _grouped() -> str:
    group = cgroup.make_group(_SMALL, name="probe")
    group.remove()
    return group.missing
