"""A roster is read as instructors' spreadsheets write it."""

from __future__ import annotations

import pytest

from autograder.roster import RosterError, read_roster

TEXT = "student,name,learner\nlin-xiao,林晓,9f2c\nnoor,نور الدين,77aa\nlin-xiao,,phone-1\nmaya,Maya O’Neill,\n"


@pytest.mark.parametrize(
    "raw",
    [
        TEXT.encode(),
        TEXT.replace("\n", "\r\n").encode("utf-8-sig"),
        TEXT.replace(",", ";").encode(),
        TEXT.replace("نور الدين", "").encode("gb18030"),
    ],
    ids=["utf-8", "crlf-bom", "semicolons", "gb18030"],
)
def test_a_roster_is_read_in_every_form_that_spreadsheets_save(tmp_path, raw):
    path = tmp_path / "roster.csv"
    path.write_bytes(raw)
    roster = read_roster(path)
    assert roster.names["lin-xiao"] == "林晓"
    assert roster.student_of("9f2c") == roster.student_of("phone-1") == "lin-xiao"
    assert roster.student_of("maya") == "maya"
    assert roster.student_of("nobody") is None


def test_a_name_from_right_to_left_is_kept_without_its_steering_marks(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("student,name,learner\nnoor,\u202bنور الدين\u202c,\u206677aa\u2069\n", encoding="utf-8")
    roster = read_roster(path)
    assert roster.names["noor"] == "نور الدين"
    assert roster.student_of("77aa") == "noor"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ("name,learner\nA,1\n", 1, "must name the columns"),
        ("", 1, "must name the columns"),
        ("student,name\n../up,A\n", 2, "cannot be a student id"),
        ("student,name\na+b,A\n", 2, "cannot be a student id"),
        ("student,name\n,A\n", 2, "no student id"),
        ("student,learner\na,1\nb,1\n", 3, "belongs to `a`"),
    ],
)
def test_a_mistake_in_a_roster_is_named_with_its_line(tmp_path, text, line, words):
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(RosterError, match=words) as caught:
        read_roster(path)
    assert f"roster.csv:{line}:" in str(caught.value)


def test_a_missing_roster_and_an_unreadable_one_are_named(tmp_path):
    with pytest.raises(RosterError, match="does not exist"):
        read_roster(tmp_path / "none.csv")
    (tmp_path / "roster.csv").write_bytes(b"student\n\xff\xff\xff")
    with pytest.raises(RosterError, match="neither in UTF-8 nor"):
        read_roster(tmp_path / "roster.csv")
