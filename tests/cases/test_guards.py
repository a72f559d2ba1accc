"""The guard language says what it should, and refuses what it does not know."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trustkit.cases.guards import QUANTITIES, GuardError, holds, parse
from trustkit.cases.play import Position
from trustkit.trust.customer import default_model, opening

FACTS = {"medicine": 0, "slot-thursday": 1}
MODEL = default_model()


def position(**changes):
    zero = (0,) * 6
    start = Position(0, opening("calm", 1), 12, 1500, (), 0, 0b01, 600, 1, 0b101, zero, zero, zero)
    return start._replace(**changes)


@pytest.mark.parametrize(
    ("guard", "expected"),
    [
        ("medicine", True),
        ("slot-thursday", False),
        ("not slot-thursday", True),
        ("medicine and slot-thursday", False),
        ("medicine or slot-thursday", True),
        ("not (medicine and slot-thursday)", True),
        ("medicine and not slot-thursday or slot-thursday", True),
        ("trust == 60", True),
        ("trust > 60", False),
        ("anger <= 10", True),
        ("minutes >= 12 and clock >= 1500", True),
        ("offer != 600", False),
        ("failures == 1 and broken == 1", True),
        ("red_lines == 2", True),
    ],
)
def test_a_guard_holds_when_it_should(guard, expected):
    assert holds(parse(guard, FACTS))(position(), MODEL) is expected


@pytest.mark.parametrize(
    ("guard", "says"),
    [
        ("", "empty"),
        ("trust", "whole number"),
        ("trust >= high", "whole number"),
        ("(medicine", "closing"),
        ("medicine medicine", "did not expect"),
        ("insulin", "neither a fact"),
        ("trust >= 4 and", "neither a fact"),
        ("trust ≥ 40", "cannot read"),
        ("__import__('os')", "cannot read"),
    ],
)
def test_a_guard_that_cannot_be_understood_is_explained(guard, says):
    with pytest.raises(GuardError, match=says):
        parse(guard, FACTS)


@given(st.text(max_size=40))
def test_no_text_makes_the_guard_reader_fall_over(text):
    try:
        parse(text, FACTS)
    except GuardError as error:
        assert str(error)


atoms = st.one_of(
    st.sampled_from(list(FACTS)),
    st.tuples(st.sampled_from(QUANTITIES), st.sampled_from([">=", "<", "=="]), st.integers(0, 99)).map(
        lambda parts: " ".join(map(str, parts))
    ),
)
guards = st.recursive(
    atoms,
    lambda inner: st.one_of(
        inner.map(lambda g: f"not ({g})"),
        st.tuples(inner, st.sampled_from(["and", "or"]), inner).map(lambda p: f"({p[0]}) {p[1]} ({p[2]})"),
    ),
    max_leaves=6,
)


@given(guards, guards)
def test_de_morgan_holds(one, other):
    here = position()
    both = holds(parse(f"not (({one}) and ({other}))", FACTS))(here, MODEL)
    either = holds(parse(f"not ({one}) or not ({other})", FACTS))(here, MODEL)
    assert both == either
