"""Runs hand-ins on the machines of a `dask.distributed` cluster; everything that is written is written here.

Three processes have a part in it:

- the *head* is the process that grades a class. It alone speaks with the cluster, for its own grading workers as well;
- a *dask worker* on another machine takes a hand-in and passes it on;
- a *runner*, forked from the warm server on that machine, runs it confined, as it would be run at home. A dask worker
  has many threads, and a process with threads cannot be forked and confined safely.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import gc
import hashlib
import importlib.metadata
import json
import os
import signal
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from autograder.running.channel import MOST_BODY, BadMessage, Channel, ChannelClosed, pair
from autograder.running.client import CannotRun, ask_server

if TYPE_CHECKING:
    from autograder.running.client import CellRun
    from autograder.running.hand_in import Allowance, HandIn

VARIABLE = "TRUSTKIT_CLUSTER"
"""Environment variable with the address of a cluster's scheduler, such as `tcp://head.example:8786`."""

_PATIENCE = 30.0
"""Seconds in which a cluster without workers may get one."""
_CONNECT = 10.0
"""Seconds in which a scheduler has to answer."""
_LOOK = 2.0
"""Seconds between two looks whether the cluster still has workers."""

_LIBRARIES = ("numpy", "pandas", "matplotlib", "scipy", "statsmodels", "scikit-learn", "pingouin", "ipython")
_CONTENT = ("datasets", "cases", "exercises/drills", "exercises/slips")
_READ = {".py", ".yaml", ".csv", ".json", ".toml"}

_relay: Channel | None = None


class ClusterError(Exception):
    """The cluster cannot be used as it is, for no hand-in; the message is for the instructor."""


def cluster_address() -> str:
    """Return the address of the cluster that hand-ins are to be run on, or an empty text."""
    return os.environ.get(VARIABLE, "").strip()


# ---------------------------------------------------------------------- on the head


class Cluster:
    """A connection to a cluster; use it with `with`. Several threads may run hand-ins on it at once.

    Args:
        address: that of the scheduler.

    Raises:
        ClusterError: there is no scheduler, or it has no workers.
    """

    def __init__(self, address: str):
        self._address = address
        self._course = json.dumps(this_course())
        # when there was a worker last
        self._seen = time.monotonic()
        distributed, problem = _distributed(), ""
        try:
            _, rest = distributed.comm.parse_address(address)
            # who is not there is told at once; a client would go on trying
            socket.create_connection(distributed.comm.parse_host_port(rest), timeout=_CONNECT).close()
            self._client = distributed.Client(address, timeout=_CONNECT, name="trustkit", set_as_default=False)
        except Exception as error:  # no such address, nobody there, or they want certificates and we have none
            problem = _short(error)
        if problem:
            # What was half a client is ended now, with the error forgotten: at the end of the program it could not be.
            gc.collect()
            raise ClusterError(
                f"There is no scheduler of a cluster at {address or 'an empty address'} ({problem}). Start one (dask "
                "scheduler), or correct the address; it looks like tcp://head.example:8786. What has been graded is "
                "kept."
            )
        try:
            while not self.threads():
                time.sleep(0.2)
        except ClusterError:
            self.close()
            raise

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def threads(self) -> int:
        """Return how many hand-ins the cluster can run at once; 0 while it waits for its first worker.

        Raises:
            ClusterError: there has been no worker for some time, or the scheduler has gone.
        """
        try:
            threads = sum(self._client.nthreads().values())
        except Exception as error:  # whatever a connection may do when it breaks
            raise self._lost(error) from None
        if threads:
            self._seen = time.monotonic()
        elif time.monotonic() > self._seen + _PATIENCE:
            raise ClusterError(
                f"The cluster at {self._address} has had no worker for {_PATIENCE:g} seconds. Start some (dask worker "
                f"{self._address}), then run the same command again: what has been graded is kept."
            )
        return threads

    def run(self, packed: bytes) -> bytes:
        """Run a hand-in that `packed.pack` made, and return what `packed.unpack_runs` reads.

        When its worker is lost it is run on another.

        Raises:
            autograder.running.client.CannotRun: this hand-in could not be run.
            ClusterError: no hand-in can be run.
        """
        from distributed import KilledWorker

        key = f"hand-in-{uuid.uuid4().hex}"
        try:
            future = self._client.submit(run_packed, self._course, packed, key=key, pure=False)
            while True:
                try:
                    told = future.result(timeout=_LOOK)
                    break
                except TimeoutError:
                    self.threads()
        except ClusterError:
            raise
        except KilledWorker as error:
            raise CannotRun(
                f"{error.allowed_failures + 1} workers of the cluster ended while they had this hand-in. Look at its "
                "notebook; if it looks harmless, grade it once more, alone."
            ) from None
        except (Exception, asyncio.CancelledError) as error:  # cancelled is what it is when the scheduler ends
            raise self._lost(error) from None
        kind, _, said = told.partition(b"\n")
        if kind == b"runs":
            return said
        raise (ClusterError if kind == b"refused" else CannotRun)(said.decode())

    def close(self) -> None:
        """Hang up; what is still being run is forgotten."""
        with contextlib.suppress(Exception):
            self._client.close(timeout=2)

    def _lost(self, error: BaseException) -> ClusterError:
        return ClusterError(
            f"The cluster at {self._address} could not be used any further ({_short(error)}). Look at what its "
            "scheduler and workers say; each needs this release of the course. Then run the same command again: what "
            "has been graded is kept."
        )


def _distributed() -> Any:
    """Return dask's library, without its log and advice on our terminal; only who uses a cluster loads it."""
    import dask

    quiet = {"version": 1, "disable_existing_loggers": False, "loggers": {"distributed": {"level": "CRITICAL"}}}
    with dask.config.set({"logging": quiet}):
        import distributed
    # what a hand-in brings along may well be large
    dask.config.set({"distributed.admin.large-graph-warning-threshold": "1 GB"})
    return distributed


def _short(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}".split("\n")[0][:200].rstrip(": ")


def use_relay(channel: Channel) -> None:
    """Let the head run this process's hand-ins, which it is asked for through a channel."""
    global _relay
    _relay = channel


def relayed(cluster: Cluster, packed: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the head's answer to a process that asks it to run a hand-in.

    Raises:
        ClusterError: no hand-in can be run.
    """
    try:
        return {}, cluster.run(packed)
    except CannotRun as error:
        return {"problem": str(error)}, b""


def run_on_cluster(
    hand_in: HandIn, folder: Path, secrets: Mapping[str, str], allowance: Allowance, *, unprotected: bool
) -> dict[int, CellRun]:
    """Do what `autograder.running.hand_in.run_hand_in` does, on another machine.

    Args:
        secrets: environment variables of the tests; a file or folder that one names by its full path travels along.
        unprotected: whether somebody has allowed to run it where a protection is missing.

    Raises:
        autograder.running.client.CannotRun: it could not be run, through no fault of the trainee.
        ClusterError: no hand-in can be run.
    """
    from autograder.running.packed import pack, unpack_runs

    packed = pack(hand_in, folder, secrets, allowance, unprotected=unprotected)
    if _relay is None:
        with Cluster(cluster_address()) as cluster:
            return unpack_runs(cluster.run(packed), hand_in)
    try:
        _relay.send({"run": True}, packed)
        told, body = _relay.receive()
    except ChannelClosed:
        raise CannotRun("Grading was stopped before the cluster had answered. Grade again.") from None
    if "problem" in told:
        raise CannotRun(told["problem"])
    return unpack_runs(body, hand_in)


# ---------------------------------------------------------------------- which course a machine has


@functools.cache
def this_course() -> dict[str, str]:
    """Return what has to be the same on two machines so that they grade alike.

    Raises:
        trustkit.course.CourseNotFound: there is no course on this machine.
    """
    from trustkit.course import course_root

    course, code = course_root(), Path(__file__).parents[2]
    found = {"trustkit": _version("trustkit"), "Python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    found |= {name: _version(name) for name in _LIBRARIES}
    found["the code of the course"] = _digest(code / "trustkit", code / "autograder")
    found["its datasets, cases, drills and slips"] = _digest(*(course / name for name in _CONTENT))
    return found


def _version(name: str) -> str:
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "missing"


def _digest(*folders: Path) -> str:
    digest = hashlib.sha256()
    for folder in folders:
        for path in sorted(folder.rglob("*")):
            if path.suffix in _READ and path.is_file():
                digest.update(f"{path.relative_to(folder)}\0{path.stat().st_size}\0".encode())
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def _differences(theirs: Mapping[str, str]) -> str:
    ours = this_course()
    told = [f"{name} ({ours.get(name)}, not {theirs[name]})" for name in theirs if ours.get(name) != theirs[name]]
    return ", ".join(told)


# ---------------------------------------------------------------------- on a dask worker


_of_thread = threading.local()


def run_packed(course: str, packed: bytes) -> bytes:
    """Run a hand-in on this machine: what a dask worker is asked to do.

    Args:
        course: `this_course()` of the head, as JSON.
        packed: what `packed.pack` made.

    Returns:
        One word on a line, "runs", "problem" or "refused", then what `packed.pack_runs` made or a sentence.
    """
    from trustkit.course import CourseNotFound

    host = socket.gethostname()
    try:
        differences = _differences(json.loads(course))
    except CourseNotFound as error:
        return _said("refused", f"The worker on {host} cannot be used. {error}")
    if differences:
        return _said(
            "refused",
            f"The worker on {host} differs from this machine: {differences}. Install the same release of the course on "
            "both and start the worker again. What has been graded is kept.",
        )
    # A runner may have been ended from outside; a hand-in that ends two is told to the instructor.
    for _ in range(2):
        try:
            if getattr(_of_thread, "runner", None) is None:
                _of_thread.runner = _start_runner()
            _of_thread.runner.send({}, packed)
            return _of_thread.runner.receive()[1]
        except CannotRun as error:
            told = str(error)
        except (ChannelClosed, BadMessage):
            told = f"The grading process on {host} ended before it finished. Grade again."
        _of_thread.runner = None
    return _said("problem", told)


def _start_runner() -> Channel:
    from distributed import get_worker

    from autograder.worker import environment

    channel, theirs = pair()
    # what a lost worker leaves there is removed by the next one
    ask_server({"do": "worker", "root": get_worker().local_directory}, [theirs])
    channel.send({"environment": environment(), "serves": "cluster"})
    return channel


def serve_cluster(channel: Channel) -> None:
    """Run the hand-ins that a dask worker passes on, until it hangs up. For a process forked from the warm server."""
    from autograder.sandbox import system_calls as system

    # When the dask worker is killed the warm server ends, and what is being run must not go on beside its second run.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    with contextlib.suppress(OSError):
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGTERM)
    while True:
        try:
            channel.send({}, _answer(channel.receive()[1]))
        except ChannelClosed:
            return


def _answer(packed: bytes) -> bytes:
    from autograder.running.confined import NotProtected, require_protection
    from autograder.running.hand_in import run_hand_in
    from autograder.running.packed import pack_runs, unpack

    host = socket.gethostname()
    try:
        with tempfile.TemporaryDirectory(prefix="hand-in-", dir=".", ignore_cleanup_errors=True) as home:
            job = unpack(packed, Path(home).resolve())
            if not job.unprotected:
                require_protection()
            runs = pack_runs(run_hand_in(job.hand_in, job.folder, job.secrets, job.allowance))
    except NotProtected as error:
        return _said("refused", f"The worker on {host} cannot be used. {error}")
    except CannotRun as error:
        return _said("problem", f"{error} (On {host}.)")
    except OSError as error:
        return _said("problem", f"The worker on {host} could not keep the hand-in's files ({error.strerror}).")
    if len(runs) > MOST_BODY - 10:
        return _said("problem", f"The hand-in's outputs are too large to be sent ({len(runs) / 1e6:,.0f} MB).")
    return b"runs\n" + runs


def _said(kind: str, sentence: str) -> bytes:
    return f"{kind}\n{sentence}".encode()
