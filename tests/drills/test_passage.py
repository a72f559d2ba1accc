"""A passage is read into lines and phrases, or refused with what is wrong."""

import pytest

from trustkit.drills.passage import BrokenPassage, lines, phrases


def test_a_phrase_may_run_over_the_end_of_a_line():
    text = "Hello [[one|dear\n  customer]], and\n[[two|bye]]\n\n"
    assert phrases(text) == {"one": "dear customer", "two": "bye"}
    assert lines(text) == [
        [{"text": "Hello "}, {"id": "one", "text": "dear customer"}, {"text": ", and"}],
        [{"id": "two", "text": "bye"}],
    ]


def test_a_passage_without_phrases_is_its_lines():
    assert lines("One [sic].\nTwo.") == [[{"text": "One [sic]."}], [{"text": "Two."}]]
    assert phrases("One [sic].") == {}


@pytest.mark.parametrize("text", ["[[a|b", "a]] b", "[[a]]", "[[a|]]", "[[A|b]]", "[[a|b [[c|d]] e]]", "[[a|b]"])
def test_a_broken_bracket_is_refused(text):
    with pytest.raises(BrokenPassage, match="is not of the form"):
        phrases(text)
