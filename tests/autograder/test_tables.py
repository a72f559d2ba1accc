"""A table crosses once, and only as long as it is what it was."""

import pandas as pd
import pytest

from autograder.running.tables import KnownTables, ReceivedTables
from trustkit.data import load_dataset

CHANGES = {
    "a cell": lambda table: table.__setitem__("contacts", table["contacts"] + 1),
    "one value": lambda table: table.loc.__setitem__((3, "contacts"), 99),
    "a category": lambda table: table.__setitem__("team", table["team"].cat.rename_categories(lambda name: f"{name}!")),
    "a zone": lambda table: table.__setitem__("opened_at", table["opened_at"].dt.tz_convert("Europe/Berlin")),
    "the name of the index": lambda table: setattr(table.index, "name", "number"),
    "a column's name": lambda table: setattr(table, "columns", ["other", *table.columns[1:]]),
    "a row less": lambda table: table.drop(0, inplace=True),
    "the index": lambda table: setattr(table, "index", table.index[::-1]),
    "a note": lambda table: table.attrs.update(note=1),
}


@pytest.fixture(scope="module")
def table():
    return load_dataset("complaints")


@pytest.fixture(scope="module")
def known(table):
    tables = KnownTables()
    tables.keep([table, 3, "text"])
    return tables


def test_a_copy_is_known_and_travels_by_name(table, known):
    data, names = known.pack(((table.copy(deep=False), 1), {"other": table}))
    assert len(names) == 1 and len(data) < 1000
    received = ReceivedTables()
    assert received.missing(names)
    received.receive(names[0], known.packed(names[0]))
    (first, one), named = received.unpack(data)
    pd.testing.assert_frame_equal(first, table)
    assert one == 1
    # each has its own
    first.loc[0, "contacts"] = 77
    pd.testing.assert_frame_equal(named["other"], table)
    pd.testing.assert_frame_equal(received.unpack(data)[0][0], table)


@pytest.mark.parametrize("change", CHANGES)
def test_a_changed_table_is_another(table, known, change):
    other = table.copy(deep=False)
    assert known.name_of(other)
    CHANGES[change](other)
    assert known.name_of(other) is None
    (arrived,), _ = ReceivedTables().unpack(known.pack(((other,), {}))[0])
    pd.testing.assert_frame_equal(arrived, other)
    assert known.name_of(table)


def test_a_table_cut_from_a_known_one_travels_whole(table, known):
    assert known.name_of(table.head(5)) is None
    assert known.name_of(table[["contacts"]]) is None
