"""Remembers a notebook's names as they are at the place of a test, for when all cells have run.

A test is to see what it would see at its place. A name that is bound anew later, a list that grows, a table that is
changed in place: of these there is a way back. Where there may be none (a chart or an object of the trainee's own
that a later cell speaks of), only a copy of the whole process will do.
"""

from __future__ import annotations

import os
import random
import re
import types
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Iterable
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

_MOST_PIECES = 5_000
_MOST_BYTES = 1 << 20
_WORD = re.compile(r"\w+")
_LASTING = (
    type(None), bool, int, float, complex, str, bytes, range, np.generic, np.ufunc, np.dtype, pd.Index, pd.Timestamp,
    pd.Timedelta, pd.Interval, pd.Period, type(pd.NA), type(pd.NaT), types.ModuleType, types.BuiltinFunctionType,
    types.MethodDescriptorType, types.GenericAlias,
)  # fmt: skip
_GROUPS = (list, tuple, set, frozenset, deque)
_MAPPINGS = (dict, OrderedDict, Counter, defaultdict)


class _NoWayBackError(Exception):
    """A value may change without a way back."""


class Place:
    """The names at the place of one test.

    Args:
        names: the notebook's names, which go on changing.
        kept: what they stood for here, as far as there is a way back.
    """

    def __init__(self, names: dict[str, Any], kept: dict[str, Any]):
        self._names, self._kept = names, kept
        self._folder, self._chance = os.getcwd(), (random.getstate(), np.random.get_state())

    def go_back(self) -> None:
        """Let every name stand for what it stood for at this place."""
        self._names.clear()
        self._names.update(self._kept)
        random.setstate(self._chance[0])
        np.random.set_state(self._chance[1])
        with suppress(OSError):
            os.chdir(self._folder)


def words_after(sources: Iterable[str]) -> list[frozenset[str]]:
    """Return for each cell the words of all cells after it.

    Args:
        sources: the sources of a notebook's cells, in order.
    """
    found, words = [], frozenset()
    for source in reversed(list(sources)):
        found.append(words)
        words |= frozenset(_WORD.findall(source))
    return found[::-1]


def place_here(names: dict[str, Any], later: frozenset[str]) -> Place | None:
    """Return a way back to the names as they are now, or None where there may be none.

    Args:
        names: the notebook's names.
        later: the words of all cells that run from here on.
    """
    kept, taken = {}, {}
    left = [_MOST_PIECES, _MOST_BYTES]
    for name, value in list(names.items()):
        try:
            kept[name] = value if name.startswith("_") else _still(value, taken, left)
        except _NoWayBackError:
            if name in later:
                return None
            kept[name] = value
    return Place(names, kept)


def _still(value: Any, taken: dict[int, Any], left: list[int]) -> Any:
    """Return the value, or a copy of it where it can be changed in place."""
    if isinstance(value, _LASTING):
        return value
    if id(value) in taken:
        return taken[id(value)][0]
    kind = type(value)
    if kind is types.FunctionType:
        _require_lasting(value, taken, left)
        copy = value
    elif isinstance(value, type):
        if value.__module__ == "__main__":
            raise _NoWayBackError
        copy = value
    elif kind in (pd.DataFrame, pd.Series):
        # pandas copies on write: this costs nothing until somebody writes
        copy = value.copy(deep=False)
    elif kind is np.ndarray and value.dtype.kind != "O":
        _count(left, 1, value.nbytes)
        copy = value.copy()
    elif kind in _GROUPS:
        _count(left, len(value))
        pieces = [_still(one, taken, left) for one in value]
        copy = deque(pieces, value.maxlen) if kind is deque else kind(pieces)
    elif kind in _MAPPINGS:
        _count(left, len(value))
        copy = value.copy()
        for key, one in value.items():
            copy[key] = _still(one, taken, left)
    else:
        raise _NoWayBackError
    # with the value itself, so that no other gets its identity meanwhile
    taken[id(value)] = copy, value
    return copy


def _require_lasting(function: types.FunctionType, taken: dict[int, Any], left: list[int]) -> None:
    """Raise `_NoWayBackError` when a function holds something that can be changed."""
    cells = function.__closure__ or ()
    if function.__module__ != "__main__":
        return
    held = [*(function.__defaults__ or ()), *(function.__kwdefaults__ or {}).values()]
    if function.__dict__ or cells or any(_still(one, taken, left) is not one for one in held):
        raise _NoWayBackError


def _count(left: list[int], pieces: int, size: int = 0) -> None:
    left[0] -= pieces
    left[1] -= size
    if min(left) < 0:
        raise _NoWayBackError
