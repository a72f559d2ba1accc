"""The register of claims."""

import csv
import re

import pytest

from trustkit.course import course_root
from trustkit.sphinxext.claims import COLUMNS, REASONS, VERDICTS, ClaimsError, claims_path, read_claims
from trustkit.sphinxext.references import read_references, references_path
from trustkit.sphinxext.wording import WORDS

HEAD = ",".join(COLUMNS) + "\n"
ROW = "CL001,text 0,10,Trust grows by 12%,not-supported,no-source,not verified,A study says so [R1].,only examined\n"
PAGE = "# Claims\n\n```{claims}\n```\n"
SOURCES = "# Evidence\n\n```{references}\n:group: lessons\n```\n"


@pytest.fixture
def claims(course_home):
    """A register with one row."""
    path = claims_path(course_home)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(HEAD + ROW, encoding="utf-8")
    yield path
    path.unlink()


def test_the_register_has_all_157_claims_once():
    found = read_claims(claims_path(course_root()))
    assert [claim.id for claim in found] == [f"CL{number:03}" for number in range(1, 158)]


def test_the_register_has_the_claims_of_the_audit():
    audit = course_root().parent / "shared" / "curriculum" / "claims.csv"
    if not audit.exists():
        pytest.skip("the audit is not part of a checkout")
    with audit.open(encoding="utf-8-sig", newline="") as file:
        audited = {row["claim_id"]: (row["seed"][1:], row["line"].strip()) for row in csv.DictReader(file)}
    registered = {
        claim.id: (claim.source.removeprefix("text "), claim.place) for claim in read_claims(claims_path(course_root()))
    }
    assert registered == audited


def test_what_is_taught_as_it_is_has_the_reason_fine_and_what_is_not_has_another():
    for claim in read_claims(claims_path(course_root())):
        expected = {"teach": {"fine"}, "caveat": {"fine-with-caveat"}}.get(claim.verdict)
        assert claim.reason in (expected or {*REASONS} - {"fine", "fine-with-caveat"}), claim.id


def test_every_reference_of_the_register_exists_and_was_read_or_is_said_to_be_unread():
    known = {reference.key: reference for reference in read_references(references_path(course_root()))}
    for claim in read_claims(claims_path(course_root())):
        for key in re.findall(r"\[([A-Z]\d+)\]", claim.found):
            assert key in known, claim.id
            if known[key].group == "unread":
                assert claim.verdict != "teach", claim.id


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_verdict_and_reason_has_words(language):
    assert {f"verdict-{verdict}" for verdict in VERDICTS} <= set(WORDS[language])
    assert {f"reason-{reason}" for reason in REASONS} <= set(WORDS[language])


def test_a_claim_is_marked_as_under_test_and_its_references_are_links(build, claims):
    built = build({"index": PAGE, "evidence": SOURCES})
    html = built.page()
    assert re.search(r'Trust grows by 12%</span>.<(a|span) class="tk-label"[^>]*>claim under test<', html)
    assert 'A study says so <a href="evidence.html#ref-r1">R1</a>.' in html
    assert 'id="claim-cl001"' in html
    assert not any("has no label" in problem for problem in built.problems)


def test_claims_stand_under_their_verdict_with_their_number(build, claims):
    html = build({"index": PAGE, "evidence": SOURCES}).page()
    assert "<summary>Not supported (1)</summary>" in html
    assert "<summary>Wrong (0)</summary>" in html


def test_in_the_chinese_edition_the_words_around_a_claim_are_chinese_and_the_claim_says_that_it_is_english(
    build, claims
):
    html = build({"index": PAGE, "evidence": SOURCES}, language="zh_CN").page()
    assert "<summary>没有依据 (1)</summary>" in html
    assert re.search(r'<p class="[^"]*tk-claim[^"]*" lang="en">', html)


def test_a_claim_that_leans_on_an_unknown_reference_fails_the_build(build, claims):
    claims.write_text(HEAD + ROW.replace("R1", "R99"), encoding="utf-8")
    built = build({"index": PAGE, "evidence": SOURCES})
    assert any("`R99`" in problem for problem in built.problems)


@pytest.mark.parametrize(
    ("text", "place", "said"),
    [
        ("claim_id,source\n", ":1:", "is missing"),
        (HEAD + ROW + ROW, ":3:", "stands in line 2 already"),
        (HEAD + ROW.replace("not-supported", "false"), ":2:", "the verdict `false`"),
        (HEAD + ROW.replace("no-source", "unclear"), ":2:", "the reason `unclear`"),
        (HEAD + ROW.replace("Trust grows by 12%", ""), ":2:", "`claim` is empty"),
    ],
    ids=["column", "twice", "verdict", "reason", "empty"],
)
def test_what_is_wrong_is_named_with_its_line(tmp_path, text, place, said):
    path = tmp_path / "claims.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ClaimsError) as error:
        read_claims(path)
    assert str(error.value).startswith(f"{path}{place}")
    assert said in str(error.value)


def test_a_fault_in_the_register_fails_the_build(build, claims):
    claims.write_text(HEAD + ROW.replace("no-source", "unclear"), encoding="utf-8")
    assert any("claims.csv:2: " in problem for problem in build({"index": PAGE, "evidence": SOURCES}).problems)
