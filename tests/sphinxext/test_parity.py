"""The editions cannot drift apart unnoticed; each folder of `parity/` holds one difference and is named after it."""

import shutil
from pathlib import Path

import pytest

from trustkit.course import course_root
from trustkit.sphinxext.parity import check_parity

PAIRS = Path(__file__).with_name("parity")

FOUND = {
    "heading-missing": [("zh", 7, "heading level 2 of book/en/page.md:17 is missing")],
    "heading-level": [("zh", 17, "heading level 3 stands where book/en/page.md:17 has level 2")],
    "label-missing": [("zh", 1, "label numbers of book/en/page.md:6 is missing")],
    "label-renamed": [("zh", 6, "label figures stands where book/en/page.md:6 has numbers")],
    "case-missing": [("zh", 19, "directive {case late-parcel} of book/en/page.md:22 is missing")],
    "other-case": [("zh", 22, "{case early-parcel} stands where book/en/page.md:22 has {case late-parcel}")],
    "directive-order-changed": [
        ("zh", 19, "directive {code-cell} has no counterpart in book/en/page.md"),
        ("zh", 27, "directive {code-cell} of book/en/page.md:26 is missing"),
    ],
    "evidence-key-changed": [
        ("en", 9, "evidence label {cited} R1 has no counterpart"),
        ("zh", 9, "evidence label {cited} R2 has no counterpart"),
    ],
    "evidence-kind-changed": [
        ("en", 9, "evidence label {synthetic} has no counterpart"),
        ("zh", 9, "evidence label {claim} has no counterpart"),
    ],
    "evidence-missing": [("en", 9, "evidence label {synthetic} has no counterpart")],
    "picture-missing": [("zh", 11, "picture chart.*.svg of book/en/page.md:31 is missing")],
    "other-picture": [("zh", 31, "picture table.*.svg stands where book/en/page.md:31 has chart.*.svg")],
    "code-changed": [("zh", 27, "code cell 1 differs from book/en/page.md:27: `answer = 43` instead of `answer = 42`")],
    "code-cell-missing": [("zh", 22, "directive {code-cell} of book/en/page.md:26 is missing")],
    "term-missing": [("en", 4, "glossary term promise has no counterpart")],
    "page-missing": [("zh", 0, "Write book/en/page.md")],
}


def lay_out(root: Path, defect: str) -> Path:
    for language in ("en", "zh"):
        page = root / "book" / language / "page.md"
        page.parent.mkdir(parents=True)
        (root / "notebooks" / language).mkdir(parents=True)
        changed = PAIRS / defect / f"{language}.md"
        if changed.exists() or defect != "page-missing" or language == "zh":
            shutil.copy(changed if changed.exists() else PAIRS / "sound" / f"{language}.md", page)
    (root / "book" / "glossary.csv").write_text(
        "id,en,zh,definition_en,definition_zh\ncustomer-trust,customer trust,顾客信任,x,y\npromise,promise,承诺,x,y\n",
        encoding="utf-8",
    )
    return root


def test_a_pair_that_says_the_same_in_another_order_of_words_has_no_findings(tmp_path):
    assert check_parity(lay_out(tmp_path, "sound")) == []


def test_a_page_may_wait_for_its_chinese_text_but_a_notebook_may_not(tmp_path):
    root = lay_out(tmp_path, "sound")
    (root / "book" / "zh" / "page.md").rename(root / "notebooks" / "en" / "desk.md")
    assert [str(finding) for finding in check_parity(root)] == [
        "notebooks/en/desk.md: this page has no twin. Write notebooks/zh/desk.md, or remove this page."
    ]


def test_every_defect_has_its_expectation():
    assert {path.name for path in PAIRS.iterdir()} == {*FOUND, "sound"}


@pytest.mark.parametrize("defect", FOUND)
def test_a_difference_is_found_with_file_line_and_cure(tmp_path, defect):
    findings = check_parity(lay_out(tmp_path, defect))
    assert len(findings) == len(FOUND[defect]), findings
    for finding, (language, line, said) in zip(findings, FOUND[defect], strict=True):
        assert (finding.path, finding.line) == (f"book/{language}/page.md", line)
        assert said in finding.message


def test_the_course_itself_has_no_difference_between_its_editions():
    assert check_parity(course_root()) == []
