"""Hands a table to a hand-in's process once, however often tests call functions with it.

The same hidden tables go to every function of every hand-in. They are pickled once for a whole class and crossed once
for a hand-in; a call only says which table is meant, and each call gets a copy of its own, which costs nothing until
somebody writes to it (pandas copies on write).
"""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd


class KnownTables:
    """The tests' side: tables that are handed over by name as long as nobody has changed them."""

    def __init__(self) -> None:
        self._by_data: dict[tuple, tuple[str, pd.DataFrame]] = {}
        self._packed: dict[str, bytes] = {}

    def keep(self, tables: Iterable[Any]) -> None:
        """Pack tables, so that they can be handed over by name from now on; what is no table is left out."""
        for table in tables:
            if type(table) is not pd.DataFrame or self.name_of(table) is not None:
                continue
            if (place := _place_of(table)) is not None:
                packed = pickle.dumps(table, protocol=5)
                name = hashlib.sha256(packed).hexdigest()
                # The copy holds the data where they are: whoever writes to the table writes elsewhere.
                self._by_data[place] = name, table.copy(deep=False)
                self._packed[name] = packed

    def pack(self, value: Any) -> tuple[bytes, list[str]]:
        """Return a pickled value in which known tables stand by name, and those names."""
        file = io.BytesIO()
        packer = _Packer(file, self)
        packer.dump(value)
        return file.getvalue(), list(packer.used)

    def packed(self, name: str) -> bytes:
        """Return the pickled table of that name."""
        return self._packed[name]

    def name_of(self, table: pd.DataFrame) -> str | None:
        """Return under which name a table is known, or None when it is not, or was changed."""
        place = _place_of(table)
        name, kept = self._by_data.get(place, (None, None)) if place is not None else (None, None)
        if name is None or not (table.index.is_(kept.index) and table.columns.is_(kept.columns)):
            return None
        same = table.index.names == kept.index.names and table.columns.names == kept.columns.names
        return name if same and table.attrs == kept.attrs else None


class ReceivedTables:
    """The hand-in's side: the tables that have been handed over so far."""

    def __init__(self) -> None:
        self._tables: dict[str, pd.DataFrame] = {}

    def missing(self, names: Iterable[str]) -> bool:
        """Return whether one of these tables has not been handed over yet."""
        return any(name not in self._tables for name in names)

    def receive(self, name: str, packed: bytes) -> None:
        """Keep a table."""
        self._tables[name] = pickle.loads(packed)

    def unpack(self, data: bytes) -> Any:
        """Return the value that `KnownTables.pack` wrote, each table in it a copy."""
        return _Unpacker(io.BytesIO(data), self._tables).load()


class _Packer(pickle.Pickler):
    def __init__(self, file: io.BytesIO, known: KnownTables):
        super().__init__(file, protocol=5)
        self._known, self.used = known, {}

    def persistent_id(self, value: Any) -> str | None:
        if type(value) is not pd.DataFrame or (name := self._known.name_of(value)) is None:
            return None
        self.used[name] = True
        return name


class _Unpacker(pickle.Unpickler):
    def __init__(self, file: io.BytesIO, tables: dict[str, pd.DataFrame]):
        super().__init__(file)
        self._tables = tables

    def persistent_load(self, name: str) -> pd.DataFrame:
        return self._tables[name].copy(deep=False)


def _place_of(table: pd.DataFrame) -> tuple | None:
    """Return where a table's data lie in memory, or None where that cannot be told.

    While a copy on write holds the data, a table that lies in the same place has the same values.
    """
    places: list[Any] = [len(table)]
    for name, column in table.items():
        array = column.array
        held = [
            one for part in ("_ndarray", "_data", "_mask") if isinstance(one := getattr(array, part, None), np.ndarray)
        ]
        if not held:
            return None
        # pandas gives a new type to whatever has other categories, zones or units
        places += [name, id(array.dtype) if not isinstance(array.dtype, np.dtype) else array.dtype]
        for one in held:
            interface = one.__array_interface__
            places += [interface["data"][0], interface["typestr"], one.strides]
    try:
        hash(tuple(places))
    except TypeError:
        return None
    return tuple(places)
