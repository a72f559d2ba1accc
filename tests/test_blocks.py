"""Blocks are what they say, and an answer is taken only where it fits its form."""

import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit import blocks

FORM = blocks.form(
    "all",
    [
        blocks.number("share", "Share", 0, 1, step=0.25),
        blocks.choose("one", "One", {"a": "A", "b": "B"}),
        blocks.several("some", "Some", {"a": "A", "b": "B", "c": "C"}),
        blocks.order("row", "Row", {"a": "A", "b": "B", "c": "C"}),
        blocks.writing("words", "Words", most=10),
    ],
    "Send",
)
GOOD = {"share": 0.75, "one": "b", "some": ["c", "a"], "row": ["c", "a", "b"], "words": "ten signs!"}


def test_every_block_can_be_written_as_json():
    shown = [
        blocks.text("One.", "Two.", tone="warn"),
        blocks.heading("Words"),
        blocks.facts([("Name", 3)]),
        blocks.table(["a", "b"], [("x", 1)], "Caption"),
        blocks.chart("line", [0, 1], [blocks.series("y", [1, None])], x_label="x", y_label="y", caption="c", alt="a"),
        blocks.bars([{"name": "n", "value": 1, "low": 0, "high": 2, "target": 1}]),
        blocks.result(True, ["Done."], [("Right", 3)]),
        blocks.findings("text", [blocks.finding("k", "why", start=0, end=4)], "none"),
        FORM,
    ]
    assert json.loads(json.dumps(shown)) == shown
    assert blocks.open_form(shown) is FORM
    assert blocks.open_form(shown[:-1]) is None


def test_an_answer_that_fits_is_taken_as_it_is():
    assert blocks.check_answer(FORM, GOOD) is GOOD


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("share", 0.3), ("share", 1.25), ("share", -0.25), ("share", "0.5"), ("share", True), ("share", None),
        ("share", math.nan), ("one", "c"), ("one", None), ("one", ["a"]), ("some", ["a", "a"]), ("some", "a"),
        ("some", [["a"]]), ("row", ["a", "b"]), ("row", ["a", "b", "b"]), ("words", "eleven sign"), ("words", 3),
    ],
)  # fmt: skip
def test_an_answer_that_does_not_fit_is_refused_with_the_name_of_its_field(field, value):
    label = next(one["label"] for one in FORM["fields"] if one["id"] == field)
    with pytest.raises(ValueError, match=label):
        blocks.check_answer(FORM, {**GOOD, field: value})
    with pytest.raises(ValueError, match=f"“{label}”需要|“{label}”只能"):
        blocks.check_answer(FORM, {**GOOD, field: value}, "zh")


@pytest.mark.parametrize("values", [{}, {**GOOD, "more": 1}, [], None, "words"])
def test_an_answer_to_another_form_is_refused(values):
    with pytest.raises(ValueError, match="does not belong"):
        blocks.check_answer(FORM, values)


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_whatever_is_sent_is_taken_or_refused_with_a_sentence(value):
    for field in GOOD:
        try:
            blocks.check_answer(FORM, {**GOOD, field: value})
        except ValueError as error:
            assert str(error)[-1] == "."


def test_a_block_that_does_not_add_up_is_refused_when_it_is_made():
    with pytest.raises(ValueError, match="3 cells"):
        blocks.table(["a", "b"], [("x", 1, 2)], "Caption")
    with pytest.raises(ValueError, match="1 values for 2"):
        blocks.chart("line", [0, 1], [blocks.series("y", [1])], x_label="x", y_label="y", caption="c", alt="a")
    with pytest.raises(ValueError, match="outside the text"):
        blocks.findings("text", [blocks.finding("k", "why", start=2, end=5)], "none")
    with pytest.raises(ValueError, match="no tone"):
        blocks.text("One.", tone="loud")
