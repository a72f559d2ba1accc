"""The command `trustkit`: what it prints, what it refuses, and its exit codes."""

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest

from trustkit.attempts.record import export_document, write_attempt
from trustkit.cli import main
from trustkit.content import ContentError

CASE = "fridge-failed-twice"
SMALL = Path(__file__).parents[1] / "cases" / "small"


def test_help_answers_at_once():
    began = time.process_time_ns()
    loaded = subprocess.run(
        [sys.executable, "-X", "importtime", "-m", "trustkit", "--help"], capture_output=True, text=True
    ).stderr
    assert time.process_time_ns() - began < 5e9
    for heavy in ("yaml", "pandas", "nbgrader", "jupyter_server", "sphinx"):
        assert not any(line.rstrip().endswith(f" {heavy}") for line in loaded.splitlines()), heavy


def test_importing_trustkit_loads_nothing_else():
    code = "import sys; before = set(sys.modules); import trustkit; print(sorted(set(sys.modules) - before))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['trustkit']"


@pytest.mark.parametrize("arguments, sentence", [
    (["play", "nope"], "There is no case `nope`. Known are: denied-in-six-words"),
    (["play", CASE, "--variant", "nope"], "There is no variant `nope`. Known are: base"),
    (["drill", "nope"], "There is no drill `nope`. Known are: "),
    (["drill", "plcement"], "There is no drill `plcement`. Did you mean `placement`? Known are: "),
    (["solve", "nope"], "There is no case `nope`."),
    (["lint", "nope"], "There is no case `nope`."),
    (["replay", "/nowhere/at-all.json"], "/nowhere/at-all.json: there is no such file or folder."),
    (["translate-stamp", "nope"], "There is no case or drill `nope`."),
    (["collect", "/nowhere.json"], "/nowhere.json: there is no such file or folder."),
    (["grade", "release", "nope", "--class", "/tmp/none-here"], "There is no assignment `nope`."),
    (["grade", "status", "--class", "/tmp/none-here"], "There is no class in /tmp/none-here"),
    (["grade", "autograde", "--class", "/tmp/none-here"], "No assignment has been released yet"),
    (["grade", "export", "--class", "/tmp/none-here", "/tmp/none-here/x.csv"], "There is no class in /tmp/none-here."),
])  # fmt: skip
def test_a_slip_is_answered_with_a_sentence_and_exit_code_1(arguments, sentence, capsys):
    assert main(arguments) == 1
    said = capsys.readouterr()
    assert sentence in said.err and not said.out and len(said.err.splitlines()) == 1


@pytest.mark.parametrize("arguments", [
    [], ["nope"], ["play"], ["play", CASE, "--lang", "fr"], ["play", CASE, "--seed", "-1"], ["start", "--port", "0"],
    ["start", "--port", "http"], ["grade"], ["grade", "--nope"], ["lint", "--format", "xml"],
])  # fmt: skip
def test_a_mistyped_command_exits_with_2_and_shows_its_use(arguments, capsys):
    with pytest.raises(SystemExit) as left:
        main(arguments)
    assert left.value.code == 2
    assert capsys.readouterr().err.startswith("usage: trustkit")


def test_outside_a_course_the_command_says_what_it_looked_for(tmp_path):
    (tmp_path / "nothing").mkdir()
    done = subprocess.run(
        [sys.executable, "-m", "trustkit", "lint"], cwd=tmp_path, capture_output=True, text=True,
        env={"TRUSTKIT_HOME": str(tmp_path / "nothing"), "PATH": ""},
    )  # fmt: skip
    assert done.returncode == 1
    assert "there is no course there" in done.stderr and "Traceback" not in done.stderr


def test_lint_finds_nothing_in_the_courses_own_cases(capsys):
    assert main(["lint", "--format", "json"]) == 0
    assert [one for one in json.loads(capsys.readouterr().out) if one["severity"] != "note"] == []


def test_lint_names_file_and_line_of_a_broken_case(tmp_path, capsys):
    broken = tmp_path / "late-parcel"
    broken.mkdir()
    text = (SMALL / "late-parcel" / "case.yaml").read_text(encoding="utf-8")
    (broken / "case.yaml").write_text(text.replace("difficulty: ", "difficulty: very "), encoding="utf-8")
    assert main(["lint", str(broken)]) == 1
    said = capsys.readouterr().out
    assert f"{broken / 'case.yaml'}:" in said and "`difficulty` must be a whole number" in said
    assert main(["lint", str(broken), "--format", "json"]) == 1
    (finding,) = json.loads(capsys.readouterr().out)
    assert finding["rule"] == "broken-file" and finding["line"] >= 1


def test_solve_tells_the_best_path_and_another_one_that_passes(capsys):
    assert main(["solve", CASE]) == 0
    said = capsys.readouterr().out
    assert [line.split(" path")[0] for line in said.splitlines() if " path: " in line] == [
        "The best", "The acceptable", "The tempting", "The worst",
    ]  # fmt: skip
    assert said.count("it does not pass.") == 2
    assert main(["solve", CASE, "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["best"]["passed"] and found["acceptable"]["passed"]
    assert found["best"]["outcome"] == 100 and found["positions"] > 1000


def test_replay_shows_what_files_exports_and_folders_are_worth(tmp_path, best_attempt, capsys):
    one = write_attempt(tmp_path / "attempts", best_attempt)
    export = tmp_path / "export.json"
    export.write_text(json.dumps(export_document("p-1", [best_attempt])), encoding="utf-8")
    assert main(["replay", str(one), str(export), str(one.parent)]) == 0
    said = capsys.readouterr().out
    assert said.count(f"conduct {best_attempt['result']['conduct']}") == 3 and "passed yes" in said


def test_replay_tells_each_refused_file_with_its_reason(tmp_path, best_attempt, capsys):
    write_attempt(tmp_path, best_attempt)
    best_attempt["result"]["conduct"] += 1
    (tmp_path / "tampered.json").write_text(json.dumps(best_attempt), encoding="utf-8")
    (tmp_path / "half.json").write_text('{"schema": 1,', encoding="utf-8")
    assert main(["replay", str(tmp_path), "--format", "json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert len(found["attempts"]) == 1
    assert sorted(one["code"] for one in found["refused"]) == ["claimed-result", "truncated"]
    assert main(["replay", str(tmp_path)]) == 1
    said = capsys.readouterr()
    assert "half.json" in said.err and "cut off" in said.err and said.out.count("\n") == 1


def test_check_finds_nothing_in_the_courses_own_pages_and_cases(capsys):
    assert main(["check", "--quick", "--format", "json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert [one for one in found if one["severity"] != "note"] == []
    assert main(["check", "--quick"]) == 0
    said = capsys.readouterr().out
    assert said.count("[no-chinese]") == 1 and said.endswith("All is well.\n")


def test_check_names_a_page_that_is_not_in_utf8_and_its_line(small_book, tmp_path, monkeypatch, capsys):
    root = small_book(tmp_path / "course")
    page = root / "book" / "en" / "index.md"
    page.write_bytes(b"# Home\n\nCaf\xe9\n")
    monkeypatch.setenv("TRUSTKIT_HOME", str(root))
    assert main(["check", "--quick"]) == 1
    assert f"{page}:3: this file is not in UTF-8. Save it again" in capsys.readouterr().err


def test_check_names_a_path_with_a_lesson_that_does_not_exist(small_book, tmp_path, monkeypatch, capsys):
    root = small_book(tmp_path / "course")
    (root / "book" / "paths.yaml").write_text('agent: {tracks: [both], core: ["98.7"]}\n', encoding="utf-8")
    monkeypatch.setenv("TRUSTKIT_HOME", str(root))
    assert main(["check", "--quick", "--format", "json"]) == 1
    (finding,) = [one for one in json.loads(capsys.readouterr().out) if one["rule"] == "paths"]
    assert finding["path"].endswith("paths.yaml") and finding["line"] == 1 and "98.7" in finding["message"]


def test_a_fault_of_a_whole_file_has_no_line_and_is_said_once(small_book, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("TRUSTKIT_HOME", str(small_book(tmp_path / "course")))
    fault = ContentError(Path("book/coverage/01.yaml"), 0, "this file is empty.", "coverage")
    monkeypatch.setattr("trustkit.lessons.check.check_lessons", lambda _: [fault, fault])
    assert main(["check", "--quick"]) == 1
    said = capsys.readouterr().out.splitlines()
    assert said.count("book/coverage/01.yaml: error [coverage] this file is empty.") == 1


def test_a_folder_that_cannot_be_written_is_told_in_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")
    done = subprocess.run(
        [sys.executable, "-m", "trustkit", "play", CASE, "--save", str(tmp_path / "file" / "deeper")],
        input="1\n" * 30, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert str(tmp_path / "file" / "deeper") in done.stderr
