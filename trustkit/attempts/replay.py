"""Replays an attempt against the content it was made with, so that a score is never taken on trust."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from trustkit.attempts.record import AttemptRefused, check
from trustkit.cases.compile import compiled
from trustkit.cases.debrief import red_lines_of
from trustkit.cases.play import ImpossibleStep, Play
from trustkit.cases.reader import UnknownCase, read_case
from trustkit.drills.kinds import cannot_be
from trustkit.drills.marking import mark
from trustkit.drills.reader import UnknownDrill, read_drill
from trustkit.panel import KINDS as PANELS
from trustkit.panel import panel_answer


@dataclass(frozen=True)
class Result:
    """What an attempt is worth, recomputed.

    Attributes:
        record: the record that was replayed.
        passed: whether it passes.
        scores: for a case `ending`, `conduct`, `outcome`, `passed`, `red_lines`; for a drill `right`, `of`,
            `passed`, and `f1` and `kappa` in thousandths where there are any: the form of the record's own `result`.
            For a simulator `passed` and `parts` (see `trustkit.blocks.Result`), for a checker `used` and `passed`.
        structure: the compiled case that was played; None for anything else.
    """

    record: dict
    passed: bool
    scores: dict
    structure: dict | None = None

    @property
    def worth(self) -> tuple:
        """What the best attempt is chosen by: passing first, no red line, then scores, right answers or parts."""
        if self.record["kind"] in PANELS:
            return (self.passed, True, sum(self.scores.get("parts", {}).values()))
        if self.structure is None:
            return (self.passed, True, self.scores["right"])
        return (self.passed, not self.scores["red_lines"], self.scores["conduct"] + self.scores["outcome"])


def replay(record: dict, archive: Path | None = None) -> Result:
    """Replay a finished attempt and return what it is worth.

    Args:
        archive: folder with compiled cases of earlier releases, `<hash>.json`; looked up when the case has
            changed since the attempt.

    Raises:
        AttemptRefused: with the code and the reason.
    """
    check(record)
    if record["kind"] in PANELS:
        result = _replay_panel(record)
    else:
        result = _replay_case(record, archive) if record["kind"] == "case" else _replay_drill(record)
    claimed = record["result"]
    if claimed is not None and claimed != result.scores:
        differing = sorted(key for key in {*claimed, *result.scores} if claimed.get(key) != result.scores.get(key))
        raise AttemptRefused(
            "claimed-result",
            f"the result in the file is not what its steps give ({', '.join(differing)}). "
            "Attempt files are not edited by hand; play again and export.",
        )
    return result


def best_and_latest(results: list[Result]) -> tuple[Result, Result] | tuple[None, None]:
    """Return the best and the latest of several results of one activity; of equals the earlier one is best."""
    if not results:
        return None, None
    in_time = sorted(results, key=lambda result: (result.record["finished_at"] or "", result.record["id"]))
    return max(in_time, key=lambda result: result.worth), in_time[-1]


def structure_for(record: dict, archive: Path | None = None) -> dict:
    """Return the compiled case that an attempt was made with: today's, or the archived one with its hash.

    Raises:
        AttemptRefused: there is no such case, variant or version.
    """
    structure = _archived(record["content"], archive)
    if structure is None:
        try:
            source = read_case(record["activity"])
        except UnknownCase as error:
            raise AttemptRefused("unknown-activity", str(error)) from None
        if record["variant"] not in source.variants:
            raise AttemptRefused("unknown-content", f"the case `{source.id}` has no variant `{record['variant']}`.")
        structure = compiled(source.document.path, record["variant"])
    if structure["hash"] != record["content"]:
        raise AttemptRefused(
            "unknown-content",
            f"the attempt was made with another version of `{record['activity']}` "
            f"({record['content']}), which is not kept here.",
        )
    if (structure["case"], structure["variant"]) != (record["activity"], record["variant"]):
        raise AttemptRefused(
            "unknown-content", f"the attempt says `{record['activity']}`, but its content is `{structure['case']}`."
        )
    return structure


def _archived(content: str, archive: Path | None) -> dict | None:
    path = archive / f"{content}.json" if archive else None
    return json.loads(path.read_text(encoding="utf-8")) if path and path.exists() else None


def _replay_case(record: dict, archive: Path | None) -> Result:
    structure = structure_for(record, archive)
    play = Play(structure)
    _check_times(record)
    position = play.start()
    for number, step in enumerate(record["steps"], 1):
        scene = structure["scenes"][position.scene]["id"]
        if play.is_over(position):
            raise AttemptRefused("impossible-step", f"step {number}: the conversation had already ended.")
        if step.get("scene") != scene:
            raise AttemptRefused(
                "impossible-step", f"step {number}: the conversation was at `{scene}`, not at `{step.get('scene')}`."
            )
        try:
            position = play.step(position, play.index_of(position, step.get("choice", "")))
        except ImpossibleStep as error:
            raise AttemptRefused("impossible-step", f"step {number}: {error}.") from None
    ending = play.ending(position)
    if ending is None or record["finished_at"] is None:
        raise AttemptRefused("unfinished", f"the attempt stops after {len(record['steps'])} steps, before its end.")
    scores = {
        "ending": structure["endings"][ending]["id"],
        "conduct": play.conduct(position),
        "outcome": play.outcome(position),
        "passed": play.passed(position),
        "red_lines": red_lines_of(structure, position),
    }
    return Result(record, scores["passed"], scores, structure)


def _replay_drill(record: dict) -> Result:
    try:
        drill = read_drill(record["activity"])
    except UnknownDrill as error:
        raise AttemptRefused("unknown-activity", str(error)) from None
    if drill.hash != record["content"]:
        raise AttemptRefused(
            "unknown-content", f"the attempt was made with another version of the drill `{record['activity']}`."
        )
    _check_times(record)
    data, answers = drill.document.data, {}
    for number, step in enumerate(record["steps"], 1):
        item, answer = step.get("item"), step.get("answer")
        if item not in data["items"]:
            raise AttemptRefused("impossible-step", f"step {number}: the drill has no item `{item}`.")
        if wrong := cannot_be(data, data["items"][item], answer):
            raise AttemptRefused("impossible-step", f"step {number}: the answer to `{item}` cannot be: {wrong}.")
        if item in answers:
            raise AttemptRefused("impossible-step", f"step {number}: item `{item}` was answered twice.")
        answers[item] = answer
    if len(answers) < len(data["items"]) or record["finished_at"] is None:
        raise AttemptRefused("unfinished", f"{len(answers)} of {len(data['items'])} items are answered.")
    marks = mark(drill, answers)
    return Result(record, marks.passed, marks.scores)


def _replay_panel(record: dict) -> Result:
    # The answers are put to today's module. Its texts may have been mended since; where the rules have changed, the
    # answers no longer fit or give another result, and the attempt is refused for that.
    kind, activity = record["kind"], record["activity"]
    if activity not in PANELS[kind].MODULES:
        raise AttemptRefused("unknown-activity", f"there is no {kind} `{activity}`.")
    _check_times(record)
    steps = record["steps"]
    if any(set(step) != {"at", "form", "values"} for step in steps):
        raise AttemptRefused("impossible-step", f"a step of a {kind} has a form and its values.")
    said = panel_answer(kind, activity, steps, record["lang"], record["seed"], new=len(steps))
    if "problem" in said:
        raise AttemptRefused("impossible-step", said["problem"])
    if record["finished_at"] is None or not steps or (kind == "simulator" and said["result"] is None):
        raise AttemptRefused("unfinished", f"the attempt stops after {len(steps)} steps, before it counts.")
    scores = said["result"] or {"used": True, "passed": True}
    return Result(record, scores["passed"], scores)


def _check_times(record: dict) -> None:
    times = [step["at"] for step in record["steps"]]
    if times != sorted(times):
        raise AttemptRefused("impossible-step", "the times of the steps run backwards.")
