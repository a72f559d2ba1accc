"""The process of a hand-in: runs the trainee's cells, then answers the tests.

All cells of the trainee run first and their outputs are final before any test begins, so what a test hands to a
function never reaches a cell. A test sees the trainee's names as they were at its place: the process goes back to
them, and where there is no way back it leaves a paused copy of itself there. Told to be careful, it leaves one for
each test: then a function that ends or spoils its process spoils one test. This module runs confined and is trusted
with nothing: the tests are not here.
"""

from __future__ import annotations

import os
import selectors
import signal
import socket
import sys
import types
from typing import Any

from autograder.running import shell as shells
from autograder.running.answers import encode
from autograder.running.channel import Channel, ChannelClosed
from autograder.running.charts import describe
from autograder.running.places import Place, place_here, words_after
from autograder.running.tables import ReceivedTables

_PRINTED_MOST = 200_000
_ERROR_MOST = 2_000


def run_submission(
    control: socket.socket, tests: list[socket.socket], shell: shells.NotebookShell,
    opened: list[list[dict[str, Any]]],
) -> None:  # fmt: skip
    """Run the cells that arrive on `control`, then answer each test at its socket until all are closed.

    The first message is the job: `cells`, a list of `[number, source]`, in which a test has no source; `path`, the
    working folder; `done`, how many of the first cells have been run already; `timeout`, seconds for a call;
    `careful`, whether each test is to have a process of its own. At a test's place `{"kept": number}` tells that this
    process will answer it, `{"paused": number}` that a copy of it will.

    Args:
        control: tells what cells put out.
        tests: one socket for each test, in the order of the cells.
        shell: the shell in which the first cells have been run.
        opened: what each of those cells put out.
    """
    channel = Channel(control)
    job, _ = channel.receive()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(job["path"])
    sys.path.insert(0, "")
    shells.listen(lambda message: _send(channel, message))
    waiting, ready = list(tests), opened[: job["done"]]
    kept: list[tuple[Channel, Place]] = []
    later = words_after(source or "" for _, source in job["cells"])
    for words, (number, source) in zip(later, job["cells"], strict=True):
        if source is None:
            mine = waiting.pop(0)
            # what is buffered would otherwise be told twice, by both processes
            shells.flush()
            place = None if job["careful"] else place_here(shell.user_ns, words)
            if place is not None:
                kept.append((Channel(mine), place))
            elif os.fork() == 0:
                for other in (channel, *waiting, *(one for one, _ in kept)):
                    other.close()
                _answer([(Channel(mine), None)], shell, float(job["timeout"]))
                os._exit(0)
            else:
                mine.close()
            _send(channel, {"paused" if place is None else "kept": number, "count": shell.execution_count})
            shell.execution_count += 1
            continue
        _send(channel, {"begin": number})
        if ready:
            for output in ready.pop(0):
                _send(channel, {"output": output})
        else:
            shells.run_cell(shell, source)
        _send(channel, {"end": number, "count": shell.execution_count - 1})
    _send(channel, {"done": True})
    _answer(kept, shell, float(job["timeout"]))


def own_function(name: str) -> Any:
    """Return what the trainee's name stands for in this process: how a test hands one of their functions to another."""
    return shells.NotebookShell.instance().user_ns[name]


def _send(channel: Channel, message: dict[str, Any]) -> None:
    # half a message would spoil all that come after it: an interrupt waits until this one is told
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        _send_whole(channel, message)
    finally:
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})


def _send_whole(channel: Channel, message: dict[str, Any]) -> None:
    try:
        channel.send(message)
    except (TypeError, ValueError):
        # an output that is no JSON, or far too large: a display function of the trainee's own may return anything
        text = "(An output was too large to be kept, or no data.)\n"
        channel.send({"output": {"output_type": "stream", "name": "stderr", "text": text}})


def _answer(tests: list[tuple[Channel, Place | None]], shell: shells.NotebookShell, timeout: float) -> None:
    """Serve tests until nobody asks any more: give values of names, call functions.

    Args:
        tests: where each test asks, and its place when this process is not at it.
        shell: holds the names.
        timeout: seconds for a call.
    """
    printed: list[dict[str, Any]] = []
    tables, at = ReceivedTables(), None
    shells.listen(lambda message: _keep(printed, message))
    with selectors.DefaultSelector() as asked:
        for channel, place in tests:
            asked.register(channel, selectors.EVENT_READ, place)
        while asked.get_map():
            for key, _ in asked.select():
                channel, place = key.fileobj, key.data
                try:
                    ask, body = channel.receive()
                except ChannelClosed:
                    asked.unregister(channel)
                    continue
                if place is not None and place is not at:
                    place.go_back()
                    at = place
                printed.clear()
                # a function that hangs must not go on for ever beside the other tests
                signal.signal(signal.SIGALRM, signal.SIG_DFL)
                signal.setitimer(signal.ITIMER_REAL, timeout + 1)
                reply, value = _reply(ask, body, shell, tables)
                signal.setitimer(signal.ITIMER_REAL, 0)
                shells.flush()
                channel.send({**reply, "printed": printed}, value)


def _reply(
    ask: dict[str, Any], body: bytes, shell: shells.NotebookShell, tables: ReceivedTables
) -> tuple[dict[str, Any], bytes]:
    name = ask["name"]
    if name not in shell.user_ns:
        return {"is": "missing"}, b""
    own = shell.user_ns[name]
    if ask["ask"] == "name":
        if isinstance(own, types.ModuleType):
            return {"is": "module", "module": own.__name__}, b""
        if callable(own):
            return {"is": "function"}, b""
        return _value(own)
    body = memoryview(body)
    for name, size in zip(ask["tables"], ask["sizes"], strict=False):
        tables.receive(name, body[:size])
        body = body[size:]
    if tables.missing(ask["tables"]):
        return {"is": "tables"}, b""
    try:
        arguments, named = tables.unpack(body)
        result = own(*arguments, **named)
    except BaseException as error:
        return {"is": "error", "error": _error(error, shell)}, b""
    return _value(result)


def _value(value: Any) -> tuple[dict[str, Any], bytes]:
    try:
        return {"is": "value"}, encode(value, describe)
    except BaseException as error:
        text = str(error)[:200] if type(error) is ValueError else type(error).__name__
        return {"is": "unsayable", "kind": type(value).__name__[:80], "why": text}, b""


def _error(error: BaseException, shell: shells.NotebookShell) -> dict[str, Any]:
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    try:
        message = str(error)
    except BaseException:
        message = ""
    return {
        "name": type(error).__name__[:80],
        "kinds": kinds,
        "message": message[:_ERROR_MOST],
        "traceback": [entry[:4000] for entry in shells.traceback_of(shell, error)[-12:]],
    }


def _keep(printed: list[dict[str, Any]], message: dict[str, Any]) -> None:
    left = _PRINTED_MOST - sum(len(str(one)) for one in printed)
    output = message.get("output", {})
    if output.get("output_type") == "stream" and left > 0:
        printed.append({**output, "text": output["text"][:left]})
    elif output and len(str(output)) < left:
        printed.append(output)
