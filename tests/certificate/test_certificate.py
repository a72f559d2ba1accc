"""Issuing and verifying, as a trainer does it: the command, the sheet, the list, and everything that can be wrong."""

import csv
import json
import os
import shutil
import sqlite3
import stat
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from trustkit.certificate.facts import FACTS, code_of, extracted
from trustkit.certificate.ledger import KEY_FILE, LIST_FILE, read_list
from trustkit.certificate.paper import draw
from trustkit.certificate.verify import verify
from trustkit.cli import main

EXAM, LEAD = "one-difficult-week", "first-week-first-insult"
BEGAN = date.today()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "class"


@pytest.fixture
def run(capsys, folder):
    """Runs a command of the class; returns its exit code, what it said and what it complained about."""

    def command(*arguments: object) -> tuple[int, str, str]:
        code = main([*map(str, arguments), "--class", str(folder)])
        said = capsys.readouterr()
        assert "Traceback" not in said.err
        return code, said.out, said.err

    return command


@pytest.fixture
def certify(run, tmp_path, export, attempts) -> Callable[..., tuple[int, str, str]]:
    """Issues a certificate to Li Na, with other options where they are given (None leaves one out)."""

    def issue(records: list[dict] | None = None, out: str = "li-na.pdf", **given: object) -> tuple[int, str, str]:
        options = {"name": "Li Na", "track": "agent", "observed-by": "Tomas Berg", "reply": 26, "lang": "en", **given}
        typed = [part for key, value in options.items() if value is not None for part in (f"--{key}", value)]
        return run("certificate", export(attempts if records is None else records), *typed, "--out", tmp_path / out)

    return issue


@pytest.fixture
def pdf(certify, tmp_path) -> Path:
    code, _, complaint = certify()
    assert code == 0, complaint
    return tmp_path / "li-na.pdf"


def without(attempts: list[dict], *names: str) -> list[dict]:
    return [one for one in attempts if one["activity"] not in names]


# Issuing ------------------------------------------------------------------------------------------------------------


def test_who_has_shown_everything_gets_a_sheet_that_is_genuine(pdf, run, folder):
    assert pdf.read_bytes().startswith(b"%PDF-")
    facts, code = extracted(pdf.read_bytes())
    assert facts["name"] == "Li Na" and facts["title"] == "Customer Trust Practitioner"
    assert (facts["drills"], facts["cases"], facts["exam"], facts["reply"]) == ("1", "11", EXAM, "26")
    assert facts["course"] == "Customer trust and complaint handling"
    # on the day it was made: a run of all tests may go past midnight
    issued = date.fromisoformat(facts["issued"])
    assert BEGAN <= issued <= date.today() and int(facts["valid_until"][:4]) == issued.year + 2
    for given in (pdf, code, code.lower().replace("-", " ")):
        status, said, _ = run("verify", given)
        assert status == 0 and said.startswith("GENUINE: Customer Trust Practitioner, Li Na.")
        assert facts["valid_until"] in said and "Tomas Berg" in said and "26 points" in said


def test_the_key_is_for_its_owner_alone_and_is_made_once(pdf, certify, run, folder, tmp_path):
    key = folder / KEY_FILE
    assert stat.S_IMODE(key.stat().st_mode) == 0o600 and stat.S_IMODE((folder / LIST_FILE).stat().st_mode) == 0o600
    before = key.read_bytes()
    assert certify(out="again.pdf")[0] == 0
    assert key.read_bytes() == before and len(read_list(folder)) == 2
    assert run("verify", tmp_path / "again.pdf")[0] == run("verify", pdf)[0] == 0
    assert bytes.fromhex(before.decode()) not in pdf.read_bytes() and before.strip() not in pdf.read_bytes()


def test_the_list_opens_in_a_spreadsheet_with_its_names_intact(certify, folder):
    assert certify(name="李娜", lang="zh")[0] == 0
    raw = (folder / LIST_FILE).read_bytes()
    assert raw.startswith("\ufeff".encode())
    (row,) = csv.DictReader(raw.decode("utf-8-sig").splitlines())
    assert row["name"] == "李娜" and row["title"] == "顾客信任从业者" and row["course"] == "小课本"


@pytest.mark.parametrize("name, lang", [("李娜", "zh"), ("李娜 Anna", "en"), ("Nguyễn Thị Hoa", "en"), ("Ольга", "zh")])
def test_names_of_many_kinds_are_printed_and_verified(certify, run, tmp_path, name, lang):
    assert certify(name=name, lang=lang)[0] == 0
    status, said, _ = run("verify", tmp_path / "li-na.pdf")
    assert status == 0 and name in said
    content = (tmp_path / "li-na.pdf").read_bytes()
    assert (b"STSong-Light" in content) is (lang == "zh" or "李" in name)


@pytest.mark.parametrize("name", ["Αβ 😀", "محمد", "=1+1"])
def test_a_name_that_cannot_be_printed_is_refused(certify, tmp_path, name):
    status, _, said = certify(name=name)
    assert status == 1 and name[-1] in said and not (tmp_path / "li-na.pdf").exists()


@pytest.mark.parametrize("gone, sentence", [
    (["trust-or-not"], "Drills not passed yet (1 of 1): trust-or-not."),
    ([EXAM], f"The exam case {EXAM} is not passed."),
    (["parcel-a", "parcel-b"], "Cases passed without a red line: 9. It takes 10."),
])  # fmt: skip
def test_what_is_missing_is_listed(certify, tmp_path, folder, attempts, gone, sentence):
    status, said, complaint = certify(without(attempts, *gone))
    assert status == 1 and not said and f"- {sentence}" in complaint.splitlines()
    assert not (tmp_path / "li-na.pdf").exists() and not folder.exists()


def test_all_that_is_missing_is_listed_at_once(certify):
    _, _, complaint = certify([], reply=None, **{"observed-by": "li na"})
    assert [line[:12] for line in complaint.splitlines()] == [
        "No certifica", "- Drills not", "- Cases pass", "- The exam c", "- There is n", "- Nobody obs",
    ]  # fmt: skip


def test_a_certificate_needs_somebody_who_watched(certify):
    for nobody in (None, " "):
        status, _, complaint = certify(**{"observed-by": nobody})
        assert status == 1 and "- Nobody is named who watched. Name that person with --observed-by." in complaint


@pytest.mark.parametrize("out, sentence", [
    ("li-na", "let the name after --out end in .pdf."),
    ("nowhere/li-na.pdf", "Make it first, or name another one with --out."),
])  # fmt: skip
def test_a_sheet_is_a_pdf_in_a_folder_that_is_there(certify, folder, out, sentence):
    status, _, complaint = certify(out=out)
    assert status == 1 and sentence in complaint and not folder.exists()


def test_the_trainer_is_told_which_attempt_counts_as_watched(certify, attempts):
    (exam,) = [one for one in attempts if one["activity"] == EXAM]
    assert f"counts as watched was finished at {exam['finished_at']}." in certify()[1]


@pytest.mark.parametrize(
    "points, sentence", [(23.5, "The written reply has 23.5 of 32 points. It takes 24."), (24, "")]
)
def test_the_reply_needs_24_points(certify, points, sentence):
    status, _, complaint = certify(reply=points)
    assert status == bool(sentence) and sentence in complaint


def test_a_failed_attempt_does_not_count_and_a_better_one_does(certify, attempts, make_attempt):
    failed = make_attempt(EXAM, best=False)
    assert not failed["result"]["passed"]
    assert certify([*without(attempts, EXAM), failed])[0] == 1
    assert certify([*attempts, failed])[0] == 0


def test_an_edited_attempt_stops_everything(certify, attempts, make_attempt):
    failed = make_attempt("parcel-a", best=False)
    failed["result"] = {**failed["result"], "passed": True}
    status, _, complaint = certify([*attempts, failed])
    assert status == 1 and "the result in the file is not what its steps give (passed)" in complaint


def test_an_attempt_that_was_broken_off_or_is_old_is_named_and_does_not_count(certify, attempts, make_attempt):
    broken = {**make_attempt("parcel-a"), "finished_at": None, "result": None}
    old = {**make_attempt("parcel-b"), "content": "0" * 16}
    status, _, complaint = certify([*attempts, broken, old])
    assert status == 0 and complaint.count("Does not count: ") == 2


def test_attempts_of_two_learners_need_a_roster(certify, attempts, make_attempt):
    status, _, complaint = certify([*attempts, make_attempt("parcel-a", learner="p-somebody")])
    assert status == 1 and "come from 2 learners: p-4f1c2a9b7d3e, p-somebody." in complaint


def test_one_observed_attempt_is_not_for_two_people(pdf, certify):
    status, _, complaint = certify(name="Tomas Klein", out="other.pdf")
    assert status == 1 and "earned a certificate for Li Na" in complaint


def test_no_file_is_written_over(pdf, certify):
    before = pdf.read_bytes()
    status, _, complaint = certify()
    assert status == 1 and "exists already" in complaint and pdf.read_bytes() == before


def test_a_lead_needs_the_leads_case_too(certify, attempts):
    assert f"- Cases not passed yet (1 of 1): {LEAD}." in certify(without(attempts, LEAD), track="lead")[2]
    status, said, _ = certify(track="lead")
    assert status == 0 and "with lead endorsement" in said


def test_a_course_without_the_analysts_work_says_so(certify):
    status, _, complaint = certify(track="analyst")
    assert status == 1 and "The course has no assignment that counts for this" in complaint


def test_a_lost_key_is_not_replaced_behind_the_lists_back(pdf, certify, folder):
    (folder / KEY_FILE).unlink()
    status, _, complaint = certify(out="again.pdf")
    assert status == 1 and "Put it back from your backup" in complaint and not (folder / KEY_FILE).exists()


@pytest.mark.parametrize("reply", ["33", "-1", "many", "nan"])
def test_points_that_cannot_be_are_mistyped(certify, reply, capsys):
    with pytest.raises(SystemExit) as left:
        certify(reply=reply)
    assert left.value.code == 2 and "from 0 to 32" in capsys.readouterr().err


# With the gradebook -------------------------------------------------------------------------------------------------


@pytest.fixture
def gradebook(folder, monkeypatch):
    """A class whose gradebook has Li Na's reply with so many points; `red` is the marker's comment."""
    import autograder.gradebook as book
    from autograder.parts import CRITERION, RED_LINE, REPLY

    def make(points: float, red: str = "", waiting: bool = False, learner: str = "p-4f1c2a9b7d3e") -> None:
        folder.mkdir(exist_ok=True)
        (folder / "roster.csv").write_text(f"student,name,learner\nli-na,Li Na,{learner}\n", encoding="utf-8")
        sqlite3.connect(folder / "gradebook.db").close()
        marks = [book.Mark(f"c{n}", CRITERION, points / 8, 4, waiting) for n in range(8)]
        marks += [book.Mark("reply", REPLY, 0, 0, False), book.Mark("red", RED_LINE, 0, 0, False, red)]
        monkeypatch.setattr(
            book, "hand_ins", lambda root: [book.HandIn("li-na", "Li Na", "first-complaint", None, marks)]
        )

    return make


@pytest.mark.parametrize("points, red, waiting, sentence", [
    (28, "", False, ""),
    (20, "", False, "The written reply has 20 of 32 points. It takes 24."),
    (28, "RED LINE: tomorrow for sure", False, "A red line was crossed in the written reply."),
    (28, "hm", False, "There is no mark of a written reply."),
    (28, "", True, "There is no mark of a written reply."),
])  # fmt: skip
def test_the_gradebook_says_what_the_reply_is_worth(certify, gradebook, points, red, waiting, sentence):
    gradebook(points, red, waiting)
    status, _, complaint = certify(reply=None, student="li-na")
    assert status == bool(sentence) and sentence in complaint


def test_a_typed_mark_does_not_overrule_the_gradebook(certify, gradebook):
    gradebook(20)
    assert "leave out --reply" in certify(student="li-na")[2]


def test_attempts_must_be_the_students_own(certify, gradebook):
    gradebook(28, learner="p-another")
    status, _, complaint = certify(reply=None, student="li-na")
    assert status == 1 and "`p-4f1c2a9b7d3e` are not known to be li-na's: it stands nowhere in roster.csv" in complaint


def test_a_class_without_a_gradebook_is_named(certify, folder):
    assert f"{folder}: there is no gradebook here" in certify(reply=None, student="li-na")[2]


# Verifying ----------------------------------------------------------------------------------------------------------


def forged(pdf: Path, **changed: str) -> Path:
    """The same sheet with other facts, drawn by somebody without the key."""
    facts, code = extracted(pdf.read_bytes())
    copy = pdf.with_name("forged.pdf")
    copy.write_bytes(draw({**facts, **changed}, code))
    return copy


def test_a_changed_fact_is_named(pdf, run):
    status, said, _ = run("verify", forged(pdf, name="Li Ma", reply="32"))
    assert status == 1 and said.startswith("NOT GENUINE.")
    assert "Changed: name. It says “Li Ma”; issued was “Li Na”." in said
    assert "Changed: points of the written reply. It says “32”; issued was “26”." in said


def test_one_changed_byte_of_the_data_is_noticed_wherever_it_is(pdf, run):
    content = pdf.read_bytes()
    start = content.index(b"trustkit-certificate-1:") + len(b"trustkit-certificate-1:")
    end = content.index(b")", start)
    copy = pdf.with_name("changed.pdf")
    for at in range(start, end, 37):
        changed = bytearray(content)
        changed[at] = ord("B") if changed[at] == ord("A") else ord("A")
        copy.write_bytes(changed)
        status, said, _ = run("verify", copy)
        assert status == 1 and said.startswith("NOT GENUINE."), at


def test_a_sheet_with_the_data_left_alone_and_something_else_changed_is_noticed(pdf, run):
    content = pdf.read_bytes()
    at = content.index(b"stream\n") + 20
    copy = pdf.with_name("painted.pdf")
    copy.write_bytes(content[:at] + bytes([content[at] ^ 1]) + content[at + 1 :])
    status, said, _ = run("verify", copy)
    assert status == 1 and "something else in it was changed" in said and "  name: Li Na" in said


def test_with_another_key_nothing_is_genuine(pdf, run, folder):
    (folder / KEY_FILE).write_text("ab" * 32, encoding="ascii")
    _, code = extracted(pdf.read_bytes())
    for given in (pdf, code):
        status, said, _ = run("verify", given)
        assert status == 1 and said.startswith("NOT GENUINE.") and "key" in said


def test_another_class_says_that_it_did_not_issue_it(pdf, capsys, tmp_path, certify, folder, attempts):
    other = tmp_path / "other"
    shutil.copytree(folder, other)
    (other / LIST_FILE).unlink()
    (other / KEY_FILE).write_text("cd" * 32, encoding="ascii")
    assert main(["verify", str(pdf), "--class", str(other)]) == 1
    assert "If another class issued it" in capsys.readouterr().out


def test_without_the_list_the_data_can_still_be_checked(pdf, run, folder):
    (folder / LIST_FILE).unlink()
    status, said, _ = run("verify", pdf)
    assert status == 0 and "It is not on the list" in said


def test_a_changed_list_does_not_make_a_forgery_genuine(pdf, run, folder):
    copy = forged(pdf, name="Li Ma")
    listed = folder / LIST_FILE
    listed.write_text(listed.read_text(encoding="utf-8").replace("Li Na", "Li Ma"), encoding="utf-8")
    _, code = extracted(pdf.read_bytes())
    for given in (copy, code):
        status, said, _ = run("verify", given)
        assert status == 1 and "NOT GENUINE" in said


def test_a_certificate_ends_after_its_last_day(pdf, folder):
    facts, code = extracted(pdf.read_bytes())
    last = date.fromisoformat(facts["valid_until"])
    for given in (str(pdf), code):
        assert verify(given, folder, last).status == "genuine"
        verdict = verify(given, folder, date.fromordinal(last.toordinal() + 1))
        assert verdict.status == "expired" and verdict.lines[0].startswith(f"EXPIRED on {last}, genuine until then")


def test_a_later_last_day_is_a_changed_fact(pdf, run):
    facts, _ = extracted(pdf.read_bytes())
    said = run("verify", forged(pdf, valid_until="2099-01-01"))[1]
    assert f"Changed: valid until. It says “2099-01-01”; issued was “{facts['valid_until']}”." in said


def test_an_unknown_code_was_not_issued(pdf, run):
    status, said, _ = run("verify", "7XK2M-4QH9T-B0ZDA-55RWC")
    assert status == 1 and "No certificate with the code 7XK2M-4QH9T-B0ZDA-55RWC" in said


@pytest.mark.parametrize("content, sentence", [
    (b"", "this is not a PDF"),
    (b"PK\x03\x04 a letter", "this is not a PDF"),
    (b"%PDF-1.4\nhalf of it", "this PDF is cut off"),
    (b"%PDF-1.4\nanother\n%%EOF\n", "carries no certificate of this course"),
])  # fmt: skip
def test_another_file_is_answered_with_a_sentence(pdf, run, content, sentence):
    other = pdf.with_name("other.pdf")
    other.write_bytes(content)
    status, said, complaint = run("verify", other)
    assert status == 1 and not said and sentence in complaint and len(complaint.splitlines()) == 1


def test_a_sheet_that_was_cut_off_is_no_sheet(pdf, run):
    pdf.write_bytes(pdf.read_bytes()[:-400])
    assert "this PDF is cut off" in run("verify", pdf)[2]


@pytest.mark.parametrize("given", ["nowhere.pdf", "7XK2M-4QH9T", "\x00", "x" * 5000])
def test_what_is_neither_file_nor_code_is_said_to_be_neither(pdf, run, given):
    status, said, complaint = run("verify", given)
    assert status == 1 and not said and complaint.strip()


def test_a_folder_is_no_certificate(pdf, run, tmp_path):
    assert "cannot be read" in run("verify", tmp_path)[2]


@pytest.mark.parametrize("damage, sentence", [
    (lambda key: key.unlink(), "there is no key here"),
    (lambda key: key.write_bytes(b"\xff\xfe"), "this is not a key that the course made"),
    (lambda key: key.write_text("ab", encoding="ascii"), "this is not a key that the course made"),
    (lambda key: (key.unlink(), key.mkdir()), "the key cannot be read"),
])  # fmt: skip
def test_without_a_sound_key_nothing_is_said(pdf, run, folder, damage, sentence):
    _, code = extracted(pdf.read_bytes())
    damage(folder / KEY_FILE)
    for given in (pdf, code):
        status, said, complaint = run("verify", given)
        assert status == 1 and not said and sentence in complaint


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"", b"a,b\n1,2\n", b"code,name\n,\n", b'code\n"unclosed'])
def test_a_damaged_list_breaks_nothing(pdf, run, folder, content):
    (folder / LIST_FILE).write_bytes(content)
    for given in (pdf, "7XK2M-4QH9T-B0ZDA-55RWC"):
        status, said, complaint = run("verify", given)
        assert said or complaint
        assert status == 0 if "not on the list" in said else status == 1


def test_for_a_program_the_verdict_is_data(pdf, run):
    status, said, _ = run("verify", pdf, "--format", "json")
    assert json.loads(said)["status"] == "genuine" and set(json.loads(said)["facts"]) == set(FACTS)
    assert status == 0


def test_the_same_facts_give_the_same_bytes(pdf):
    facts, code = extracted(pdf.read_bytes())
    assert draw(facts, code) == draw(facts, code)
    assert code != code_of(facts, b"k" * 32)


def test_the_key_stands_outside_git(certified_course):
    ignored = (Path(__file__).parents[2] / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert "_build/" in ignored and os.path.relpath("/x/_build/class", "/x").startswith("_build/")
