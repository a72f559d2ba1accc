"""`trustkit new-case`: the skeleton is a sound case, and nothing is ever overwritten."""

import re

import pytest

from trustkit.cases.compile import compiled
from trustkit.cases.lint import lint_case
from trustkit.cases.reader import read_case
from trustkit.cases.solve import solution_of
from trustkit.cli import main


@pytest.fixture
def begun(empty_course, capsys):
    assert main(["new-case", "cot-without-rail", "--industry", "retail", "--channel", "phone"]) == 0
    assert "trustkit preview cot-without-rail" in capsys.readouterr().out
    return empty_course / "cases" / "cot-without-rail"


def test_the_skeleton_has_nothing_for_lint_to_find_but_that_it_is_not_translated(begun):
    assert [finding.rule for finding in lint_case(begun)] == ["no-chinese"]


def test_the_skeleton_is_the_case_that_was_asked_for(begun):
    data = read_case(begun).document.data
    assert (data["id"], data["industry"], data["channel"]) == ("cot-without-rail", "retail", "phone")
    text = (begun / "case.yaml").read_text(encoding="utf-8")
    assert not re.search(r"SLUG|INDUSTRY|CHANNEL", text)
    assert text.startswith("# yaml-language-server: $schema=../../trustkit/cases/case.schema.json\n")


def test_every_variant_of_the_skeleton_has_two_good_ways(begun):
    variants = read_case(begun).variants
    assert len(variants) == 3
    for variant in variants:
        solution = solution_of(compiled(begun, variant))
        assert solution.play.passed(solution.best_path().end) and solution.acceptable_path()


def test_the_skeleton_shows_every_feature_of_the_format(begun):
    data = read_case(begun).document.data
    text = (begun / "case.yaml").read_text(encoding="utf-8")
    for key in ("compass", "house_rules", "most_offer", "red_lines", "facts", "promises", "variants", "endings"):
        assert data[key], key
    for key in (
        "soonest", "hidden", "elapsed", "keeps", "minutes", "offer", "promise", "reveals", "requires", "against",
        "red_line", "when",
    ):  # fmt: skip
        assert re.search(rf"\b{key}: ", text), key
    assert text.count("# ") > 30


def test_a_case_that_is_there_stays_as_it_is(begun, capsys):
    before = (begun / "case.yaml").read_bytes()
    assert main(["new-case", "cot-without-rail"]) == 1
    said = capsys.readouterr().err
    assert "is there already, so nothing was written" in said and len(said.splitlines()) == 1
    assert (begun / "case.yaml").read_bytes() == before


@pytest.mark.parametrize("arguments, what", [
    (["Cot"], "slug"), (["cot_rail"], "slug"), (["../cot"], "slug"), (["cot--rail"], "slug"), (["1-cot"], "slug"),
    (["椅子"], "slug"), (["a" * 61], "slug"), ([""], "slug"), (["/tmp/cot"], "slug"), (["cot\n"], "slug"),
    (["cot", "--industry", "Home Appliance"], "industry"), (["cot", "--channel", "a: b"], "channel"),
])  # fmt: skip
def test_what_is_no_id_is_refused_and_nothing_is_written(empty_course, capsys, arguments, what):
    assert main(["new-case", *arguments]) == 1
    said = capsys.readouterr().err
    assert f"cannot be the {what} of a case" in said and "lower-case letters" in said
    assert list((empty_course / "cases").iterdir()) == []
