"""A value that crosses between the processes of a grading run arrives as what it was, or not at all."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter, OrderedDict, deque
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

from autograder.running.answers import MOST_BYTES, BadAnswer, Foreign, decode, encode
from trustkit.data import load_dataset

PLAIN = [
    None, True, 3, 2**70, -1.5, float("inf"), "句子 😀", [1, [2.5, "a"]], (1,), {1, 2}, frozenset({4}),
    {"a": 1, 2: [3]}, Counter("aab"), OrderedDict(a=1), deque([1]), b"\x00\xff", 1j, Decimal("1.10"), Fraction(1, 3),
    dt.date(2024, 1, 2), dt.datetime(2024, 1, 2, tzinfo=dt.UTC), dt.timedelta(1, 2, 3), range(3), np.float64(2.5),
    np.int32(4), np.bool_(True), np.str_("x"), np.datetime64("2024-01-02"), pd.NaT, pd.NA,
    pd.Timestamp("2024-01-02", tz="Europe/Berlin"), pd.Timedelta("1D"), pd.Interval(0, 1), pd.Period("2024-01"),
]  # fmt: skip
COLUMNS = [
    pd.Series(["a", None], name="n"),
    pd.Series(["a", None], dtype="string"),
    pd.Series([1, None], dtype="Int64", index=["x", "y"]),
    pd.Series(["a", "b", None], dtype="category"),
    pd.Series(pd.to_datetime(["2024-01-01", None], utc=True)),
    pd.Series(pd.to_datetime(["2024-01-01", None])),
    pd.Series([1.5, np.nan]),
    pd.Series([True, None], dtype="boolean"),
    pd.Series([True, None, "x"]),
    pd.Series(pd.period_range("2024", periods=2, freq="M")),
    pd.Series(pd.cut([1, 2], [0, 1, 2])),
    pd.Series([], dtype=float),
    pd.Series([1, 2], index=pd.MultiIndex.from_tuples([("a", 1), ("b", 2)], names=["q", "r"])),
    pd.Series([[1], {"a": 2}]),
]


@pytest.mark.parametrize("value", PLAIN, ids=repr)
def test_a_plain_value_arrives_with_its_exact_type(value):
    arrived = decode(encode(value))
    assert type(arrived) is type(value)
    assert repr(arrived) == repr(value)


@pytest.mark.parametrize("column", COLUMNS, ids=lambda column: str(column.dtype))
def test_a_column_arrives_with_its_type_its_index_and_what_is_missing(column):
    pd.testing.assert_series_equal(decode(encode(column)), column)


def test_an_array_arrives_with_its_shape_and_type():
    for array in (np.arange(6).reshape(2, 3), np.array(["a", None], dtype=object), np.array([]), np.array(["é", "b"])):
        arrived = decode(encode(array))
        np.testing.assert_array_equal(arrived, array)
        assert arrived.dtype == array.dtype


def test_a_real_dataset_arrives_whole():
    table = load_dataset("complaints")
    pd.testing.assert_frame_equal(decode(encode(table)), table)


def test_columns_of_one_name_arrive_side_by_side():
    table = pd.concat([pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": ["x", None]})], axis=1)
    pd.testing.assert_frame_equal(decode(encode(table)), table)


class Anything:
    def __eq__(self, other):
        return True

    __hash__ = None


class OwnList(list):
    def __eq__(self, other):
        return True

    __hash__ = None


class Loud:
    def __repr__(self):
        raise RuntimeError("no")


@pytest.mark.parametrize("value", [Anything(), OwnList([1]), Loud(), len, lambda: 1, iter([1]), object()])
def test_an_object_of_a_class_of_its_own_arrives_as_a_stranger_equal_to_nothing(value):
    arrived = decode(encode(value))
    assert isinstance(arrived, Foreign)
    assert type(arrived).__name__ == type(value).__name__
    assert arrived != [1]
    assert decode(encode([value]))[0] != 1


def test_a_subclass_of_a_table_is_no_table():
    class Own(pd.DataFrame):
        pass

    assert isinstance(decode(encode(Own({"a": [1]}))), Foreign)


def test_a_value_that_is_too_large_or_too_deep_is_refused_where_it_is_made():
    with pytest.raises(ValueError, match="MB"):
        encode(np.zeros(MOST_BYTES // 8 + 1))
    deep: list = []
    for _ in range(500):
        deep = [deep]
    with pytest.raises(ValueError, match="too deeply"):
        encode(deep)


@pytest.mark.parametrize("value", [*PLAIN[4:12], *COLUMNS, pd.DataFrame({"a": [1, 2], "b": ["x", None]})], ids=type)
def test_damaged_bytes_are_refused_or_are_another_value_and_never_anything_else(value):
    chance, good = random.Random(7), encode(value)
    for _ in range(400):
        bad = bytearray(good)
        for _ in range(chance.randint(1, 4)):
            bad[chance.randrange(len(bad))] = chance.randrange(256)
        try:
            repr(decode(bytes(bad)))
        except BadAnswer as refused:
            assert str(refused)
    for cut in range(0, len(good), max(1, len(good) // 40)):
        with pytest.raises(BadAnswer):
            decode(good[:cut])


@pytest.mark.parametrize(
    "text",
    [
        b'["scalar", "O", 0]', b'["array", "O8", [1], 0]', b'["array", "<f8", [99999999999], 0]', b'["unknown", 1]',
        b'["foreign", "x", "y", "z"]', b'[]', b'[[1]]', b'{"a": 1}', b'["array", "V8", [1], 0]',
    ],
)  # fmt: skip
def test_bytes_that_ask_for_an_object_or_for_memory_that_is_not_there_are_refused(text):
    size = len(text).to_bytes(4, "little")
    with pytest.raises(BadAnswer):
        decode(size + (1).to_bytes(4, "little") + (8).to_bytes(4, "little") + text + b"12345678")
