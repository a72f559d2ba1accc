"""Every lint rule finds its defect, and only that, and says where."""

from pathlib import Path

import pytest

from trustkit.cases import craft
from trustkit.cases.lint import RULES, Examination, examine, examine_all, lint_case, lint_library
from trustkit.course import case_ids

DEFECTS = Path(__file__).parent / "defects"


OF_ONE_CASE = [rule for rule in RULES if not rule.startswith("library-")]


@pytest.mark.parametrize("rule", OF_ONE_CASE)
def test_the_case_named_after_a_defect_is_reported_for_it_alone(rule):
    severity = RULES[rule].severity
    findings = [finding for finding in lint_case(DEFECTS / rule) if finding.severity == severity]
    assert {finding.rule for finding in findings} == {rule}
    assert all(finding.path.exists() and finding.line >= 1 for finding in findings)


def test_every_defect_case_has_a_rule():
    assert {folder.name for folder in DEFECTS.iterdir()} == {*OF_ONE_CASE, "sound", "crafted"}


def test_a_sound_case_has_no_error():
    assert [finding for finding in lint_case(DEFECTS / "sound") if finding.severity == "error"] == []


def test_a_well_crafted_case_lacks_nothing_but_its_chinese():
    assert {finding.rule for finding in lint_case(DEFECTS / "crafted")} == {"no-chinese"}


def test_a_library_whose_best_choices_can_be_guessed_is_reported():
    habits = tuple(craft.Habit(name, 4, 3.0, 10) for name in craft.HABITS)
    everything = dict.fromkeys(("competence", "reliability", "transparency", "care", "fairness", "responsibility"), 100)
    library = [Examination(f"case-{at}", (), habits, everything, {}) for at in range(3)]
    assert [finding.rule for finding in lint_library(library)] == ["library-guessable"] * 3
    by_chance = [Examination(one.case, (), (), everything, {}) for one in library]
    assert "library-guessable" not in {finding.rule for finding in lint_library(by_chance)}


def test_a_library_in_which_a_behaviour_hardly_ever_decides_is_reported():
    habits = tuple(craft.Habit(name, 1, 3.0, 10) for name in craft.HABITS)
    neglect = {
        "competence": 26,
        "reliability": 100,
        "transparency": 25,
        "care": 50,
        "fairness": 30,
        "responsibility": 40,
    }
    library = [Examination(f"case-{at}", (), habits, neglect, {}) for at in range(3)]
    (finding,) = lint_library(library)
    assert finding.rule == "library-compass" and "`transparency` is decisive in 0 of 3 cases" in finding.message


def test_what_lint_learnt_is_kept_until_the_case_changes(tmp_path, monkeypatch):
    folder = tmp_path / "sound"
    folder.mkdir()
    text = (DEFECTS / "sound" / "case.yaml").read_text(encoding="utf-8")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    first = examine(folder)
    monkeypatch.setattr("trustkit.cases.lint._examine", lambda *_: pytest.fail("it was worked out again"))
    assert examine(folder) == first
    (folder / "case.yaml").write_text(text + "# another line\n", encoding="utf-8")
    with pytest.raises(pytest.fail.Exception):
        examine(folder)


def test_a_finding_names_file_line_rule_and_cure():
    (finding,) = lint_case(DEFECTS / "undefined-scene")
    text = str(finding)
    assert "undefined-scene/case.yaml:56:" in text
    assert "[undefined-scene]" in text
    assert "there is no scene `goodby`" in text
    assert "Did you mean `goodbye`?" in text


def test_all_faults_of_a_case_are_reported_at_once(tmp_path):
    folder = tmp_path / "sound"
    folder.mkdir()
    text = (DEFECTS / "sound" / "case.yaml").read_text(encoding="utf-8")
    text = text.replace("ask-open: 3", "ask-openly: 3").replace("trust >= 50", "mood >= 50")
    (folder / "case.yaml").write_text(text, encoding="utf-8")
    assert {finding.rule for finding in lint_case(folder)} == {"unknown-behaviour", "bad-guard", "no-chinese"}


def test_the_cases_of_the_course_are_clean_one_by_one_and_together():
    examinations = examine_all(case_ids())
    findings = [*(finding for one in examinations for finding in one.findings), *lint_library(examinations)]
    assert [str(finding) for finding in findings if finding.severity != "note"] == []
