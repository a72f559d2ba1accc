"""Attempts beside a notebook become points, and only what their steps prove counts."""

from __future__ import annotations

import json
import shutil
from itertools import product
from pathlib import Path

import pytest

from autograder.demo import played_record
from autograder.role_play import CAP_NOT_PASSED, CAP_RED_LINE, marks_for_drill, marks_for_role_play, points_for
from trustkit.attempts.record import new_record, write_attempt
from trustkit.attempts.replay import replay
from trustkit.cases.compile import compiled
from trustkit.cases.play import ImpossibleStep
from trustkit.cases.solve import solve
from trustkit.drills.reader import read_drill

TESTS = Path(__file__).parents[1]
DRILL = """
id: two-items
title: Two items
intro: Sort them.
lesson: "1.1"
minutes: 1
pass: 2
categories: {warm: Warm, cold: Cold}
items:
  snow: {text: Snow, key: cold, feedback: {warm: No., cold: Yes.}}
  tea: {text: Tea, key: warm, feedback: {warm: Yes., cold: Perhaps iced.}}
"""


@pytest.fixture(autouse=True)
def course(tmp_path, monkeypatch) -> Path:
    """A course with one small case and one small drill."""
    (tmp_path / "course" / "book").mkdir(parents=True)
    shutil.copytree(TESTS / "cases" / "small" / "late-parcel", tmp_path / "course" / "cases" / "late-parcel")
    drill = tmp_path / "course" / "exercises" / "drills" / "two-items" / "drill.yaml"
    drill.parent.mkdir(parents=True)
    drill.write_text(DRILL, encoding="utf-8")
    monkeypatch.setenv("TRUSTKIT_HOME", str(tmp_path / "course"))
    monkeypatch.delenv("TRUSTKIT_CONTENT_ARCHIVE", raising=False)
    return tmp_path / "course"


@pytest.fixture
def folder(tmp_path) -> Path:
    return tmp_path / "attempts"


def played(choices: tuple[str, ...], **changes) -> dict:
    """Return a finished attempt of the small case."""
    structure = compiled("late-parcel")
    return {**played_record(structure, choices, learner="s-01", host="page"), **changes}


def every_path() -> list[tuple[str, ...]]:
    """Return every way through the small case."""
    scenes = compiled("late-parcel")["scenes"]
    found = []
    for choices in product(*([choice["id"] for choice in scene["choices"]] for scene in scenes if scene["choices"])):
        try:
            played(choices)
        except ImpossibleStep:
            continue
        found.append(choices)
    return found


def marked(folder: Path, **options) -> tuple[float, str]:
    """Return the points and the account of a folder of attempts."""
    said: list[str] = []
    points = marks_for_role_play("late-parcel", folder=folder, say=said.append, **options)
    return points, "\n".join(said)


def best() -> tuple[str, ...]:
    """Return the best path of the small case."""
    return tuple(solve(compiled("late-parcel")).best_path().choices)


def worst_without_red_line() -> tuple[str, ...]:
    """Return the path that earns least without crossing a red line."""
    paths = [path for path in every_path() if not replay(played(path)).scores["red_lines"]]
    return min(paths, key=lambda path: points_for(replay(played(path)), 10))


def test_a_passing_attempt_earns_all_points(folder):
    write_attempt(folder, played(best()))
    points, account = marked(folder)
    assert points == 10
    assert "passed" in account and "not passed" not in account
    assert "Points: 10 of 10 (1 attempt)" in account


def test_an_attempt_below_the_pass_mark_earns_its_share_below_the_cap():
    for path in every_path():
        result = replay(played(path))
        if result.passed:
            continue
        conduct, outcome = (min(result.scores[name], 75) / 75 for name in ("conduct", "outcome"))
        cap = CAP_RED_LINE if result.scores["red_lines"] else CAP_NOT_PASSED
        assert points_for(result, 10) == round(10 * cap * (conduct + outcome) / 2, 1)
        assert points_for(result, 10) <= 10 * cap < 7.5


def test_the_best_attempt_counts_whatever_the_order(folder):
    write_attempt(folder, played(worst_without_red_line(), finished_at="2026-11-22T12:00:00Z"))
    write_attempt(folder, played(best(), finished_at="2026-11-22T09:00:00Z"))
    points, account = marked(folder)
    assert points == 10
    assert "best of 2 attempts" in account


def test_an_attempt_without_a_claimed_score_is_worth_the_same(folder):
    write_attempt(folder, played(best(), result=None))
    assert marked(folder)[0] == 10


def test_a_claimed_score_that_differs_is_refused_and_named(folder):
    record = played(worst_without_red_line())
    record["result"] = {**record["result"], "conduct": 100, "outcome": 100, "passed": True}
    write_attempt(folder, record)
    points, account = marked(folder)
    assert points == 0
    assert f"late-parcel-{record['id']}: the result in the file is not what its steps give" in account


def test_a_step_that_could_not_have_happened_is_refused_and_named(folder):
    record = played(best(), result=None)
    record["steps"][0]["choice"] = "no-such-words"
    write_attempt(folder, record)
    points, account = marked(folder)
    assert points == 0
    assert "step 1" in account


def test_broken_files_cost_nothing_and_are_named(folder):
    write_attempt(folder, played(best()))
    (folder / "cut.json").write_text('{"schema": 1, "id": "0')
    (folder / "notes.json").write_text("[]")
    points, account = marked(folder)
    assert points == 10
    assert "cut.json: the file is cut off" in account
    assert "notes.json: this is JSON, but not an attempt" in account


def test_an_unfinished_attempt_does_not_count(folder):
    record = played(best(), result=None, finished_at=None)
    record["steps"].pop()
    write_attempt(folder, record)
    points, account = marked(folder)
    assert points == 0
    assert "before its end" in account


def test_no_attempt_earns_nothing_and_the_account_says_where_it_looked(folder):
    points, account = marked(folder)
    assert points == 0
    assert f"No attempt of `late-parcel` was handed in (looked in the folder `{folder}`)" in account


def test_attempts_of_other_activities_are_left_alone(folder):
    record = played(best())
    write_attempt(folder, {**record, "activity": "another-case"})
    assert marked(folder) == (0, marked(folder)[1])
    assert "No attempt of `late-parcel`" in marked(folder)[1]


def test_the_account_is_in_the_language_of_the_attempt_unless_another_is_asked_for(folder):
    write_attempt(folder, played(best(), lang="zh"))
    assert "得分：10，满分 10" in marked(folder)[1]
    assert "Points: 10 of 10" in marked(folder, lang="en")[1]


def test_an_attempt_of_an_older_version_is_replayed_from_the_archive(folder, course, tmp_path, monkeypatch):
    structure = compiled("late-parcel")
    write_attempt(folder, played(best()))
    case = course / "cases" / "late-parcel" / "case.yaml"
    case.write_text(case.read_text(encoding="utf-8").replace("patience: 6", "patience: 5"), encoding="utf-8")
    points, account = marked(folder)
    assert points == 0 and "another version" in account
    archive = tmp_path / "content"
    archive.mkdir()
    (archive / f"{structure['hash']}.json").write_text(json.dumps(structure))
    monkeypatch.setenv("TRUSTKIT_CONTENT_ARCHIVE", str(archive))
    assert marked(folder)[0] == 10


@pytest.mark.parametrize(("tea", "points"), [("warm", 5), ("cold", 1.8)])
def test_a_drill_earns_all_points_when_it_passes_else_a_share(folder, tea, points):
    answers = {"snow": "cold", "tea": tea}
    record = new_record("drill", "two-items", read_drill("two-items").hash, lang="en", learner="s-01", host="page")
    record["steps"] = [{"at": 3, "item": item, "answer": answer} for item, answer in answers.items()]
    write_attempt(folder, {**record, "finished_at": "2026-11-22T09:00:00Z"})
    assert marks_for_drill("two-items", points=5, folder=folder, say=lambda line: None) == points
