"""Marks recorded attempts inside a notebook: replays the files beside it and turns the best attempt into points."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path

from trustkit.attempts.record import AttemptRefused, export_document, read_attempts
from trustkit.attempts.replay import Result, best_and_latest, replay

CAP_NOT_PASSED = 0.7
"""Most that an attempt below the pass mark can earn, as a share of the points."""
CAP_RED_LINE = 0.4
"""Most that an attempt with a red line can earn, as a share of the points."""

CARRIED = "application/vnd.trustkit.attempts+json"
"""The type of an output that carries attempts in a notebook from the browser."""

_ARCHIVE_VARIABLE = "TRUSTKIT_CONTENT_ARCHIVE"
_WORDS = {
    "en": {
        "none": "No attempt of `{activity}` was handed in (looked in the folder `{folder}`).",
        "nothing": "None of the attempts of `{activity}` could be counted.",
        "best": "Attempt {id}, variant `{variant}`, finished {finished}, played by {learner}:",
        "case": "  ending `{ending}`, conduct {conduct} of 100, outcome {outcome} of 100",
        "drill": "  {right} of {of} right",
        "passed": "  passed",
        "failed": "  not passed",
        "red": "  not passed: red line {red_lines}",
        "points": "Points: {points:g} of {most:g} (best of {count} attempts)",
        "point": "Points: {points:g} of {most:g} (1 attempt)",
        "refused": "Not counted: {file}: {message}",
        "carried": "Attempts that go along with this notebook: {count}. Save it, then download it to hand it in.",
    },
    "zh": {
        "none": "没有收到 `{activity}` 的练习记录（查看的文件夹：`{folder}`）。",
        "nothing": "`{activity}` 的练习记录都不能计分。",
        "best": "练习 {id}，版本 `{variant}`，完成于 {finished}，练习者 {learner}：",
        "case": "  结局 `{ending}`，行为分 {conduct}（满分 100），结果分 {outcome}（满分 100）",
        "drill": "  答对 {right} 题，共 {of} 题",
        "passed": "  通过",
        "failed": "  未通过",
        "red": "  未通过：踩了红线 {red_lines}",
        "points": "得分：{points:g}，满分 {most:g}（{count} 次练习中最好的一次）",
        "point": "得分：{points:g}，满分 {most:g}（1 次练习）",
        "refused": "不计分：{file}：{message}",
        "carried": "随本笔记本一起提交的练习记录：{count} 条。请先保存，再下载并提交。",
    },
}


def marks_for_role_play(
    activity: str, points: float = 10, folder: str | Path = "attempts", *, lang: str | None = None,
    say: Callable[[str], None] = print,
) -> float:  # fmt: skip
    """Mark the best attempt of a case and say how the points came about.

    Every file is replayed; a score claimed in a file counts for nothing, and a file whose claim differs from
    the replay is refused. Refused and unfinished attempts do not count, and cost nothing.

    Args:
        activity: the case's id.
        points: the most points; an attempt that passes earns them all, see `points_for`.
        folder: the folder of attempt files (`*.json`), beside the notebook.
        lang: language of the account, "en" or "zh" (default: that of the attempt).
        say: receives the account line by line.

    Returns:
        The points, 0 to `points`, to one decimal place: as the last value of a test cell nbgrader takes
        them as partial credit.
    """
    return _marks("case", activity, points, Path(folder), lang, say)


def marks_for_drill(
    activity: str, points: float = 5, folder: str | Path = "attempts", *, lang: str | None = None,
    say: Callable[[str], None] = print,
) -> float:  # fmt: skip
    """Mark the best attempt of a drill; arguments and result are those of `marks_for_role_play`."""
    return _marks("drill", activity, points, Path(folder), lang, say)


def points_for(result: Result, points: float) -> float:
    """Return what a replayed attempt earns, to one decimal place.

    - It passes: all points.
    - A case that does not pass: how far conduct and outcome came towards their pass marks (mean of the two),
      of 70 % of the points, so that no number of near misses makes a pass.
    - A case with a red line: the same share of 40 % of the points.
    - A drill that does not pass: its share of right answers, of 70 % of the points.

    The two caps are the course's own rule.
    """
    scores = result.scores
    if result.passed:
        return round(float(points), 1)
    if result.structure is None:
        return round(points * CAP_NOT_PASSED * scores["right"] / scores["of"], 1)
    need = result.structure["model"]["pass_mark"]
    reached = sum(min(scores[name], mark) / mark for name, mark in zip(("conduct", "outcome"), need, strict=True)) / 2
    return round(points * (CAP_RED_LINE if scores["red_lines"] else CAP_NOT_PASSED) * reached, 1)


def _marks(
    kind: str, activity: str, points: float, folder: Path, lang: str | None, say: Callable[[str], None]
) -> float:
    archive = Path(named) if (named := os.environ.get(_ARCHIVE_VARIABLE)) else None
    records, refused = read_attempts(folder) if folder.is_dir() else ([], [])
    mine = [record for record in records if (record["kind"], record["activity"]) == (kind, activity)]
    results, reasons = [], [(refusal.path.name, refusal.message) for refusal in refused]
    for record in mine:
        try:
            results.append(replay(record, archive))
        except AttemptRefused as error:
            reasons.append((f"{record['activity']}-{record['id']}", error.message))
    best, _ = best_and_latest(results)
    words = _WORDS[lang or _language(best, mine)]
    if best is None:
        say(words["nothing" if mine or reasons else "none"].format(activity=activity, folder=folder))
        earned = 0.0
    else:
        earned = points_for(best, points)
        say(words["best"].format(finished=best.record["finished_at"], **_named(best.record)))
        say(words[kind].format(**best.scores))
        red_lines = ", ".join(best.scores.get("red_lines", ()))
        say(words["passed" if best.passed else "red" if red_lines else "failed"].format(red_lines=red_lines))
        say(words["points" if len(results) > 1 else "point"].format(points=earned, most=points, count=len(results)))
    for file, message in reasons:
        say(words["refused"].format(file=file, message=message))
    if sys.platform == "emscripten" and mine:
        _carry(mine, words["carried"].format(count=len(mine)))
    return earned


def _carry(records: list[dict], told: str) -> None:
    """Put attempts into the notebook itself, as an output of its cell: in a browser no folder is handed in with it."""
    from IPython.display import display

    carried = export_document(records[-1]["learner"], records)
    display({CARRIED: carried, "text/plain": told}, raw=True)


def _named(record: dict) -> dict:
    return {key: record[key] for key in ("id", "variant", "learner")}


def _language(best: Result | None, records: list[dict]) -> str:
    record = best.record if best else records[0] if records else {}
    return record.get("lang", "en")
