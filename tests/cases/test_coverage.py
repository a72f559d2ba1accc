"""Coverage shows what the cases cover and, above all, what not."""

from trustkit.cases.coverage import coverage
from trustkit.course import case_ids
from trustkit.trust.vocabulary import vocabulary


def test_nothing_that_could_be_covered_is_left_out():
    found = coverage(case_ids())
    words = vocabulary()
    assert list(found.decisive) == list(words.compass)
    assert found.behaviours.keys() == {id_ for id_, one in words.behaviours.items() if not one.derived}
    assert found.red_lines.keys() == words.red_lines.keys()
    assert found.endings.keys() == set(case_ids())
    assert sum(len(cases) for cases in found.industries.values()) == len(case_ids())


def test_what_no_case_covers_is_named():
    text = coverage(["fridge-failed-twice"]).as_text()
    assert "home-appliance   1  fridge-failed-twice" in text
    assert "not covered: false-statement" in text
    assert "hospital-bill (fails)" in text and "on-the-fridge-door (both)" in text
