"""The layer "cgroup": memory and processes of the whole job, counted by the kernel."""

from __future__ import annotations

import errno
import os
import signal
import time
from contextlib import suppress
from dataclasses import dataclass, field

from autograder.sandbox.policy import Limits
from autograder.sandbox.system_calls import read_setting, write_setting

_PREFIX = "trustkit-job-"
_CONTROLLERS = ("pids", "memory")
_PATIENCE = 2.0


@dataclass
class ControlGroup:
    """The control group of one job; with version 1 of cgroups one folder for each controller.

    Attributes:
        folders: by controller ("pids", "memory"): the group's folder.
        missing: why a controller could not be had; "" when both are there.
        joins: open `cgroup.procs` files; a process that writes 0 to each is in the group.
    """

    folders: dict[str, str] = field(default_factory=dict)
    missing: str = ""
    joins: list[int] = field(default_factory=list)

    def join(self) -> None:
        """Put this process, and all it starts, in the group; raises `OSError`."""
        for file in self.joins:
            os.write(file, b"0")

    def close(self) -> None:
        """Close the files that `join` needs."""
        while self.joins:
            os.close(self.joins.pop())

    def out_of_memory(self) -> bool:
        """Tell whether the kernel killed a process of the group because its memory was used up."""
        folder = self.folders.get("memory")
        for name in ("memory.events", "memory.oom_control"):
            with suppress(OSError):
                for line in read_setting(f"{folder}/{name}").splitlines():
                    key, _, value = line.partition(" ")
                    if key == "oom_kill" and value.strip() != "0":
                        return True
        return False

    def stop_forks(self) -> None:
        """Let nothing new begin in the group."""
        if folder := self.folders.get("pids"):
            with suppress(OSError):
                write_setting(f"{folder}/pids.max", "0")

    def kill(self) -> None:
        """Kill every process in the group."""
        for folder in set(self.folders.values()):
            with suppress(OSError):
                write_setting(f"{folder}/cgroup.kill", "1")
                continue
            with suppress(OSError):
                for process in read_setting(f"{folder}/cgroup.procs").split():
                    with suppress(ProcessLookupError, PermissionError):
                        os.kill(int(process), signal.SIGKILL)

    def remove(self) -> None:
        """Remove the group; every process in it must have been killed."""
        self.close()
        deadline = time.monotonic() + _PATIENCE
        for folder in set(self.folders.values()):
            while True:
                try:
                    os.rmdir(folder)
                except OSError as error:
                    # the kernel takes a moment to let go of the dead
                    if error.errno == errno.EBUSY and time.monotonic() < deadline:
                        time.sleep(0.002)
                        continue
                break
        self.folders.clear()


def make_group(limits: Limits, *, name: str = "") -> ControlGroup:
    """Make a control group for one job, with as many of the two controllers as can be had.

    Args:
        limits: `memory` and `processes` are for all processes of the job together.
        name: what the group is called besides this process's id.
    """
    group, reasons = ControlGroup(), []
    name = f"{_PREFIX}{os.getpid()}{name and '-'}{name}"
    try:
        parents = _parents()
    except OSError as error:
        parents, reasons = {}, [_words(error)]
    for controller in _CONTROLLERS:
        if controller not in parents:
            if not reasons:
                reasons.append(f"there is no controller for {controller} here")
            continue
        folder = f"{parents[controller]}/{name}"
        try:
            if folder not in group.folders.values():
                _sweep(parents[controller])
                os.mkdir(folder)
            group.folders[controller] = folder
            _limit(folder, controller, limits)
            if len(set(group.folders.values())) > len(group.joins):
                group.joins.append(os.open(f"{folder}/cgroup.procs", os.O_WRONLY | os.O_CLOEXEC))
        except OSError as error:
            reasons.append(f"{controller}: {_words(error)}")
            group.folders.pop(controller, None)
            if folder not in group.folders.values():
                with suppress(OSError):
                    os.rmdir(folder)
    group.missing = "; ".join(reasons)
    return group


def _limit(folder: str, controller: str, limits: Limits) -> None:
    if controller == "pids" and limits.processes:
        write_setting(f"{folder}/pids.max", str(limits.processes))
    if controller == "memory" and limits.memory:
        if os.path.exists(f"{folder}/memory.max"):
            write_setting(f"{folder}/memory.max", str(limits.memory))
            with suppress(OSError):
                write_setting(f"{folder}/memory.swap.max", "0")
        else:
            write_setting(f"{folder}/memory.limit_in_bytes", str(limits.memory))
            with suppress(OSError):
                write_setting(f"{folder}/memory.memsw.limit_in_bytes", str(limits.memory))


def _parents() -> dict[str, str]:
    """Return by controller the folder in which this process may make a group."""
    found, candidates = find_parents(read_setting("/proc/self/cgroup"), read_setting("/proc/self/mountinfo"))
    able = []
    for folder in candidates:
        with suppress(OSError):
            if set(_CONTROLLERS) <= set(read_setting(f"{folder}/cgroup.subtree_control").split()):
                able.append(folder)
    if able:
        # where none may be written, the first says so when a group is made
        best = next((folder for folder in able if os.access(folder, os.W_OK)), able[0])
        found = dict.fromkeys(_CONTROLLERS, best) | found
    return found


def find_parents(own: str, mounts: str) -> tuple[dict[str, str], list[str]]:
    """Return where groups could be made: by controller with version 1, and the candidates with version 2.

    Args:
        own: `/proc/self/cgroup`.
        mounts: `/proc/self/mountinfo`.
    """
    groups, found, candidates = {}, {}, []
    for line in own.splitlines():
        _, controllers, path = line.split(":", 2)
        for controller in controllers.split(","):
            groups[controller] = path
    for line in mounts.splitlines():
        before, _, after = line.partition(" - ")
        root, place = before.split()[3:5]
        kind, _, options = after.split(" ", 2)
        if kind == "cgroup":
            for controller in set(options.split(",")) & set(_CONTROLLERS) & set(groups):
                found.setdefault(controller, _folder(place, root, groups[controller]))
        elif kind == "cgroup2" and "" in groups:
            here = _folder(place, root, groups[""])
            # A group may hold processes or hand controllers on, not both: then only its parent can.
            candidates += [here] if here == place else [here, os.path.dirname(here)]
    return found, candidates


def _folder(place: str, root: str, path: str) -> str:
    inside = (path.removeprefix(root) if root != "/" else path).strip("/")
    return f"{place}/{inside}" if inside else place


def _sweep(parent: str) -> None:
    """End and remove the groups of supervisors that were killed before they could."""
    for name in os.listdir(parent):
        if not name.startswith(_PREFIX) or os.path.exists(f"/proc/{name.split('-')[2]}"):
            continue
        folder = f"{parent}/{name}"
        with suppress(OSError):
            inside = read_setting(f"{folder}/cgroup.procs").split()
            # Processes that cannot be seen from here have a supervisor that cannot be seen either.
            if not inside or "0" in inside:
                os.rmdir(folder)
                continue
            left = ControlGroup({"pids": folder})
            left.stop_forks()
            left.kill()
            left.remove()


def _words(error: OSError) -> str:
    return os.strerror(error.errno).lower() if error.errno else str(error)
