"""The vocabulary is closed, complete in both languages, and its directions make sense."""

import pytest

from trustkit.trust.vocabulary import APOLOGY_ELEMENTS, vocabulary

BEHAVIOURS = vocabulary().behaviours


def test_the_compass_has_six_behaviours_and_each_has_tags_of_both_signs():
    assert len(vocabulary().compass) == 6
    for bar in vocabulary().compass:
        assert {b.sign for b in BEHAVIOURS.values() if b.compass == bar} == {1, -1}


@pytest.mark.parametrize("id_", BEHAVIOURS)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_behaviour_has_its_words(id_, language):
    word = BEHAVIOURS[id_].words[language]
    assert word.name and word.meaning and word.example and word.counter_example
    assert any("一" <= letter <= "鿿" for letter in word.name) == (language == "zh")


def test_every_behaviour_belongs_to_one_compass_bar_and_names_a_lesson_and_a_source():
    for behaviour in BEHAVIOURS.values():
        assert behaviour.compass in vocabulary().compass
        assert behaviour.lesson.split(".")[0].isdigit()
        assert behaviour.source


def test_the_six_apology_elements_are_one_tag_each():
    assert sorted(b.apology for b in BEHAVIOURS.values() if b.apology) == sorted(APOLOGY_ELEMENTS)


def test_only_derived_behaviours_and_the_over_promise_move_against_their_sign():
    against = {id_ for id_, b in BEHAVIOURS.items() if not b.derived and b.sign * sum(b.moves) < 0}
    # A guarantee pleases in the moment: that is what makes it a trap.
    assert against == {"promise-certainty"}
