"""The process that runs the tests. It never runs a line of the trainee's.

A test cell runs here as it stands in the source, hidden parts included. A name that the assignment gives (imports,
practice tables, helping functions) is this process's own, made from the given cells; any other name is asked of the
hand-in's process: a function becomes one that is called over there with copies of its arguments, a value arrives as
plain data. So a hand-in can change neither the tests nor what they are made of, and cannot look at them.
"""

from __future__ import annotations

import ast
import builtins
import os
import pickle
import signal
import sys
import traceback
import types
import warnings
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any

from autograder.running import shell as shells
from autograder.running.answers import BadAnswer, decode
from autograder.running.channel import Channel, ChannelClosed
from autograder.running.charts import redraw
from autograder.running.client import RAISED_IN_HAND_IN, error_output
from autograder.running.submission import own_function
from autograder.running.tables import KnownTables

if TYPE_CHECKING:
    from autograder.running.prepared import PreparedTest

_ERROR_MOST = 4_000
_TOLD_MOST = 300
"""Most characters of a message from the hand-in's process: it may hold what a hidden test handed over."""
_GRACE = 5.0
"""Seconds after which a judge that nobody listens to any more ends."""


class TestNeeds(Exception):
    """A test asks for something that cannot cross between the processes; the message is for the test's author."""


class GivenCells:
    """The names that an assignment's given cells make.

    Args:
        cells: the sources of the cells that trainees cannot change, in the order of the assignment.
        of_tests: names that only tests make; no test may get them from the hand-in.

    Attributes:
        names: what the cells made, by name.
        tables: the tables that are handed over by name.
        prepared: by name the tests whose common part has been run.
    """

    def __init__(self, cells: list[str], of_tests: Iterable[str] = ()):
        self.of_tests = frozenset(of_tests)
        self.tables = KnownTables()
        self.prepared: Mapping[str, PreparedTest] = {}
        self.names: dict[str, Any] = {"__name__": "__main__", "__builtins__": builtins}
        module = types.ModuleType("__main__")
        module.__dict__.update(self.names)
        sys.modules["__main__"] = module
        self.names = module.__dict__
        for number, source in enumerate(cells):
            exec(compile(plain_python(source), f"<given {number}>", "exec"), self.names)
        self.tables.keep(self.names.values())


def run_judge(job: Channel, given: GivenCells) -> None:
    """Run the tests that arrive on a channel, one after the other, until it is closed.

    A request is `{"test": name, "source": …}` with the seconds and megabytes it may take. While a test runs,
    `{"ask": "name" | "call", "name": …}` goes back whenever it needs the hand-in, and each is answered with what its
    process said; `{"output": …}` tells what the test puts out, `{"verdict": …}` its error or its last value;
    `{"tested": name}` ends it.
    """
    made: dict[str, Any] = {}
    shells.listen(lambda message: job.send(message))
    while True:
        try:
            request, _ = job.receive()
        except ChannelClosed:
            return
        prepared = given.prepared.get(request["test"])
        if prepared is None or prepared.source != request["source"]:
            prepared = None
        names = Names(given) if prepared is None else prepared.names
        names.ask(job, request["seconds_after"])
        # a test may lean on names that an earlier one has made
        names.update({name: value for name, value in made.items() if prepared is None or name not in prepared.made})
        before = dict(names)
        _limit_memory(request["memory_mb"])
        _end_after(request["seconds"])
        with warnings.catch_warnings():
            # what one test has warned of, or has switched off, is news to the next
            verdict = _run(request["source"], request["test"], names, prepared and prepared.left)
        shells.flush()
        _end_after(None)
        of_prepared = prepared.made if prepared else ()
        made |= {name: value for name, value in names.items() if name in of_prepared or before.get(name) is not value}
        if verdict is not None:
            job.send({"verdict": verdict})
        job.send({"tested": request["test"]})


def plain_python(source: str) -> str:
    """Return a cell's source without what only IPython understands (`%magic`, `!command`, `x?`)."""
    rows = source.split("\n")
    return "\n".join("pass" if row.lstrip().startswith(("%", "!")) else row for row in rows)


class Names(dict):
    """The names a test sees: those that are given, then Python's own, then the trainee's."""

    def __init__(self, given: GivenCells):
        super().__init__(given.names)
        self._of_tests, self.tables = given.of_tests, given.tables
        self._job: Channel | None = None
        self.seconds_after = 0.0

    def ask(self, job: Channel, seconds_after: float) -> None:
        """Ask for the trainee's names on this channel from now on; none are known before.

        Args:
            seconds_after: seconds that the test may take after each answer.
        """
        self._job, self.seconds_after = job, seconds_after

    def __missing__(self, name: str) -> Any:
        strange = name.startswith("__") or hasattr(builtins, name) or name in self._of_tests
        if self._job is None or strange:
            raise KeyError(name)
        reply, body = self.asked({"ask": "name", "name": name})
        if reply["is"] == "missing":
            raise KeyError(name)
        if reply["is"] == "function":
            return _OwnFunction(name, self)
        if reply["is"] == "module" and reply["module"] in sys.modules:
            return sys.modules[reply["module"]]
        return _value(reply, body, name)

    def asked(self, ask: dict[str, Any], body: bytes = b"") -> tuple[dict[str, Any], bytes]:
        """Return what the hand-in's process says to a question; the time of its answer is not the test's."""
        shells.flush()
        _end_after(None)
        self._job.send(ask, body)
        answer = self._job.receive()
        _end_after(self.seconds_after)
        return answer


def _end_after(seconds: float | None) -> None:
    """Let the kernel end this process when the test goes on for so long: an endless answer may hold up a test."""
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, 0 if seconds is None else seconds + _GRACE)


def _limit_memory(megabytes: int) -> None:
    # only where processes can be forked
    import resource

    _, most = resource.getrlimit(resource.RLIMIT_AS)
    wanted = megabytes << 20
    resource.setrlimit(resource.RLIMIT_AS, (wanted if most == resource.RLIM_INFINITY else min(wanted, most), most))


class _OwnFunction:
    """A function of the trainee's own: calling it calls theirs, over there, with copies of the arguments."""

    def __init__(self, name: str, names: Names):
        self.__name__ = self.__qualname__ = name
        self._names = names

    def __call__(self, *arguments: Any, **named: Any) -> Any:
        name, tables = self.__name__, self._names.tables
        try:
            packed, used = tables.pack((arguments, named))
        except (pickle.PicklingError, TypeError, AttributeError) as error:
            raise TestNeeds(
                f"{name} is called with something that cannot be handed to the trainee's process ({error}). Hand over "
                "numbers, texts, lists, tables or one of the trainee's own functions."
            ) from None
        ask = {"ask": "call", "name": name, "tables": used, "sizes": []}
        reply, body = self._names.asked(ask, packed)
        if used and reply.get("is") == "tables":
            # it has not seen one of them yet
            whole = [tables.packed(one) for one in used]
            ask["sizes"] = [len(one) for one in whole]
            reply, body = self._names.asked(ask, b"".join([*whole, packed]))
        return _value(reply, body, name)

    def __reduce__(self) -> tuple[Any, ...]:
        # Handed over as an argument it goes by its name: over there it is the function itself.
        return own_function, (self.__name__,)


def _value(reply: dict[str, Any], body: bytes, name: str) -> Any:
    kind = reply.get("is")
    if kind == "value":
        try:
            return decode(body, redraw)
        except BadAnswer as error:
            raise _error_like("ValueError", ["ValueError"], f"{name}: {error}", []) from None
    if kind == "error":
        told = reply["error"]
        raise _error_like(told["name"], told["kinds"], told["message"], told["traceback"])
    if kind == "unsayable":
        raise _error_like("TypeError", ["TypeError"], f"{name} gives a {reply['kind']} ({reply['why']})", [])
    raise NameError(f"name {name!r} is not defined")


def _error_like(name: Any, kinds: Any, message: Any, frames: Any) -> BaseException:
    """Return an error like the one that was raised in the hand-in's process: of a built-in kind where it was one."""
    found = next((one for kind in kinds if isinstance(one := getattr(builtins, str(kind), None), type)), Exception)
    if not issubclass(found, Exception):
        # SystemExit and the like must end nothing here
        found = Exception
    if found.__name__ != name:
        found = type(str(name)[:80] or "Exception", (found,), {})
    message = str(message)
    if len(message) > _TOLD_MOST:
        message = f"{message[:_TOLD_MOST]} …"
    try:
        error = found(message)
    except Exception:
        error = type(found.__name__, (Exception,), {})(message)
    if isinstance(error, KeyError):
        # a KeyError shows its text as a literal; the text already is one
        error = type("KeyError", (KeyError,), {"__str__": lambda self: str(self.args[0])})(message)
    error.told_frames = [str(one) for one in frames]
    return error


def _run(source: str, name: str, names: Names, left: ast.Module | None) -> dict[str, Any] | None:
    """Run a test, or what is left of it; return its last value or its error as an output."""
    try:
        tree = left if left is not None else ast.parse(plain_python(source), f"<test {name}>")
        body = list(tree.body)
        last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
        shown = source.rstrip().endswith(";")
        exec(compile(ast.Module(body, []), f"<test {name}>", "exec"), names)
        if last is None:
            return None
        value = eval(compile(ast.Expression(last.value), f"<test {name}>", "eval"), names)
        if value is None or shown:
            return None
        return {"output_type": "execute_result", "data": {"text/plain": repr(value)[:_ERROR_MOST]}, "metadata": {}}
    except BaseException as error:  # a test may end in any way, and the next one must still run
        return error_output(type(error).__name__, _text(error), _frames(error, name))


def _text(error: BaseException) -> str:
    try:
        return str(error)[:_ERROR_MOST]
    except Exception:
        return ""


def _frames(error: BaseException, name: str) -> list[str]:
    frames = [
        f"Check {name}, line {frame.lineno}\n" for frame in traceback.extract_tb(error.__traceback__)
        if frame.filename == f"<test {name}>"
    ]  # fmt: skip
    told = [RAISED_IN_HAND_IN, *error.told_frames] if hasattr(error, "told_frames") else []
    return [*frames, *told, f"{type(error).__name__}: {_text(error)}"]


def working_folder(folder: str, environment: dict[str, str]) -> None:
    """Go to the hand-in's folder, and set the variables that checks read.

    Args:
        folder: where the files lie that were handed in beside the notebook.
        environment: environment variables by name.
    """
    os.environ.update(environment)
    os.chdir(folder)
