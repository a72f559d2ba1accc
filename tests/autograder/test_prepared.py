"""What is run once for a class must come out as if it ran for each hand-in, in the order of the test."""

import ast

import pytest

from autograder.running.judge import GivenCells
from autograder.running.prepared import prepare

GIVEN = """
import random
import numpy as np
import pandas as pd
table = pd.DataFrame({"x": [3, 1, 2]})
numbers = [1, 2]

def spread(column):
    return column.max() - column.min()

def log(value, to=[]):
    to.append(value)
    return len(to)
"""


def prepared(*tests: str):
    return list(prepare({f"check-{n}": test for n, test in enumerate(tests)}, GivenCells([GIVEN])).values())


def left(*tests: str) -> list[str]:
    return [ast.unparse(one.left) for one in prepared(*tests)]


def outcome(test: str, own) -> list:
    """Run a test in one piece and as prepared, both with the trainee's function; return what it noted both times."""
    found = []
    for whole in (True, False):
        heard: list = []
        one = prepared(test)[0]
        names = {**GivenCells([GIVEN]).names} if whole else one.names
        names |= {"own": own, "note": heard.append}
        exec(compile(ast.parse(test) if whole else one.left, "<test>", "exec"), names)
        found.append(heard)
    return found


def test_statements_and_parts_without_the_trainee_are_worked_out_once():
    (rest,) = left("""
expected = spread(table["x"]) * 10
check(own(table), expected + 1, slips={"a": table["x"].sum()})
""")
    assert rest == "check(own(table), _trustkit_part_1, slips=_trustkit_part_2)"


@pytest.mark.parametrize(
    "test",
    [
        "a = [1]\nnote(own(a))\na = [2]\nnote(own(a))",
        "a = [1]\nnote(own(list(a)))\na.append(2)\nnote(own(list(a)))\nnote(len(a))",
        "a = [1]\na.append(own(a))\nb = len(a) + 1\nnote(b)",
        "a = {}\na['k'] = own([1])\nb = len(a) + 0\nnote(b)",
        "chance = random.Random(1)\nnote([own([1]), chance.random()])\nb = chance.random() + 0\nnote(b)",
        "def f(n):\n    return n + h\nh = 1\nnote([own([1]), f(1)])\nh = 5\nnote([own([1]), f(1)])",
        "def f(n):\n    return n + h\nh = 1\nnote([f(n) for n in [own([1])]])\nh = 5\nnote([f(n) for n in [own([1])]])",
        "def f(n):\n    return own([n]) + h\nh = 1\nnote(f(1))\nh = 5\nnote(f(1))",
        "def grow(to):\n    to.append(1)\na = [0]\nnote([own(a), len(a)])\ngrow(a)\nnote([own(a), len(a)])",
        "total = 0\nfor n in [1, 2]:\n    total += own([n])\nafter = total + 1\nnote(after)",
        "rows = table\nrows = rows.assign(x=own(rows))\nm = rows['x'].max() + 0\nnote(m)",
        "a = own([1]) and 1 / len(numbers[2:]) if len(numbers) > 5 else 0\nnote(a)",
        "it = iter(numbers)\nnote([own([1]), next(it)])\nb = next(it) + 0\nnote(b)",
        "t = table.copy()\nnote(own(t['x'].tolist()))\nt.loc[0, 'x'] = 9\nnote(own(t['x'].tolist()))",
        "n = own([1])\ntable.attrs['n'] = n\nm = len(table.attrs) + 0\nnote(m)",
        "for n in numbers:\n    note([n + 1, own([n])])\nnote(n)",
        "for n in numbers:\n    a = [n + _ for _ in numbers]\n    b = [own([k]) for k in a]\n    note([a, b])",
        "last = 0\nfor n in numbers:\n    note([last, own([n])])\n    last = n + 1\nnote(last)",
        "for n in numbers:\n    if n > 1:\n        big = n\n    note(own([n]))\nnote(big)",
        "for n in numbers:\n    t = table.assign(x=n)\n    t = t[t['x'] > 1]\n    note(own([len(t)]))\nnote(n)",
        "rows = [[1], [2]]\nfor r in rows:\n    r.append(own(r))\nm = [len(one) for one in rows]\nnote(m)",
        "rows = [[1], [2]]\nfor r in rows:\n    rows[1].append(0)\n    note(own(list(r)))",
        "for n in numbers:\n    for m in range(n):\n        k = n * m\n        note([k, own([k])])\nnote([n, m, k])",
        "for n in numbers:\n    note(own([n]))\n    if n == 1:\n        break\nnote(n)",
        "def f():\n    return n\nfor n in numbers:\n    note([own([n]), f()])",
        "n = 7\nf = (lambda: n)\nfor n in numbers:\n    note([own([n]), f()])",
        "for n in [1, 2]:\n    all = [n]\n    for m in (3, 4):\n        all.append(own([m]))\n    note(list(all))",
        "r = random.Random(1)\nfor n in numbers:\n    d = r.random()\n    note([d, own([1])])\nnote(r.random())",
        "for i, (a, b) in enumerate(zip(numbers, 'xy')):\n    note([i, a, b, own([a])])\nnote([i, a, b])",
        "for n in numbers:\n    numbers = [5]\n    note([own([n]), numbers])\nnote(numbers)",
        "found = []\nfor n in numbers:\n    said = own([n])\n    found.append(said)\nnote(found)\nnote(said)",
        "try:\n    own(None)\nexcept TypeError:\n    kept = [spread(table['x'])]\nelse:\n    kept = []\nnote(kept)",
    ],
)
def test_the_order_of_a_test_is_kept(test):
    whole, rest = outcome(test, lambda value: len(value) if isinstance(value, list) else 1)
    assert whole == rest and whole


@pytest.mark.parametrize(
    "test",
    [
        "print('hello')",
        "text = open('/etc/hostname').read()",
        "rows = pd.read_csv('attempts.csv')",
        "np.random.seed(1)",
        "drawn = np.random.normal(size=3)",
        "drawn = random.choice(numbers)",
        "raise ValueError('no')",
        "assert spread(table['x']) == 7",
    ],
)
def test_what_acts_or_fails_is_left(test):
    assert left(test) == [test]


def test_what_a_loop_makes_for_each_turn_is_made_once():
    (rest,) = left("for n in numbers:\n    t = table[table['x'] > n]\n    check(own(t), len(t) + 1)")
    assert [one.partition(", ")[0] for one in rest.split("\n")[:2]] == [
        "check(own(_trustkit_turn_1_0_t)",
        "check(own(_trustkit_turn_1_1_t)",
    ]
    assert "len" not in rest and "table" not in rest


@pytest.mark.parametrize(
    "loop",
    [
        "for n in range(61):\n    check(own([n]))",
        "for n in own([1]):\n    check(n)",
        "for n in numbers:\n    check(own([n]))\nelse:\n    check(0)",
        "for n in numbers:\n    if own([n]):\n        continue\n    check(n)",
        "for table.attrs in [{}, {'a': 1}]:\n    check(own(table))",
    ],
)
def test_a_loop_of_which_nobody_knows_the_turns_stays_one(loop):
    assert left(loop) == [loop]


def test_a_fault_in_a_turn_is_told_by_its_line():
    (one,) = prepared("for n in numbers:\n    a = n\n\n    b = own(a) / 0")
    assert {ast.unparse(step).partition(" =")[0]: step.lineno for step in one.left.body} == {
        "_trustkit_turn_1_0_b": 4, "_trustkit_turn_1_1_b": 4, "b": 1,
    }  # fmt: skip


def test_what_looks_at_the_hand_in_is_left():
    assert left("from autograder.role_play import marks_for_drill\nmine = marks_for_drill") == [
        "mine = marks_for_drill"
    ]


def test_names_that_an_earlier_test_has_made_are_not_taken_for_given():
    _, rest = left("table = own(table)", "check(own(1), spread(table['x']))")
    assert "spread(table['x'])" in rest


def test_a_fault_stays_where_it_is_and_is_told_by_its_line():
    test = "a = 1\n\nb = 1 / 0\ncheck(own(a), b)"
    (one,) = prepared(test)
    assert ast.unparse(one.left) == "b = 1 / 0\ncheck(own(a), b)"
    assert one.left.body[0].lineno == 3


def test_a_test_that_is_no_python_is_left_as_it_is():
    assert prepared("if so:") == []
