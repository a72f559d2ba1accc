"""IPython without a kernel: runs a notebook's cells in this process and tells their outputs one by one."""

from __future__ import annotations

import base64
import io
import sys
import types
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Type
from traitlets.config import Config

from autograder.running.client import error_output

Tell = Callable[[dict[str, Any]], None]
"""Receives `{"output": …}` (an output as notebooks store it) or `{"clear": wait}`."""

_tell: Tell = lambda message: None  # noqa: E731
_HELD = 8192
_LONGEST = 1_100_000
"""Most characters that are told at once: more than is kept of a cell."""


class _Stream(io.TextIOBase):
    """Standard output or standard error of the cells; tells its text in pieces."""

    def __init__(self, name: str):
        self._name = name
        self._pieces: list[str] = []
        self._size = 0

    @property
    def encoding(self) -> str:
        return "utf-8"

    def writable(self) -> bool:
        return True

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        return 1 if self._name == "stdout" else 2

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._pieces.append(text)
        self._size += len(text)
        if self._size > _HELD:
            self.flush()
        return len(text)

    def flush(self) -> None:
        if self._pieces:
            text = "".join(self._pieces)[:_LONGEST]
            self._pieces, self._size = [], 0
            _tell({"output": {"output_type": "stream", "name": self._name, "text": text}})


class _Publisher(DisplayPublisher):
    def publish(self, data, metadata=None, *, transient=None, update=False, **_):
        _flush()
        _tell({"output": {"output_type": "display_data", "data": _plain(data), "metadata": metadata or {}}})

    def clear_output(self, wait: bool = False) -> None:
        _flush()
        _tell({"clear": bool(wait)})


class _ResultHook(DisplayHook):
    def write_output_prompt(self) -> None:
        pass

    def write_format_data(self, format_dict, md_dict=None):
        _flush()
        _tell({"output": {
            "output_type": "execute_result", "data": _plain(format_dict), "metadata": md_dict or {},
            "execution_count": self.shell.execution_count,
        }})  # fmt: skip

    def finish_displayhook(self) -> None:
        pass


class NotebookShell(InteractiveShell):
    """The shell of a hand-in: what IPython's kernel does with a cell, without sockets, threads and history files."""

    displayhook_class = Type(_ResultHook)
    display_pub_class = Type(_Publisher)

    def init_sys_modules(self) -> None:
        sys.modules["__main__"] = self.user_module

    def _showtraceback(self, etype, evalue, stb):
        _flush()
        _tell({"output": error_output(getattr(etype, "__name__", str(etype)), _text(evalue), list(stb))})

    @contextmanager
    def _tee(self, channel: str) -> Iterator[None]:
        # IPython would keep all that is printed in its history: a loop that prints would run out of memory
        yield

    def init_readline(self) -> None:
        pass

    def enable_gui(self, gui: str | None = None) -> None:
        pass

    def ask_exit(self) -> None:
        pass


def make_shell() -> NotebookShell:
    """Return the one shell of this process, with figures shown in the notebook."""
    config = Config()
    config.HistoryManager.enabled = False
    config.HistoryManager.hist_file = ":memory:"
    shell = NotebookShell.instance(config=config, user_module=types.ModuleType("__main__"))
    shell.enable_matplotlib("inline")
    return shell


def listen(tell: Tell) -> None:
    """Send everything that cells put out to `tell` from now on, also what they print."""
    global _tell
    _tell = tell
    sys.stdout, sys.stderr = _Stream("stdout"), _Stream("stderr")


def flush() -> None:
    """Tell what has been printed and is still held."""
    _flush()


def run_cell(shell: NotebookShell, source: str) -> None:
    """Run a cell; an error is told as an output."""
    try:
        shell.run_cell(source, store_history=True)
    except KeyboardInterrupt:
        shell.showtraceback()
    _flush()


def traceback_of(shell: NotebookShell, error: BaseException) -> list[str]:
    """Return an error's traceback as a notebook shows it, a piece for each frame."""
    try:
        return list(shell.InteractiveTB.structured_traceback(type(error), error, error.__traceback__))
    except BaseException:  # a class of the trainee's own may raise anything while it is shown
        return [f"{type(error).__name__}: {_text(error)}"]


def _flush() -> None:
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # the trainee may have put anything in its place
            continue


def _text(value: Any) -> str:
    try:
        return str(value)
    except BaseException:
        return ""


def _plain(data: dict[str, Any]) -> dict[str, Any]:
    if any(isinstance(value, str | bytes) and len(value) > _LONGEST for value in data.values()):
        return {"text/plain": "(This output was too large to be kept.)"}
    return {
        str(kind): base64.b64encode(value).decode("ascii") if isinstance(value, bytes) else value
        for kind, value in data.items()
    }
