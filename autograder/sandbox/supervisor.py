"""Runs one job inside every layer that can be had, and leaves nothing of it behind.

Three processes. The *supervisor* is the caller's process: it stays outside, keeps the control group and says in the
end how it went. The *init* is its child: in namespaces the first process, otherwise the one that adopts what the job
leaves; it counts what no layer counts. The *job* is the init's child; in it `work` runs.
"""

from __future__ import annotations

import json
import os
import select
import signal
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from typing import Any, NoReturn

from autograder.sandbox import cgroup, landlock, namespaces, rlimits, seccomp, watch
from autograder.sandbox import system_calls as system
from autograder.sandbox.policy import LAYERS, Policy
from autograder.sandbox.probing import in_words, probe

LAYER_MISSING = 126
"""Exit code: a required layer could not be had; the work was not begun."""

COULD_NOT_START = 125
"""Exit code: the cell could not be made, such as a scratch folder larger than allowed; the work was not begun."""

_FAILED = 1
_KILLED = 128
_TICK = 0.1
_REST = 10.0
# At most a tenth of the time goes into counting.
_COUNTING_SHARE = 10


def confine(
    policy: Policy,
    work: Callable[[], None],
    *,
    report: Callable[[dict[str, str]], None] | None = None,
    exceeded: Callable[[str], None] | None = None,
    keep: tuple[int, ...] = (),
    hold: int = -1,
    without: tuple[str, ...] = (),
) -> NoReturn:
    """Run `work` in a confined process, wait for it, kill everything that is left of it, and exit.

    To be called in a freshly forked process with one thread. SIGINT to it is passed on to the job's main process;
    SIGTERM ends the job. The code 0 says that the main process ended with 0, which a job can do at any moment: it
    does not prove that the work was done. In the job `TMPDIR` is set to where it may write.

    Args:
        policy: what the job may do.
        work: what to run; the working folder is the scratch folder.
        report: called here before `work` begins, with "" or the reason why not for every layer.
        exceeded: called here in the end with the name of the limit that ended the job, a field of `Limits`.
        keep: descriptors that stay open in the job besides 0, 1 and 2; they are closed here once the job runs.
        hold: the read end of a pipe: what is left after the main process ended lives until the other end closes.
            The caller closes its own copy of that other end first.
        without: layers to leave out, for tests.

    Exits with:
        0 when `work` returned; 1 when it raised or the job ended itself otherwise; 128 + signal when killed;
        `LAYER_MISSING` and `COULD_NOT_START` when it never began.
    """
    code = COULD_NOT_START
    try:
        code = _Supervisor(policy, work, report, exceeded, keep, hold, frozenset(without)).run()
    except BaseException:
        _print_traceback()
    finally:
        with suppress(BaseException):
            watch.kill_descendants()
        os._exit(code)


class _Supervisor:
    def __init__(
        self,
        policy: Policy,
        work: Callable[[], None],
        report: Callable[[dict[str, str]], None] | None,
        exceeded: Callable[[str], None] | None,
        keep: tuple[int, ...],
        hold: int,
        without: frozenset[str],
    ) -> None:
        self.policy, self.work, self.report, self.exceeded = policy, work, report, exceeded
        self.keep, self.hold, self.without = keep, hold, without
        self.layers = {layer: "switched off" if layer in without else "" for layer in LAYERS}
        self.user, self.group = os.geteuid(), os.getegid()

    def run(self) -> int:
        """Run the job and return the exit code."""
        for stream in (sys.stdout, sys.stderr):
            # or the job would write it a second time
            with suppress(AttributeError, OSError, ValueError):
                stream.flush()
        self.child_handler = signal.getsignal(signal.SIGCHLD)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        self.mask = signal.pthread_sigmask(signal.SIG_BLOCK, _signals())
        if not os.path.isdir(self.policy.scratch):
            print(f"The sandbox cannot start: there is no folder {self.policy.scratch}.", file=sys.stderr, flush=True)
            return COULD_NOT_START
        parent = os.getppid()
        system.prctl(system.PR_SET_CHILD_SUBREAPER, 1)
        system.prctl(system.PR_SET_DUMPABLE, 0)
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            return _KILLED + signal.SIGTERM
        self.control = cgroup.ControlGroup(missing=self.layers["cgroup"])
        if "cgroup" not in self.without:
            self.control = cgroup.make_group(self.policy.limits)
        try:
            return self._run_init()
        finally:
            self.control.stop_forks()
            watch.kill_descendants()
            self.control.kill()
            self.control.remove()

    def _run_init(self) -> int:
        if not self.layers["namespaces"]:
            code, reason = self._attempt(isolated=True)
            if code is not None:
                return code
            self.layers["namespaces"] = reason
        if "namespaces" in self.policy.require:
            self._tell_layers(probe() | {layer: why for layer, why in self.layers.items() if why})
            return LAYER_MISSING
        code, reason = self._attempt(isolated=False)
        if code is None:
            raise RuntimeError(reason)
        return code

    def _tell_layers(self, layers: dict[str, str]) -> None:
        if self.report:
            self.report({layer: layers[layer] for layer in LAYERS})

    def _attempt(self, *, isolated: bool) -> tuple[int | None, str]:
        """Run the init. Return its exit code; or None and why there are no namespaces."""
        news, tell = os.pipe()
        go, give = os.pipe()
        try:
            init = namespaces.clone() if isolated else os.fork()
        except OSError as error:
            for descriptor in (news, tell, go, give):
                os.close(descriptor)
            return None, in_words(error)
        if init == 0:
            os.close(news)
            os.close(give)
            _Init(self, isolated, tell, go).run()
        os.close(tell)
        os.close(go)
        with os.fdopen(news, "rb") as lines:
            try:
                first = json.loads(lines.readline() or b"{}")
                if "no_namespaces" in first:
                    os.waitpid(init, 0)
                    return None, first["no_namespaces"]
                if "layers" not in first:
                    print(
                        f"The sandbox cannot start: {first.get('why', 'its init died')}.", file=sys.stderr, flush=True
                    )
                    os.kill(init, signal.SIGKILL)
                    os.waitpid(init, 0)
                    return COULD_NOT_START, ""
                self._tell_layers(first["layers"])
                if any(first["layers"][layer] for layer in self.policy.require):
                    os.kill(init, signal.SIGKILL)
                    os.waitpid(init, 0)
                    return LAYER_MISSING, ""
                for descriptor in self.keep:
                    if descriptor > 2:
                        os.close(descriptor)
                os.write(give, b"!")
                code = self._wait_for(init)
                self._tell_exceeded(lines, code)
                return code, ""
            finally:
                os.close(give)

    def _wait_for(self, init: int) -> int:
        stopped = False
        while True:
            ended, status = os.waitpid(init, os.WNOHANG)
            if ended:
                return _KILLED + signal.SIGTERM if stopped else _code_of(status)
            arrived = signal.sigwaitinfo(_signals()).si_signo
            if arrived == signal.SIGINT:
                os.kill(init, signal.SIGINT)
            elif arrived == signal.SIGTERM:
                stopped = True
                self.control.stop_forks()
                os.kill(init, signal.SIGTERM)

    def _tell_exceeded(self, lines: Any, code: int) -> None:
        if not self.exceeded:
            return
        limit = ""
        for line in lines:
            limit = json.loads(line).get("exceeded", "")
        if not limit and code == _KILLED + signal.SIGXCPU:
            limit = "cpu_seconds"
        if not limit and self.control.out_of_memory():
            limit = "memory"
        if limit:
            self.exceeded(limit)


class _Init:
    """What the init does; it never returns."""

    def __init__(self, supervisor: _Supervisor, isolated: bool, tell: int, go: int) -> None:
        self.supervisor, self.isolated, self.tell, self.go = supervisor, isolated, tell, go
        self.policy = supervisor.policy
        self.watched: tuple[str, ...] = ()
        self.given: set[tuple[int, int]] = set()
        self.job = 0

    def run(self) -> NoReturn:
        code = COULD_NOT_START
        try:
            code = self._run()
        except namespaces.ScratchError as error:
            self._say({"why": str(error.strerror)})
        except BaseException as error:
            with suppress(OSError):
                self._say({"why": in_words(error)})
        finally:
            if not self.isolated:
                # in namespaces everything dies with this process
                self.supervisor.control.stop_forks()
                with suppress(BaseException):
                    watch.kill_descendants()
            os._exit(code)

    def _say(self, news: dict[str, Any]) -> None:
        os.write(self.tell, json.dumps(news).encode() + b"\n")

    def _run(self) -> int:
        # In namespaces everything dies with this process; elsewhere it has to see to that itself.
        dies_with = signal.SIGKILL if self.isolated else signal.SIGTERM
        system.prctl(system.PR_SET_PDEATHSIG, dies_with)
        system.prctl(system.PR_SET_CHILD_SUBREAPER, 1)
        if self.isolated:
            try:
                namespaces.map_ids(self.supervisor.user, self.supervisor.group)
                system.prctl(system.PR_SET_DUMPABLE, 0)
                namespaces.build_root(self.policy)
            except namespaces.ScratchError:
                raise
            except OSError as error:
                self._say({"no_namespaces": in_words(error)})
                return 0
            system.prctl(system.PR_SET_PDEATHSIG, dies_with)
        if self._orphaned():
            return _KILLED + signal.SIGTERM
        heard, say = os.pipe()
        own = os.getpid()
        self.given = watch.identities((0, 1, 2, *self.supervisor.keep))
        self.job = os.fork()
        if self.job == 0:
            os.close(heard)
            _Job(self, say, own).run()
        os.close(say)
        with os.fdopen(heard, "rb") as lines:
            answer = json.loads(lines.readline() or b'{"why": "the job died before it began"}')
        for descriptor in {*self.supervisor.keep, *self.supervisor.control.joins} - {0, 1, 2, self.supervisor.hold}:
            os.close(descriptor)
        self.watched = tuple(answer.pop("watched", ()))
        self._say(answer)
        if "layers" not in answer:
            return COULD_NOT_START
        return self._wait()

    def _orphaned(self) -> bool:
        # only the supervisor holds the other end
        ready = select.poll()
        ready.register(self.go, 0)
        return bool(ready.poll(0))

    def _wait(self) -> int:
        code, again, stop_at = None, time.monotonic() + _TICK, None
        while True:
            pause = _REST if not self.watched or code is not None else max(0.001, again - time.monotonic())
            if code is not None or stop_at:
                pause = min(pause, 0.02)
            arrived = signal.sigtimedwait(_signals(), pause)
            if arrived and arrived.si_signo == signal.SIGTERM:
                return _KILLED + signal.SIGTERM
            if arrived and arrived.si_signo == signal.SIGINT and code is None:
                os.kill(self.job, signal.SIGINT)
            while True:
                try:
                    ended, status = os.waitpid(-1, os.WNOHANG)
                except ChildProcessError:
                    break
                if not ended:
                    break
                if ended == self.job:
                    code = _code_of(status)
                    if os.WIFEXITED(status) and code:
                        # the other codes are ours to give
                        code = _FAILED
            if code is not None and (self.supervisor.hold < 0 or self._let_go()):
                return code
            if self.watched and time.monotonic() >= again:
                began = time.monotonic()
                if limit := self._over():
                    self._say({"exceeded": limit})
                    return _KILLED + signal.SIGKILL
                again = time.monotonic() + max(_TICK, _COUNTING_SHARE * (time.monotonic() - began))

    def _let_go(self) -> bool:
        ready = select.poll()
        ready.register(self.supervisor.hold, 0)
        return bool(ready.poll(0))

    def _over(self) -> str:
        limits = self.policy.limits
        if "processes" in self.watched and sum(n for _, n in watch.descendants(os.getpid())) > limits.processes:
            return "processes"
        if "scratch_bytes" in self.watched:
            try:
                watch.check_scratch(os.path.realpath(self.policy.scratch), limits.scratch_bytes, self.given)
            except watch.TooMuchError:
                return "scratch_bytes"
        return ""


class _Job:
    """What the job's main process does; it never returns."""

    def __init__(self, init: _Init, say: int, parent: int) -> None:
        self.init, self.supervisor, self.say, self.parent = init, init.supervisor, say, parent
        self.policy, self.layers = init.policy, dict(init.supervisor.layers)
        self.watched: list[str] = []

    def run(self) -> NoReturn:
        try:
            self._prepare()
            os.write(self.say, json.dumps({"layers": self.layers, "watched": self.watched}).encode() + b"\n")
        except BaseException as error:
            with suppress(BaseException):
                os.write(self.say, json.dumps({"why": in_words(error)}).encode() + b"\n")
            os._exit(COULD_NOT_START)
        os.close(self.say)
        # the end of the pipe without a word: the supervisor died, or a required layer is missing
        if os.read(self.init.go, 1) != b"!":
            os._exit(LAYER_MISSING)
        os.close(self.init.go)
        code = _FAILED
        try:
            signal.signal(signal.SIGCHLD, self.supervisor.child_handler or signal.SIG_DFL)
            signal.pthread_sigmask(signal.SIG_SETMASK, self.supervisor.mask)
            self.supervisor.work()
            code = 0
        except BaseException:
            with suppress(BaseException):
                _print_traceback()
        finally:
            for stream in (sys.stdout, sys.stderr):
                with suppress(BaseException):
                    stream.flush()
            os._exit(code)

    def _prepare(self) -> None:
        os.setsid()
        with suppress(OSError):
            system.forget_first_environment()
        isolated, limits = self.init.isolated, self.policy.limits
        # This comes before anything that counts against the job.
        self._enter("cgroup", self._join)
        os.chdir(self.policy.scratch)
        self._close_descriptors()
        self._enter("rlimits", self._limit)
        system.drop_capabilities()
        system.prctl(system.PR_SET_NO_NEW_PRIVS, 1)
        version = self._enter("landlock", self._restrict) or 0
        around = seccomp.Surroundings(
            namespaces=isolated,
            foreign_signals_refused=isolated or version >= landlock.GUARDS_SIGNALS,
            foreign_truncation_refused=isolated or version >= landlock.GUARDS_TRUNCATION,
        )
        # Those of the same user must not look into the job; the init must, to find files deleted but open, and where
        # Landlock keeps other jobs out, it may.
        system.prctl(system.PR_SET_DUMPABLE, int(bool(version) and not isolated))
        system.prctl(system.PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != self.parent:
            os._exit(_KILLED + signal.SIGKILL)
        self._enter("seccomp", lambda: seccomp.install(seccomp.program(around, os.getpid())))
        if not isolated and limits.scratch_bytes:
            self.watched.append("scratch_bytes")
        if limits.processes and "pids" not in self.supervisor.control.folders and self._uncounted():
            self.watched.append("processes")
        self._use_temporary_folder()

    def _enter(self, layer: str, attempt: Callable[[], Any]) -> Any:
        if self.layers[layer]:
            return None
        try:
            return attempt()
        except (OSError, ValueError) as error:
            self.layers[layer] = in_words(error)
        return None

    def _join(self) -> None:
        control = self.supervisor.control
        self.layers["cgroup"] = control.missing
        try:
            control.join()
        except OSError:
            control.folders.clear()
            raise

    def _limit(self) -> None:
        processes = self.policy.limits.processes
        if processes and self._uncounted():
            # the kernel would count all that this user has anywhere, if it is not root
            processes = processes + rlimits.count_threads_of_user() if os.getuid() else 0
        elif processes:
            # the init counts too
            processes += 1
        rlimits.set_rlimits(self.policy.limits, processes=processes)

    def _uncounted(self) -> bool:
        """Tell whether the kernel's limit of processes does not count this job alone."""
        if not self.init.isolated or os.getuid() == 0:
            return True
        release = os.uname().release.split(".")
        return (int(release[0]), int(release[1].split("-")[0])) < (5, 14)

    def _restrict(self) -> int:
        devices, scratch = namespaces.DEVICES, os.path.realpath(self.policy.scratch)
        if self.init.isolated:
            writable = [scratch, namespaces.TEMPORARY, namespaces.SHARED_MEMORY]
            return landlock.restrict(["/"], writable, devices)
        return landlock.restrict((*self.policy.read, *_HARMLESS), [scratch], devices)

    def _use_temporary_folder(self) -> None:
        folder = namespaces.temporary_folder(self.policy) if self.init.isolated else os.getcwd()
        os.environ["TMPDIR"] = folder
        if tempfile := sys.modules.get("tempfile"):
            tempfile.tempdir = None

    def _close_descriptors(self) -> None:
        first = 3
        for kept in sorted({*self.supervisor.keep, self.say, self.init.go}):
            if kept >= first:
                os.closerange(first, kept)
                first = kept + 1
        os.closerange(first, os.sysconf("SC_OPEN_MAX"))


_HARMLESS = ("/proc/cpuinfo", "/proc/meminfo", "/sys/devices/system/cpu")


def _signals() -> set[signal.Signals]:
    # not all of them exist where this can only be imported
    return {signal.SIGCHLD, signal.SIGINT, signal.SIGTERM}


def _print_traceback() -> None:
    import traceback

    traceback.print_exc()


def _code_of(status: int) -> int:
    if os.WIFSIGNALED(status):
        return _KILLED + os.WTERMSIG(status)
    return os.WEXITSTATUS(status)
