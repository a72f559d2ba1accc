"""Carries values out of a hand-in's process as plain data: numbers, texts, tables and charts, and nothing that acts.

A test must be able to trust the type of what it looks at. So a value is not pickled: it is written down piece by
piece, by its exact type, and built anew on the other side. An object of a class of the trainee's own arrives as a
`Foreign` that tells the class's name and does nothing else: it is equal to nothing and has no values.
"""

from __future__ import annotations

import json
import math
import re
import struct
from collections import Counter, OrderedDict, defaultdict, deque
from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from typing import Any

import numpy as np
import pandas as pd

MOST_BYTES = 64 << 20
"""Most bytes of one answer."""
_DEEPEST = 60
_PLAIN_DTYPE = re.compile(r"[<>|=]?(?:[biufc]\d{1,2}|[mM]8(?:\[\d*[a-zA-Zμ]+\])?|[US]\d{1,9})")
_NUMPY_KINDS = "biufcmMUS"
_SIZES = struct.Struct("<I")

Node = Any
"""A value written down: JSON, in which numbers name byte strings that travel beside it."""


class BadAnswer(Exception):
    """What arrived cannot be a value; the message says what is wrong."""


class Foreign:
    """An object that stayed behind because only its own code knows what it is.

    Attributes:
        shown: the beginning of what it looked like.
    """

    def __init__(self, shown: str):
        self.shown = shown

    def __repr__(self) -> str:
        return self.shown


def encode(value: Any, chart: Callable[[Any], Node | None] | None = None) -> bytes:
    """Write a value down.

    Args:
        value: anything.
        chart: writes a chart down as data that `decode` hands to its own `chart`, or returns None for other values.

    Raises:
        ValueError: it needs more than `MOST_BYTES`, or is nested too deeply.
    """
    writer = _Writer(chart)
    node = writer.node(value, 0)
    return writer.packed(node)


def decode(data: bytes, chart: Callable[[Node], Any] | None = None) -> Any:
    """Build the value that `encode` wrote down, from bytes that anybody may have sent.

    Args:
        chart: draws a chart from its data.

    Raises:
        BadAnswer: the bytes are not what `encode` writes.
    """
    try:
        return _Reader(data, chart).value()
    except BadAnswer:
        raise
    except Exception as error:  # whatever numpy and pandas refuse, in whatever way, is no value
        raise BadAnswer(f"the value is damaged ({type(error).__name__})") from None


def _lists(values: list) -> bool:
    """Return whether JSON holds a list as it is: texts, missing values, numbers and flags only."""
    return all(type(one) in (str, bool, type(None)) or (type(one) is float and math.isfinite(one)) for one in values)


class _Writer:
    def __init__(self, chart: Callable[[Any], Node | None] | None):
        self._chart = chart
        self._buffers: list[bytes] = []
        self._size = 0

    def packed(self, node: Node) -> bytes:
        # Lone surrogates are legal in Python's texts and become escapes here.
        text = json.dumps(node).encode("ascii")
        table = [_SIZES.pack(len(text)), _SIZES.pack(len(self._buffers))]
        table += [_SIZES.pack(len(one)) for one in self._buffers]
        whole = b"".join([*table, text, *self._buffers])
        if len(whole) > MOST_BYTES:
            raise ValueError(f"the value needs more than {MOST_BYTES >> 20} MB")
        return whole

    def buffer(self, data: bytes) -> int:
        self._size += len(data)
        if self._size > MOST_BYTES:
            raise ValueError(f"the value needs more than {MOST_BYTES >> 20} MB")
        self._buffers.append(data)
        return len(self._buffers) - 1

    def node(self, value: Any, depth: int) -> Node:
        if depth > _DEEPEST:
            raise ValueError("the value is nested too deeply")
        kind = type(value)
        if value is None or kind in (bool, str):
            return value
        if kind is float:
            return value if math.isfinite(value) else ["float", repr(value)]
        if kind is int:
            return ["int", value] if -(2**53) < value < 2**53 else ["big", hex(value)]
        write = _WRITERS.get(kind)
        if write is not None:
            return write(self, value, depth + 1)
        if isinstance(value, np.generic) and value.dtype.kind in _NUMPY_KINDS and kind is value.dtype.type:
            return ["scalar", value.dtype.str, self.buffer(value.tobytes())]
        if isinstance(value, pd.Index) and kind.__module__.startswith("pandas"):
            return self.index(value, depth)
        drawn = self._chart(value) if self._chart else None
        if drawn is not None:
            return ["chart", self.node(drawn, depth + 1)]
        return ["foreign", kind.__name__[:80], _shown(value)]

    def each(self, values: Any, depth: int) -> Node:
        values = list(values)
        if _lists(values):
            return ["plain", values]
        return ["each", [self.node(one, depth) for one in values]]

    def array(self, array: np.ndarray, depth: int) -> Node:
        if array.dtype.kind in _NUMPY_KINDS and array.dtype.names is None:
            data = np.ascontiguousarray(array)
            return ["array", array.dtype.str, list(array.shape), self.buffer(data.tobytes())]
        if array.dtype.kind != "O":
            return ["foreign", "ndarray", _shown(array)]
        return ["objects", list(array.shape), self.each(array.ravel().tolist(), depth)]

    def column(self, array: Any, depth: int) -> Node:
        """Write the values of a pandas column or index down, by what they are stored as."""
        dtype = array.dtype
        if isinstance(dtype, pd.StringDtype):
            texts = [one if type(one) is str else None for one in array.tolist()]
            return ["texts", "string" if dtype.na_value is pd.NA else "str", texts]
        # text columns are arrays of this kind too, so they come first
        if isinstance(dtype, np.dtype) or isinstance(array, pd.arrays.NumpyExtensionArray):
            return self.array(np.asarray(array), depth)
        if isinstance(dtype, pd.CategoricalDtype):
            codes = self.array(np.asarray(array.codes), depth)
            return ["category", codes, self.index(array.categories, depth), bool(array.ordered)]
        if isinstance(dtype, pd.DatetimeTZDtype):
            moments = np.asarray(array.asi8)
            return ["moments", dtype.unit, str(dtype.tz), self.array(moments, depth)]
        if isinstance(dtype, pd.PeriodDtype):
            return ["periods", str(dtype)[len("period[") : -1], self.array(np.asarray(array.asi8), depth)]
        if isinstance(dtype, pd.IntervalDtype):
            ends = [self.column(pd.Series(side).array, depth) for side in (array.left, array.right)]
            return ["intervals", dtype.closed, *ends]
        if str(dtype) in _MASKED:
            missing = np.asarray(array.isna())
            filled = np.asarray(array.to_numpy(dtype=dtype.numpy_dtype, na_value=dtype.numpy_dtype.type(0)))
            return ["masked", str(dtype), self.array(filled, depth), self.array(missing, depth)]
        if isinstance(dtype, pd.SparseDtype):
            return self.array(np.asarray(array), depth)
        return ["objects", [len(array)], self.each(array.astype(object).tolist(), depth)]

    def index(self, index: pd.Index, depth: int) -> Node:
        if type(index) is pd.RangeIndex:
            return ["range", int(index.start), int(index.stop), int(index.step), self.node(index.name, depth)]
        if isinstance(index, pd.MultiIndex):
            levels = [self.index(index.get_level_values(place), depth + 1) for place in range(index.nlevels)]
            return ["levels", levels]
        return ["index", self.column(index.array, depth), self.node(index.name, depth)]


def _shown(value: Any) -> str:
    try:
        return str(repr(value))[:200]
    except BaseException:  # a class of the trainee's own may raise anything here
        return "an object that cannot be shown"


def _pairs(writer: _Writer, value: dict, depth: int) -> Node:
    kind = {dict: "dict", OrderedDict: "ordered", Counter: "counter", defaultdict: "default"}[type(value)]
    return [kind, writer.each(dict.keys(value), depth), writer.each(dict.values(value), depth)]


def _frame(writer: _Writer, value: pd.DataFrame, depth: int) -> Node:
    columns = [writer.column(value.iloc[:, place].array, depth) for place in range(value.shape[1])]
    return ["frame", writer.index(value.index, depth), writer.index(value.columns, depth), columns]


def _moment(writer: _Writer, value: Any, depth: int) -> Node:
    zone = str(value.tz) if value.tz is not None else None
    return ["timestamp", value.unit, int(value._value), zone]


_MASKED = {f"{sign}Int{bits}" for sign in ("", "U") for bits in (8, 16, 32, 64)} | {"Float32", "Float64", "boolean"}
_WRITERS: dict[type, Callable[[_Writer, Any, int], Node]] = {
    list: lambda writer, value, depth: ["list", writer.each(value, depth)],
    tuple: lambda writer, value, depth: ["tuple", writer.each(value, depth)],
    set: lambda writer, value, depth: ["set", writer.each(value, depth)],
    frozenset: lambda writer, value, depth: ["frozenset", writer.each(value, depth)],
    deque: lambda writer, value, depth: ["deque", writer.each(value, depth)],
    dict: _pairs, OrderedDict: _pairs, Counter: _pairs, defaultdict: _pairs,
    bytes: lambda writer, value, depth: ["bytes", writer.buffer(value)],
    complex: lambda writer, value, depth: ["complex", repr(value)],
    Decimal: lambda writer, value, depth: ["decimal", str(value)],
    Fraction: lambda writer, value, depth: ["fraction", hex(value.numerator), hex(value.denominator)],
    date: lambda writer, value, depth: ["date", value.isoformat()],
    time: lambda writer, value, depth: ["time", value.replace(tzinfo=None).isoformat()],
    datetime: lambda writer, value, depth: ["datetime", value.isoformat()],
    timedelta: lambda writer, value, depth: ["timedelta", value.days, value.seconds, value.microseconds],
    range: lambda writer, value, depth: ["numbers", hex(value.start), hex(value.stop), hex(value.step)],
    np.ndarray: lambda writer, value, depth: writer.array(value, depth),
    pd.DataFrame: _frame,
    pd.Series: lambda writer, value, depth: [
        "series", writer.index(value.index, depth), writer.column(value.array, depth), writer.node(value.name, depth)
    ],
    pd.Categorical: lambda writer, value, depth: ["values", writer.column(value, depth)],
    pd.Timestamp: _moment,
    pd.Timedelta: lambda writer, value, depth: ["span", value.unit, int(value._value)],
    pd.Interval: lambda writer, value, depth: [
        "interval", writer.node(value.left, depth), writer.node(value.right, depth), value.closed
    ],
    pd.Period: lambda writer, value, depth: ["period", int(value.ordinal), value.freqstr],
    type(pd.NaT): lambda writer, value, depth: ["missing", "NaT"],
    type(pd.NA): lambda writer, value, depth: ["missing", "NA"],
}  # fmt: skip


class _Reader:
    def __init__(self, data: bytes, chart: Callable[[Node], Any] | None):
        self._chart = chart
        self._data = memoryview(data)
        if len(data) > MOST_BYTES or len(data) < 2 * _SIZES.size:
            raise BadAnswer("the value has a wrong size")
        length, count = _SIZES.unpack_from(data, 0)[0], _SIZES.unpack_from(data, _SIZES.size)[0]
        place = _SIZES.size * (2 + count)
        if place + length > len(data):
            raise BadAnswer("the value is cut off")
        self._text = bytes(self._data[place : place + length])
        place += length
        self._places = []
        for number in range(count):
            size = _SIZES.unpack_from(data, _SIZES.size * (2 + number))[0]
            self._places.append((place, place + size))
            place += size
        if place != len(data):
            raise BadAnswer("the value is cut off")

    def value(self) -> Any:
        return self.read(json.loads(self._text), 0)

    def buffer(self, number: int) -> memoryview:
        begin, end = self._places[number]
        return self._data[begin:end]

    def read(self, node: Node, depth: int) -> Any:
        if depth > 2 * _DEEPEST:
            raise BadAnswer("the value is nested too deeply")
        if node is None or type(node) in (bool, str, float):
            return node
        if type(node) is not list or not node or type(node[0]) is not str:
            raise BadAnswer("a piece of the value has no kind")
        read = _READERS.get(node[0])
        if read is None:
            raise BadAnswer("a piece of the value is of an unknown kind")
        return read(self, depth + 1, *node[1:])

    def each(self, node: Node, depth: int) -> list:
        kind, values = node
        if kind == "plain" and type(values) is list and _lists(values):
            return values
        if kind == "each" and type(values) is list:
            return [self.read(one, depth) for one in values]
        raise BadAnswer("a list of the value is damaged")

    def array(self, dtype: str, shape: list[int], number: int) -> np.ndarray:
        if type(dtype) is not str or not _PLAIN_DTYPE.fullmatch(dtype):
            raise BadAnswer("an array is of an unknown type")
        found = np.dtype(dtype)
        data = self.buffer(number)
        if found.kind == "U" and found.itemsize:
            signs = np.frombuffer(data, found.str[0] + "u4")
            if signs.size and int(signs.max()) > 0x10FFFF:
                raise BadAnswer("a text has signs that do not exist")
        return np.frombuffer(data, found).reshape(_shape(shape)).copy()

    def column(self, node: Node, depth: int) -> Any:
        if type(node) is not list or node[0] not in _COLUMNS:
            raise BadAnswer("a column is of an unknown kind")
        return _COLUMNS[node[0]](self, depth + 1, *node[1:])

    def index(self, node: Node, depth: int) -> pd.Index:
        if node[0] == "range":
            start, stop, step = (_whole(one) for one in node[1:4])
            return pd.RangeIndex(start, stop, step, name=self.read(node[4], depth))
        if node[0] == "levels":
            return pd.MultiIndex.from_arrays([self.index(one, depth + 1) for one in node[1]])
        if node[0] == "index":
            return pd.Index(self.column(node[1], depth), name=self.read(node[2], depth))
        raise BadAnswer("an index is of an unknown kind")

    def chart(self, node: Node, depth: int) -> Any:
        if self._chart is None:
            raise BadAnswer("a chart cannot be drawn here")
        return self._chart(self.read(node, depth))


def _whole(value: Any) -> int:
    if type(value) is not int:
        raise BadAnswer("a number is damaged")
    return value


def _shape(shape: Any) -> tuple[int, ...]:
    if type(shape) is not list or len(shape) > 8 or any(type(one) is not int or one < 0 for one in shape):
        raise BadAnswer("an array has a wrong shape")
    return tuple(shape)


def _objects(reader: _Reader, depth: int, shape: Any, values: Node) -> np.ndarray:
    found = reader.each(values, depth)
    array = np.empty(len(found), dtype=object)
    for place, one in enumerate(found):
        array[place] = one
    return array.reshape(_shape(shape))


def _masked(reader: _Reader, depth: int, dtype: str, filled: Node, missing: Node) -> Any:
    if dtype not in _MASKED:
        raise BadAnswer("a column is of an unknown type")
    column = pd.array(reader.column(filled, depth), dtype=dtype)
    column[reader.column(missing, depth).astype(bool)] = pd.NA
    return column


def _frame_of(reader: _Reader, depth: int, index: Node, columns: Node, arrays: list[Node]) -> pd.DataFrame:
    rows, names = reader.index(index, depth), reader.index(columns, depth)
    if len(names) != len(arrays):
        raise BadAnswer("a table has columns without a name")
    table = pd.DataFrame({place: reader.column(one, depth) for place, one in enumerate(arrays)}, index=range(len(rows)))
    return table.set_axis(rows, axis=0).set_axis(names, axis=1)


def _foreign(reader: _Reader, depth: int, name: str, shown: str) -> Foreign:
    return type(str(name)[:80] or "object", (Foreign,), {})(str(shown)[:200])


def _dict(make: Callable[[list], Any]) -> Callable[..., Any]:
    return lambda reader, depth, keys, values: make(
        list(zip(reader.each(keys, depth), reader.each(values, depth), strict=True))
    )


def _categories(reader: _Reader, depth: int, codes: Node, categories: Node, ordered: bool) -> pd.Categorical:
    index = reader.index(categories, depth)
    return pd.Categorical.from_codes(reader.column(codes, depth).astype(int), categories=index, ordered=bool(ordered))


def _zoned(reader: _Reader, depth: int, unit: str, zone: str, moments: Node) -> Any:
    plain = reader.column(moments, depth).astype("int64").view(f"M8[{_unit(unit)}]")
    return pd.DatetimeIndex(plain).tz_localize("UTC").tz_convert(str(zone)).array


def _unit(unit: Any) -> str:
    if unit not in ("s", "ms", "us", "ns"):
        raise BadAnswer("a moment has no unit")
    return unit


def _timestamp(reader: _Reader, depth: int, unit: str, number: int, zone: str | None) -> pd.Timestamp:
    moment = pd.Timestamp(np.datetime64(_whole(number), _unit(unit)))
    return moment if zone is None else moment.tz_localize("UTC").tz_convert(str(zone))


_COLUMNS: dict[str, Callable[..., Any]] = {
    "array": lambda reader, depth, dtype, shape, number: reader.array(dtype, shape, number),
    "objects": _objects,
    "texts": lambda reader, depth, dtype, texts: pd.array(
        [one if type(one) is str else None for one in texts], dtype="string" if dtype == "string" else "str"
    ),
    "category": _categories,
    "moments": _zoned,
    "periods": lambda reader, depth, freq, ordinals: (
        pd.PeriodIndex.from_ordinals(reader.column(ordinals, depth).astype("int64"), freq=str(freq)).array
    ),
    "intervals": lambda reader, depth, closed, left, right: pd.arrays.IntervalArray.from_arrays(
        reader.column(left, depth), reader.column(right, depth), closed=str(closed)
    ),
    "masked": _masked,
}
_READERS: dict[str, Callable[..., Any]] = {
    "float": lambda reader, depth, text: float(text),
    "int": lambda reader, depth, number: _whole(number),
    "big": lambda reader, depth, text: int(text, 16),
    "complex": lambda reader, depth, text: complex(text),
    "decimal": lambda reader, depth, text: Decimal(text),
    "fraction": lambda reader, depth, upper, lower: Fraction(int(upper, 16), int(lower, 16)),
    "date": lambda reader, depth, text: date.fromisoformat(text),
    "time": lambda reader, depth, text: time.fromisoformat(text),
    "datetime": lambda reader, depth, text: datetime.fromisoformat(text),
    "timedelta": lambda reader, depth, days, seconds, micro: timedelta(_whole(days), _whole(seconds), _whole(micro)),
    "numbers": lambda reader, depth, *ends: range(*(int(one, 16) for one in ends)),
    "bytes": lambda reader, depth, number: bytes(reader.buffer(number)),
    "list": lambda reader, depth, values: reader.each(values, depth),
    "tuple": lambda reader, depth, values: tuple(reader.each(values, depth)),
    "set": lambda reader, depth, values: set(reader.each(values, depth)),
    "frozenset": lambda reader, depth, values: frozenset(reader.each(values, depth)),
    "deque": lambda reader, depth, values: deque(reader.each(values, depth)),
    "dict": _dict(dict),
    "ordered": _dict(OrderedDict),
    "counter": _dict(lambda pairs: Counter(dict(pairs))),
    "default": _dict(lambda pairs: defaultdict(None, pairs)),
    "scalar": lambda reader, depth, dtype, number: reader.array(dtype, [1], number)[0],
    "array": _COLUMNS["array"],
    "objects": _objects,
    "frame": _frame_of,
    "series": lambda reader, depth, index, column, name: pd.Series(
        reader.column(column, depth), index=reader.index(index, depth), name=reader.read(name, depth)
    ),
    "values": lambda reader, depth, column: reader.column(column, depth),
    "range": lambda reader, depth, *rest: reader.index(["range", *rest], depth),
    "levels": lambda reader, depth, *rest: reader.index(["levels", *rest], depth),
    "index": lambda reader, depth, *rest: reader.index(["index", *rest], depth),
    "timestamp": _timestamp,
    "span": lambda reader, depth, unit, number: pd.Timedelta(np.timedelta64(_whole(number), _unit(unit))),
    "interval": lambda reader, depth, left, right, closed: pd.Interval(
        reader.read(left, depth), reader.read(right, depth), closed=str(closed)
    ),
    "period": lambda reader, depth, ordinal, freq: pd.Period(ordinal=_whole(ordinal), freq=str(freq)),
    "missing": lambda reader, depth, name: {"NaT": pd.NaT, "NA": pd.NA}[name],
    "foreign": _foreign,
    "chart": lambda reader, depth, node: reader.chart(node, depth),
}
