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


LMS = "student,name,learner,lms_id,lms_name\nli-na,Li Na,9f2c,123,\nli-na,,,456,Lina Li\nwei,陈伟,,,Chen Wei\n"


def test_the_lms_number_and_name_of_a_student_may_stand_in_the_roster_and_may_be_several(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text(LMS, encoding="utf-8")
    roster = read_roster(path)
    assert roster.lms_ids == {"123": "li-na", "456": "li-na"}
    assert [roster.students_named(name) for name in ("NA LI", "Li Lina", "wei chen", "陈 伟", "Lin A", "")] == [
        ["li-na"], ["li-na"], ["wei"], ["wei"], [], [],
    ]  # fmt: skip
    assert roster.students_named("lina") == []
    assert roster.students_named("nali", in_one_word=True) == ["li-na"]


def test_an_lms_number_belongs_to_one_student(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("student,lms_id\na,1\nb,1\n")
    with pytest.raises(RosterError, match="the LMS id `1` belongs to `a`") as caught:
        read_roster(path)
    assert "roster.csv:3:" in str(caught.value)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("รวี", "รวิ"),
        ("राम", "रोम"),
        ("Łukasz Wilk", "Lukas Wilk"),
        ("かき", "がき"),
        ("한 지민", "한 지만"),
        ("Li Na", "Lina"),
    ],
)
def test_names_that_differ_in_more_than_an_accent_are_not_the_same(tmp_path, one, other):
    path = tmp_path / "roster.csv"
    path.write_text(f"student,name\na,{one}\n", encoding="utf-8")
    roster = read_roster(path)
    assert (roster.students_named(one), roster.students_named(other)) == (["a"], [])


def test_a_row_to_be_pasted_fits_the_roster_and_its_own_reader(tmp_path):
    path = tmp_path / "roster.csv"
    path.write_text("name;student\nLi Na;li-na\n", encoding="utf-8")
    roster = read_roster(path)
    row = roster.row(student="o-brien", name='O"Brien; Pat', lms_id="77")
    assert roster.header_for("student", "lms_id") == "name;student;lms_id"
    path.write_text(f"name;student;lms_id\nLi Na;li-na;\n{row}\n", encoding="utf-8")
    again = read_roster(path)
    assert again.names["o-brien"] == 'O"Brien; Pat' and again.lms_ids == {"77": "o-brien"}


def test_a_second_roster_adds_to_the_first(tmp_path):
    first, second = tmp_path / "first.csv", tmp_path / "second.csv"
    first.write_text(LMS, encoding="utf-8")
    second.write_text("student,name,lms_name\nwei,,Wei Chen the Second\nyu,Yu,\n", encoding="utf-8")
    roster = read_roster(first)
    roster.add(read_roster(second))
    assert roster.names["wei"] == "陈伟" and roster.students_named("second the chen wei") == ["wei"]
    assert roster.students_named("Chen Wei") == ["wei"] and "yu" in roster.names
    assert roster.columns[-1] == "lms_name"
