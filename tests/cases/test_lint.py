"""Every lint rule finds its defect, and only that, and says where."""

from pathlib import Path

import pytest

from trustkit.cases.lint import RULES, lint_case
from trustkit.course import case_ids

DEFECTS = Path(__file__).parent / "defects"


@pytest.mark.parametrize("rule", RULES)
def test_the_case_named_after_a_defect_is_reported_for_it_alone(rule):
    findings = lint_case(DEFECTS / rule)
    assert {finding.rule for finding in findings} == {rule}
    assert all(finding.path.exists() and finding.line >= 1 for finding in findings)


def test_every_defect_case_has_a_rule():
    assert {folder.name for folder in DEFECTS.iterdir()} == {*RULES, "sound"}


def test_a_sound_case_has_no_finding():
    assert lint_case(DEFECTS / "sound") == []


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


@pytest.mark.parametrize("case", case_ids())
def test_the_cases_of_the_course_are_clean(case):
    assert [str(finding) for finding in lint_case(case)] == []
