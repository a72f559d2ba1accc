"""Tells on a feedback page how the role-plays went: the best attempt of each case, replayed, and where it turned."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from trustkit.attempts.record import AttemptRefused, read_attempts
from trustkit.attempts.replay import Result, best_and_latest, replay
from trustkit.cases.debrief import Debrief, Turn, debrief
from trustkit.cases.listing import text_language
from trustkit.cases.reader import UnknownCase, read_case, text_of
from trustkit.content import ContentError
from trustkit.drills.reader import UnknownDrill, read_drill
from trustkit.trust.vocabulary import vocabulary

MOST_TURNS = 3
"""Turning points that are told of one conversation."""
_KINDS = {"marks_for_role_play": "case", "marks_for_drill": "drill"}


@dataclass(frozen=True)
class TurningPoint:
    """A turn that decided much.

    Attributes:
        number: its place in the conversation, from 1.
        customer, said, did: what the customer said, what the trainee said, and what that did.
        instead: what would have lost nothing, or "" where nothing was lost.
        cost: outcome points that the best end moved away, 0-100.
        trust: change of trust in points.
    """

    number: int
    customer: str
    said: str
    did: str
    instead: str
    cost: int
    trust: int


@dataclass(frozen=True)
class Story:
    """How the best attempt of a case went; texts are empty where the case has been rewritten since.

    Attributes:
        ending: its title and its text.
        bars: the six behaviours by name, each 0-100 or None where not assessed.
        needed: points of conduct and of outcome that pass.
        turns: the turning points, in the order of the conversation.
        customer: the customer's name.
    """

    ending: tuple[str, str]
    bars: list[tuple[str, int | None]]
    needed: tuple[int, int]
    red_lines: list[str]
    turns: list[TurningPoint]
    customer: str
    foreign: bool


@dataclass(frozen=True)
class Played:
    """What came of one case or drill of an assignment.

    Attributes:
        kind, activity: "case" or "drill", and its id.
        title: in the language of the page.
        scores: of the best attempt, see `trustkit.attempts.replay.Result`; None where none counts.
        finished: day of the best attempt, as YYYY-MM-DD.
        count: attempts that count.
        refused: attempts that do not count, each with the code of the reason.
        story: of a case that was played.
    """

    kind: str
    activity: str
    title: str
    scores: dict[str, Any] | None = None
    finished: str = ""
    count: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)
    story: Story | None = None


def activity_of(source: str) -> tuple[str, str, str] | None:
    """Return kind, id and folder of the activity whose attempts a test cell marks; None where it marks none."""
    try:
        calls = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Call)]
    except SyntaxError:
        return None
    for call in calls:
        kind = _KINDS.get(getattr(call.func, "id", getattr(call.func, "attr", "")))
        named = {word.arg: word.value for word in call.keywords}
        activity = call.args[0] if call.args else named.get("activity")
        if kind and isinstance(activity, ast.Constant):
            folder = call.args[2] if len(call.args) > 2 else named.get("folder")
            return kind, str(activity.value), str(folder.value) if isinstance(folder, ast.Constant) else "attempts"
    return None


def unreadable(folder: Path) -> list[tuple[str, str]]:
    """Return the files of a folder of attempts that hold none, each with the code of the reason."""
    return [(refusal.path.name, refusal.code) for refusal in _attempts(folder)[1]]


def played(kind: str, activity: str, folder: Path, archive: Path, lang: str) -> Played:
    """Return what came of a case or drill.

    Args:
        kind: "case" or "drill".
        folder: where the attempts lie that were handed in.
        archive: the compiled cases of the class, `<hash>.json`.
        lang: "en" or "zh".
    """
    results, refused = [], []
    for record in _attempts(folder)[0]:
        if (record["kind"], record["activity"]) == (kind, activity):
            try:
                results.append(replay(record, archive))
            except AttemptRefused as error:
                refused.append((record["id"], error.code))
    best, _ = best_and_latest(results)
    title = _title(kind, activity, lang)
    if best is None:
        return Played(kind, activity, title, refused=refused)
    story = _story(best, lang) if best.structure else None
    day = str(best.record["finished_at"])[:10]
    return Played(kind, activity, title, best.scores, day, len(results), refused, story)


def _attempts(folder: Path) -> tuple[list[dict], Sequence]:
    return read_attempts(folder) if folder.is_dir() else ([], [])


def _title(kind: str, activity: str, lang: str) -> str:
    try:
        if kind == "case":
            return text_of(read_case(activity), language=lang)["title"]
        drill = read_drill(activity)
        own = drill.chinese.data if lang == "zh" and drill.chinese else {}
        return own.get("title") or drill.document.data["title"]
    except (UnknownCase, UnknownDrill, ContentError):
        return activity


def _story(best: Result, lang: str) -> Story:
    structure, words = best.structure, vocabulary()
    told = debrief(structure, [step["choice"] for step in best.record["steps"]])
    names = [named[lang].name for named in words.compass.values()]
    needed = structure["model"]["pass_mark"]
    facts = {
        "bars": list(zip(names, told.bars)),
        "needed": (needed[0], needed[1]),
        "red_lines": [
            words.red_lines[code].words[lang].name if code in words.red_lines else code for code in told.red_lines
        ],
    }
    try:
        source = read_case(best.record["activity"])
        text = text_of(source, best.record["variant"], lang)
        ending = text["endings"][told.ending]
        turns = [_turning_point(told, at, text) for at in turning_points(told)]
        foreign = text_language(source, lang) != lang
        return Story(
            (ending["title"], ending["text"]), turns=turns, customer=text["customer"]["name"], foreign=foreign, **facts
        )
    except (UnknownCase, ContentError, LookupError):
        # The archive keeps what an attempt is worth, not its words: those of today may be other ones.
        return Story(("", ""), turns=[], customer="", foreign=False, **facts)


def turning_points(told: Debrief) -> list[int]:
    """Return the turns that decided most, in order: those that cost most, then those that won most trust."""
    by_cost = sorted(
        (at for at, turn in enumerate(told.turns) if turn.regret > 0), key=lambda at: -told.turns[at].regret
    )
    by_gain = sorted(
        (at for at, turn in enumerate(told.turns) if turn.regret <= 0), key=lambda at: -told.turns[at].trust
    )
    return sorted((by_cost + by_gain)[:MOST_TURNS])


def _turning_point(told: Debrief, at: int, text: dict) -> TurningPoint:
    turn: Turn = told.turns[at]
    scene = text["scenes"][turn.scene]
    better = [other for other in turn.instead if other.regret <= 0 and not other.red_line]
    instead = scene["choices"][better[0].choice]["say"] if turn.regret > 0 and better else ""
    chosen = scene["choices"][turn.choice]
    trust = round(turn.trust / 1000)
    return TurningPoint(
        at + 1, scene["lines"][turn.line], chosen["say"], chosen["feedback"], instead, max(0, turn.regret), trust
    )
