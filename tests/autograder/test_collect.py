"""Attempt files of page-only trainees reach the same gradebook as hand-ins from JupyterLab, and none is lost."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace

import pytest

from autograder.classroom import Classroom
from autograder.demo import played_record
from autograder.gradebook import hand_ins
from trustkit.attempts.record import export_document
from trustkit.cases.compile import compiled
from trustkit.cases.solve import solve

from .conftest import release_with_roster, submit

TESTS = Path(__file__).parents[1]
ROSTER = "student,name,learner\r\nlin-xiao,林晓,9f2c\r\nnoor,نور الدين 🌙,77aa\r\nlin-xiao,,phone\r\nsam,Sam,sam\r\n"


@pytest.fixture(scope="module")
def released(tmp_path_factory) -> Path:
    """A folder with a small course and a class that has released it and has a roster."""
    return release_with_roster(tmp_path_factory.mktemp("collect"), ["small-talk"], ROSTER)


@pytest.fixture
def desk(released, tmp_path, monkeypatch) -> SimpleNamespace:
    """A copy of the class for one test: `classroom`, `collect(*files)` and `send(name, records, learner)`."""
    shutil.copytree(released, tmp_path, dirs_exist_ok=True)
    monkeypatch.setenv("TRUSTKIT_HOME", str(tmp_path / "course"))
    classroom, said = Classroom(tmp_path / "class", tmp_path / "course"), []

    def send(name: str, records: list[dict], learner: str = "9f2c", change: Callable[[bytes], bytes] = bytes) -> Path:
        text = json.dumps(export_document(learner, records), ensure_ascii=False, indent=1)
        path = tmp_path / "inbox" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(change(text.encode("utf-8")))
        return path

    def collect(*files: Path):
        return classroom.collect(files, say=said.append)

    return SimpleNamespace(classroom=classroom, send=send, collect=collect, said=said, tmp=tmp_path)


def good(learner: str = "9f2c", **changes) -> dict:
    """Return the best attempt of the small case."""
    structure = compiled("late-parcel")
    return {**played_record(structure, solve(structure).best_path().choices, learner=learner, host="page"), **changes}


def poor(learner: str = "9f2c") -> dict:
    """Return an attempt that does not pass."""
    return played_record(compiled("late-parcel"), ["blame", "deny", "sorry"], learner=learner, host="page")


def test_both_roads_end_in_the_same_gradebook(desk):
    submit(desk.classroom, "small-talk", desk.tmp / "desks", {"sam": {"records": [good("sam")]}})
    changed, received = desk.collect(desk.send("a.json", [good()]), desk.send("b.json", [good("77aa")], "77aa"))
    assert changed == [("lin-xiao", "small-talk"), ("noor", "small-talk"), ("sam", "small-talk")]
    assert received.refused == []
    desk.classroom.autograde("small-talk", say=desk.said.append)
    scores = {one.student: one.score() for one in hand_ins(desk.classroom.root)}
    assert scores == {"lin-xiao": 10, "noor": 10, "sam": 10}
    rows = {row["student"]: row for row in _assignment(desk)["hand_ins"]}
    assert [rows[student]["road"] for student in ("lin-xiao", "noor", "sam")] == ["page", "page", "jupyter"]
    assert rows["noor"]["name"] == "نور الدين 🌙"
    assert desk.classroom.feedback("small-talk", say=desk.said.append)["lin-xiao"] == "released"


def test_two_files_of_one_student_are_put_together_and_the_same_file_twice_adds_nothing(desk):
    first, second = good(), poor("phone")
    desk.collect(desk.send("first.json", [first]))
    changed, received = desk.collect(desk.send("second.json", [second], "phone"), desk.send("again.json", [first]))
    assert changed == [("lin-xiao", "small-talk")]
    assert received.taken == {("lin-xiao", "small-talk"): 1}
    assert received.known == 1
    assert len(_attempts(desk, "lin-xiao")) == 2
    changed, _ = desk.collect(desk.send("again.json", [first]))
    assert changed == []
    assert len(_attempts(desk, "lin-xiao")) == 2


def test_attempts_of_the_page_join_a_later_hand_in_from_jupyterlab(desk):
    ahead_of_its_time = good("sam", finished_at="2099-01-01T00:00:00Z")  # a phone with a wrong clock
    desk.collect(desk.send("page.json", [ahead_of_its_time], "sam"))
    submit(desk.classroom, "small-talk", desk.tmp / "desks", {"sam": {"records": [poor("sam")]}})
    assert _assignment(desk)["in_exchange"] == 1
    changed, _ = desk.collect()
    assert changed == [("sam", "small-talk")]
    assert len(_attempts(desk, "sam")) == 2
    assert _assignment(desk)["hand_ins"][0]["road"] == "jupyter"
    desk.classroom.autograde("small-talk", say=desk.said.append)
    assert [one.score() for one in hand_ins(desk.classroom.root)] == [10]


def test_a_later_attempt_of_the_page_is_graded_again(desk):
    desk.collect(desk.send("a.json", [poor()]))
    desk.classroom.autograde("small-talk", say=desk.said.append)
    before = hand_ins(desk.classroom.root)[0].score()
    desk.collect(desk.send("b.json", [good()]))
    assert desk.classroom.autograde("small-talk", say=desk.said.append) == {"lin-xiao": "graded"}
    assert (before < 10, hand_ins(desk.classroom.root)[0].score()) == (True, 10)


@pytest.mark.parametrize(
    "change",
    [lambda raw: b"\xef\xbb\xbf" + raw, lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: raw.replace(b"\n", b"")],
    ids=["bom", "crlf", "one-line"],
)
def test_a_file_is_read_however_it_was_saved(desk, change):
    desk.collect(desk.send("a.json", [good()], change=change))
    assert len(_attempts(desk, "lin-xiao")) == 1


def _tampered() -> dict:
    record = poor()
    return {**record, "result": {**record["result"], "passed": True}}


@pytest.mark.parametrize(
    ("records", "change", "words"),
    [
        (lambda: [good()], lambda raw: raw[: len(raw) // 2], "cut off in the middle"),
        (lambda: [good()], lambda raw: raw.replace(b'"version": 1', b'"version": 9'), "version 9"),
        (lambda: [good()], lambda raw: b"", "the file is empty"),
        (lambda: [good()], lambda raw: b"\xff\xfe\x00", "not text in UTF-8"),
        (lambda: [good()], lambda raw: b'{"name": "Lin"}', "not an attempt of this course"),
        (lambda: [_tampered()], bytes, "not what its steps give (passed)"),
        (lambda: [good(activity="another-case")], bytes, "no released assignment asks for `another-case`"),
        (lambda: [good(content="0" * 16)], bytes, "another version of `late-parcel`"),
        (lambda: [], bytes, "holds no attempt"),
        (lambda: [good("stranger")], bytes, "the roster has no learner `stranger`"),
    ],
    ids=["cut", "version", "empty", "encoding", "foreign", "tampered", "other-case", "content", "none", "stranger"],
)
def test_a_bad_file_is_refused_with_the_reason_and_kept(desk, records, change, words):
    bad = desk.send("bad.json", records(), change=change)
    fine = desk.send("fine.json", [good("77aa")], "77aa")
    _, received = desk.collect(bad, fine)
    assert len(received.refused) == 1
    assert received.refused[0].path == bad and words in received.refused[0].message
    assert any("Refused: bad.json" in line and words in line for line in desk.said)
    kept = next((desk.classroom.root / "refused").glob("*-bad.json"))
    assert kept.read_bytes() == bad.read_bytes()
    assert words in kept.with_name(kept.name + ".note.txt").read_text(encoding="utf-8")
    assert len(_attempts(desk, "noor")) == 1


def test_an_unknown_learner_is_answered_with_the_row_to_add_and_then_taken(desk):
    path = desk.send("who.json", [good("stranger")], "stranger")
    _, received = desk.collect(path)
    assert "`<student id>,<name>,stranger`" in received.refused[0].message
    with (desk.classroom.root / "roster.csv").open("a", encoding="utf-8") as file:
        file.write("maya,Maya O'Neill,stranger\r\n")
    changed, _ = desk.collect(path)
    assert changed == [("maya", "small-talk")]


def test_good_attempts_of_a_file_are_taken_although_one_is_refused(desk):
    _, received = desk.collect(desk.send("mixed.json", [good(), _tampered()]))
    assert received.taken == {("lin-xiao", "small-talk"): 1}
    assert len(received.refused) == 1


def test_a_folder_of_files_and_a_roster_of_its_own_are_taken(desk):
    desk.send("a.json", [good("tablet")], "tablet")
    other = desk.tmp / "other.csv"
    other.write_text("student,learner\nyu,tablet\n")
    changed, _ = desk.classroom.collect([desk.tmp / "inbox"], other, say=desk.said.append)
    assert changed == [("yu", "small-talk")]


def test_a_missing_file_is_refused_and_stops_no_other(desk):
    _, received = desk.collect(desk.tmp / "gone.json", desk.send("a.json", [good()]))
    assert "cannot be read" in received.refused[0].message
    assert len(_attempts(desk, "lin-xiao")) == 1


def test_an_attempt_that_was_broken_off_is_kept_and_earns_nothing(desk):
    record = good(result=None, finished_at=None)
    record["steps"].pop()
    _, received = desk.collect(desk.send("a.json", [record]))
    assert received.refused == []
    assert len(_attempts(desk, "lin-xiao")) == 1


def _attempts(desk, student: str) -> list[Path]:
    return list((desk.classroom.root / "submitted" / student / "small-talk" / "attempts").glob("*.json"))


def _assignment(desk) -> dict:
    return next(one for one in desk.classroom.status()["assignments"] if one["id"] == "small-talk")
