"""A test sees the notebook as it was at its place, though all cells have run since."""

import random

import numpy as np
import pandas as pd
import pytest

from autograder.running.places import place_here, words_after

LATER = frozenset(["thing", "f"])


def function_with(default):
    names = {"__name__": "__main__", "default": default}
    exec("def f(x, seen=default):\n    return x", names)
    return names["f"]


@pytest.mark.parametrize(
    ("value", "change"),
    [
        (3, lambda names: names.update(thing=4)),
        ([1, [2]], lambda names: names["thing"][1].append(3)),
        ({"a": {"b": 1}}, lambda names: names["thing"]["a"].update(b=2)),
        ({1, 2}, lambda names: names["thing"].add(3)),
        (pd.DataFrame({"x": [1, 2]}), lambda names: names["thing"].drop(0, inplace=True)),
        (pd.DataFrame({"x": [1, 2]}), lambda names: names["thing"].__setitem__("y", 1)),
        (pd.Series([1, 2]), lambda names: names["thing"].__setitem__(0, 9)),
        (np.array([1, 2]), lambda names: names["thing"].fill(0)),
        ("text", lambda names: names.pop("thing")),
    ],
)
def test_there_is_a_way_back_from_a_change(value, change):
    names = {"thing": value}
    before = repr(value)
    place = place_here(names, LATER)
    change(names)
    names["new"] = 1
    assert repr(names.get("thing")) != before or len(names) == 2
    place.go_back()
    assert repr(names["thing"]) == before
    assert "new" not in names


def test_one_thing_under_two_names_stays_one():
    one = [1]
    names = {"a": one, "b": one}
    place = place_here(names, frozenset())
    place.go_back()
    assert names["a"] is names["b"]


@pytest.mark.parametrize("value", [object(), iter([1]), [object()], function_with([]), np.zeros(1 << 18)])
def test_where_there_may_be_no_way_back_a_copy_of_the_process_is_needed(value):
    assert place_here({"thing": value}, LATER) is None
    # no later cell speaks of it
    assert place_here({"thing": value}, frozenset()) is not None


def test_a_plain_function_needs_no_copy_of_the_process():
    assert place_here({"f": function_with(3)}, LATER) is not None


def test_chance_and_the_folder_are_as_they_were(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    place = place_here({}, frozenset())
    drawn = random.random(), np.random.random()
    (tmp_path / "inner").mkdir()
    monkeypatch.chdir(tmp_path / "inner")
    place.go_back()
    assert (random.random(), np.random.random()) == drawn
    assert tmp_path.samefile(".")


def test_the_words_after_a_cell():
    assert words_after(["a = 1", "", "b(a)"]) == [{"b", "a"}, {"b", "a"}, set()]
