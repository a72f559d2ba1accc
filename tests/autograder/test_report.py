"""The class report: what it finds in a real class, what it works out, and what a second rater's sheet may be."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from autograder.classroom import Classroom
from autograder.gradebook import HandIn, Mark, hand_ins
from autograder.parts import CRITERION, LAB, RED_LINE, ROLE_PLAY
from autograder.report.figures import report_of
from autograder.report.gather import KEPT, ClassFacts, Failed, Module, Played, Step, gather
from autograder.report.page import write_report
from autograder.report.raters import agreement, keep_sheet, read_ratings, read_sheet, sheet
from trustkit.cli import main
from trustkit.content import ContentError
from trustkit.course import course_root

QUIET = {"say": lambda line: None}


@pytest.fixture(scope="module")
def demo_class(tmp_path_factory) -> Classroom:
    """The demo class, released, played, graded and marked for real."""
    classroom = Classroom(tmp_path_factory.mktemp("demo") / "class", course_root())
    classroom.create("en", **QUIET)
    classroom.add_demo(**QUIET)
    return classroom


@pytest.fixture(scope="module")
def facts(demo_class) -> ClassFacts:
    return gather(demo_class, made="2026-04-21 09:10", **QUIET)


def marks(score: float, *, check: str = "check-a") -> list[Mark]:
    return [Mark(check, LAB, score, 4.0, False)]


def small_class(**changed) -> ClassFacts:
    """Three trainees, one lab and one case."""
    given = {
        "lang": "en",
        "made": "2026-01-31 12:00",
        "names": {"s-1": "Ana", "s-2": "Bo", "s-3": "Chen"},
        "titles": {"lab": "The lab"},
        "hand_ins": [HandIn("s-1", "Ana", "lab", None, marks(4)), HandIn("s-2", "Bo", "lab", None, marks(0))],
        "modules": [Module(1, "Trust", frozenset({("case", "call"), ("assignment", "lab")}))],
    }
    return ClassFacts(**(given | changed))


def call(id_: str, passed: bool, *, at: str, red_line: bool = False, cost: float = 0.0) -> Played:
    steps = (Step("open", "promise" if cost else "ask", cost, red_line),)
    return Played(id_, "case", "call", at, passed, red_line, (80, 60, None, 90, 100, 70), steps)


# ---------------------------------------------------------------------- a real class


def test_the_report_of_the_demo_class_knows_everybody_and_what_they_did(facts):
    report = report_of(facts)
    assert {one.name for one in report.trainees} == set(facts.names.values())
    assert len(report.trainees) == 6
    assert sum(report.counts["first-complaint"].values()) == 6
    assert report.counts["first-complaint"]["passed"] >= 2
    by_name = {one.name: one for one in report.trainees}
    assert {reason.code for reason in by_name["Amara Okoye"].reasons} == {"red-line-reply", "red-line-case"}
    assert report.to_talk_to[0].name == "Amara Okoye"
    assert all(0 <= bar <= 100 for bar in report.bars)
    assert report.mastery[1] > 0 and report.mastery[2] == 0


def test_the_choices_that_cost_most_are_the_tempting_ones_of_the_case(facts):
    choices = {one.what: one for one in report_of(facts).choices}
    assert choices["call · tomorrow-for-sure"].red_line
    assert all(one.cost >= 5 or one.red_line for one in choices.values())
    assert choices["call · tomorrow-for-sure"].of >= choices["call · tomorrow-for-sure"].share


def test_a_misconception_is_named_with_the_answer_behind_it(demo_class, facts):
    found = {one.slip: one for one in report_of(facts).misconceptions}
    assert found
    for slip, one in found.items():
        assert one.text == facts.slips[slip]
        assert one.trainees >= 1 and "def " in one.answers[0][1]
        assert one.assignments == ("first-complaint",)


def test_what_was_read_once_is_kept_and_a_changed_hand_in_is_read_again(demo_class, facts):
    kept = json.loads((demo_class.root / KEPT).read_text(encoding="utf-8"))["read"]
    assert any(path.endswith("first-complaint.ipynb") for path in kept)
    again = gather(demo_class, made=facts.made, **QUIET)
    assert (again.played, again.failed) == (facts.played, facts.failed)
    path = next(iter(sorted((demo_class.root / "autograded").glob("*/first-complaint/first-complaint.ipynb"))))
    text = path.read_text(encoding="utf-8")
    try:
        path.write_text(json.dumps({"cells": []}), encoding="utf-8")
        changed = gather(demo_class, made=facts.made, **QUIET)
        assert changed.failed[path.parents[1].name, "first-complaint"] == []
    finally:
        path.write_text(text, encoding="utf-8")


def test_a_kept_file_that_is_broken_is_made_again(demo_class, facts):
    (demo_class.root / KEPT).write_text("{", encoding="utf-8")
    assert gather(demo_class, made=facts.made, **QUIET).played == facts.played


def test_the_page_needs_nothing_from_outside_and_the_tables_stand_beside_it(facts, tmp_path):
    written = write_report(report_of(facts), tmp_path / "report.html", hidden=False)
    page = written[0].read_text(encoding="utf-8")
    assert "http" not in page.replace("http-equiv", "") and "<script" not in page and "<link" not in page
    assert "Amara Okoye" in page and "red line in the reply" in page
    assert [path.name for path in written] == ["report.html", "report.trainees.csv", "report.checks.csv"]
    rows = list(csv.DictReader(io.StringIO(written[1].read_bytes().decode("utf-8-sig"))))
    assert {row["name"] for row in rows} == set(facts.names.values())
    assert {row["first-complaint"] for row in rows} >= {"passed", "failed", "waiting"}


def test_hidden_names_stand_nowhere_in_page_or_tables(facts, tmp_path):
    for path in write_report(report_of(facts, hide_names=True), tmp_path / "report.html", hidden=True):
        text = path.read_text(encoding="utf-8")
        for student, name in facts.names.items():
            assert student not in text and name not in text, path.name


def test_the_command_writes_the_report_and_says_where(demo_class, tmp_path, capsys):
    target = tmp_path / "mine.html"
    assert main(["report", "--class", str(demo_class.root), "--out", str(target)]) == 0
    assert capsys.readouterr().out.split() == [
        str(target.with_suffix(end)) for end in (".html", ".trainees.csv", ".checks.csv")
    ]
    assert main(["report", "--class", str(tmp_path / "nothing")]) == 1
    assert "There is no class" in capsys.readouterr().err


# ---------------------------------------------------------------------- figures


def test_an_answer_that_was_never_begun_says_nothing_about_a_check():
    failed = {("s-2", "lab"): [Failed("check-a", "", "not written yet", "raise NotImplementedError()", True)]}
    assert report_of(small_class(failed=failed)).checks == []
    failed = {("s-2", "lab"): [Failed("check-a", "", "These are the means.", "def f(): ...", False)]}
    (check,) = report_of(small_class(failed=failed)).checks
    assert (check.where, check.what, check.share, check.of) == ("lab", "check-a", 0.5, 2)


def test_mastery_counts_what_was_passed_without_a_red_line():
    played = {"s-1": [call("1", True, at="2026-01-01")], "s-2": [call("2", True, at="2026-01-01", red_line=True)]}
    report = report_of(small_class(played=played))
    assert [one.modules[1] for one in report.trainees] == [1.0, 0.0, 0.0]
    assert report.mastery[1] == pytest.approx(1 / 3)


def test_the_latest_attempt_at_a_case_makes_the_bars_and_the_red_line():
    played = {"s-1": [call("1", False, at="2026-01-01", red_line=True, cost=40), call("2", True, at="2026-01-02")]}
    report = report_of(small_class(played=played))
    assert report.trainees[0].reasons == ()
    assert report.trainees[0].bars == (80, 60, None, 90, 100, 70)
    assert [(one.what, one.share, one.of, one.cost) for one in report.choices] == [("open · promise", 0.5, 2, 40.0)]


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"played": {"s-1": [call("1", False, at="2026-01-01", red_line=True)]}}, "red-line-case"),
        ({"played": {"s-1": [call("1", False, at="2026-01-01"), call("2", False, at="2026-01-02")]}}, "not-passed"),
        ({"hand_ins": [HandIn("s-1", "Ana", "lab", None, marks(1.5))]}, "far-from-passing"),
        (
            {"hand_ins": [HandIn("s-1", "Ana", "lab", None, [
                Mark("play", ROLE_PLAY, 10, 10, False), Mark("red", RED_LINE, 0, 0, False, "RED LINE: lied")])]},
            "red-line-reply",
        ),
    ],
)  # fmt: skip
def test_everybody_who_needs_a_talk_is_named_with_the_reason(changed, code):
    report = report_of(small_class(**changed))
    ana = next(one for one in report.trainees if one.name == "Ana")
    assert [reason.code for reason in ana.reasons] == [code]


def test_who_has_not_handed_in_is_named_once_half_of_the_class_has():
    report = report_of(small_class())
    assert [(one.name, one.reasons[0].code) for one in report.to_talk_to if one.name == "Chen"] == [
        ("Chen", "not-handed-in")
    ]
    fewer = small_class(hand_ins=[HandIn("s-1", "Ana", "lab", None, marks(4))])
    assert not any(one.name == "Chen" for one in report_of(fewer).to_talk_to)


def test_hidden_names_come_in_another_order_each_time():
    orders = {
        tuple(one.states["lab"] for one in report_of(small_class(made=str(at)), hide_names=True).trainees)
        for at in range(20)
    }
    assert len(orders) > 1


# ---------------------------------------------------------------------- a second rater


def reply(student: str, *scores: float | None) -> HandIn:
    found = [Mark(f"c-{at}", CRITERION, score, 4.0, score is None) for at, score in enumerate(scores)]
    return HandIn(student, student, "first-complaint", datetime.now(UTC), found)


FIRST = [reply("s-1", *[4] * 4, *[2] * 4), reply("s-2", *[0, 1, 2, 3] * 2), reply("s-3", *[None] * 8)]


def filled(*rows: str) -> str:
    return sheet(FIRST).splitlines()[0] + "\r\n" + "\r\n".join(rows) + "\r\n"


def test_the_empty_sheet_names_everybody_with_a_reply_and_no_mark():
    assert sheet(FIRST).splitlines() == ["student," + ",".join(f"reply_{n}" for n in range(1, 9))] + [
        f"s-{number},,,,,,,," for number in (1, 2, 3)
    ]


def test_raters_who_agree_have_kappa_one_and_who_differ_have_less(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(filled("s-1,4,4,4,4,2,2,2,2", "s-2,0,1,2,3,0,1,2,3", "s-3,,,,,,,,"), encoding="utf-8")
    same = agreement(read_sheet(path, "first-complaint", ["s-1", "s-2", "s-3"]), FIRST)
    assert (same[0].kappa, same[0].same, same[0].pairs) == (1.0, 1.0, 16)
    path.write_text(filled("s-1,3,3,3,3,3,3,3,3", "s-2,1,1,1,1,1,1,1,1"), encoding="utf-8")
    other = agreement(read_sheet(path, "first-complaint", ["s-1", "s-2"]), FIRST)
    assert 0 < other[0].kappa < 0.8 and [one.criterion for one in other] == list(range(9))


def test_a_reply_that_the_first_rater_has_not_marked_is_left_out(tmp_path):
    path = tmp_path / "sheet.csv"
    path.write_text(filled("s-3,4,4,4,4,4,4,4,4"), encoding="utf-8")
    assert agreement(read_sheet(path, "first-complaint", ["s-3"]), FIRST) == []


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("name,score\r\n", 1, "the first line must be: student,reply_1"),
        (filled("s-1,4,4,4,4,4,4,4,5"), 2, "reply_8 of s-1 is `5`; give 0, 1, 2, 3 or 4"),
        (filled("s-1,4,4,4,4,4,4,4,"), 2, "reply_8 of s-1 is nothing"),
        (filled("s-9,4,4,4,4,4,4,4,4"), 2, "s-9 has no written reply"),
        (filled("s-1,4,4,4,4,4,4,4,4", "s-1,4,4,4,4,4,4,4,4"), 3, "stands in this sheet twice"),
        (filled("s-1,4,4"), 2, "has 3 values; there are 9 columns"),
    ],
)
def test_a_sheet_with_a_fault_is_refused_with_its_line_and_the_earlier_one_stays(tmp_path, text, line, says):
    good, bad = tmp_path / "good.csv", tmp_path / "bad.csv"
    good.write_text(filled("s-1,4,4,4,4,2,2,2,2"), encoding="utf-8")
    bad.write_text(text, encoding="utf-8")
    assert keep_sheet(tmp_path, good, "first-complaint", ["s-1", "s-2"]) == 1
    with pytest.raises(ContentError) as error:
        keep_sheet(tmp_path, bad, "first-complaint", ["s-1", "s-2"])
    assert (error.value.line, says in error.value.message) == (line, True)
    assert [rating.scores for rating in read_ratings(tmp_path)] == [(4, 4, 4, 4, 2, 2, 2, 2)]


def test_a_second_rating_goes_from_the_command_line_into_the_report(demo_class, tmp_path, capsys):
    path = tmp_path / "sheet.csv"
    assert main(["grade", "rating-sheet", "first-complaint", str(path), "--class", str(demo_class.root)]) == 0
    assert main(["grade", "rating-sheet", "first-complaint", str(path), "--class", str(demo_class.root)]) == 1
    assert "is there already" in capsys.readouterr().err
    marked = next(
        one for one in hand_ins(demo_class.root) if one.marks_of(CRITERION) and not one.waiting and not one.red_line
    )
    scores = ",".join(f"{mark.score:g}" for mark in marked.marks_of(CRITERION))
    lines = path.read_text(encoding="utf-8-sig").splitlines()
    lines = [f"{marked.student},{scores}" if line.startswith(marked.student) else line for line in lines]
    path.write_text("\r\n".join(lines), encoding="utf-8")
    assert main(["grade", "second-rater", "first-complaint", str(path), "--class", str(demo_class.root)]) == 0
    report = report_of(gather(demo_class, made="now", **QUIET))
    assert (report.agreement[0].same, report.agreement[0].pairs) == (1.0, 8)
