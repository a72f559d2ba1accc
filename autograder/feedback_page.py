"""Gives a feedback page its words, in the language of the class, and what stands at its top.

First come the points and result of each part, then what was right, what to try next with the way to its place, what to
read again, and how the role-plays went; the notebook with every message follows below.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task
from pygments.formatters import HtmlFormatter

from autograder.feedback_advice import (
    Item,
    message_of,
    pages_to_read,
    place_of,
    question_of,
    shortened,
    story_of,
    titles,
)
from autograder.feedback_debrief import Played, activity_of, played, unreadable
from autograder.feedback_words import WORDS
from autograder.gradebook import CELLS_OF, HandIn, Mark
from autograder.parts import CRITERION, LAB, REPLY, ROLE_PLAY, part_of
from autograder.scrub import scrub
from trustkit.course import CourseNotFound, course_root

_NO_RESPONSE = "No response."  # what nbgrader itself notes on a cell that nobody filled in
_GOOD_CRITERION = 0.75
"""Share of a criterion's points from which it counts as right: that of the reply's pass mark."""
_MUCH = 5
"""Outcome points from which a turn that cost them is shown as a loss, and not only told as one."""
_CHECK_FRAME = re.compile(r"Check \S+, line \d+\s*")
_OF_TESTS = re.compile(r"<(?:test|given) [\w-]+>(?::\d+:)? ?")
"""How a warning names the place of a line of a test."""


class DescribeFeedback(NbGraderPreprocessor):
    """Adds `trustkit` to the page's resources and part, title and place of each marked cell to its metadata.

    Runs after nbgrader's `GetGrades`, which puts scores and comments into the cells.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook and the resources that the page template reads."""
        names = resources["nbgrader"]
        lang = _language(nb)
        words = WORDS[lang]
        marks, written = [], set()
        for cell in nb.cells:
            if is_solution(cell):
                if cell.metadata.nbgrader.get("comment") == _NO_RESPONSE:
                    cell.metadata.nbgrader["comment"] = None
                if cell.metadata.nbgrader.get("checksum") != compute_checksum(cell):
                    written.add(REPLY if is_grade(cell) else LAB)
            if is_grade(cell) or is_task(cell):
                meta = cell.metadata.nbgrader
                part = part_of(cell.source, solution=is_solution(cell), task=is_task(cell), points=meta.points)
                meta["part"], meta["place"] = part, place_of(meta.grade_id)
                marks.append(Mark(meta.grade_id, part, meta.score, meta.points, False, meta.get("comment") or ""))
        # What the top of the page tells is taken from what a trainee may see, in whatever order the steps run.
        scrub(nb)
        folder = Path(resources.get("metadata", {}).get("path") or ".").resolve()
        _take_out_places(nb, folder)
        _take_out_points(nb)
        hand_in = HandIn(names["student"], "", names["assignment"], None, marks)
        summary = _summary(hand_in, written)
        stories = _played(nb, folder, lang)
        resources["trustkit"] = {
            **summary,
            **_advice(nb, summary, stories, names["assignment"], lang),
            "played": [(cell, *_verdict(nb, cell, one, words)) for cell, one in stories.items()],
            "refused": _refused(nb, folder, stories, words),
            "lang": {"en": "en", "zh": "zh-Hans"}[lang],
            "words": words,
            "much": _MUCH,
            "title": _title(nb) or names["notebook"],
            "student": names["student"],
            "code_in_the_dark": HtmlFormatter(style="github-dark").get_style_defs(".highlight"),
        }
        return nb, resources


def _language(nb: NotebookNode) -> str:
    own = nb.metadata.get("trustkit")
    lang = own.get("lang") if isinstance(own, dict) else None
    return lang if lang in WORDS else "en"


def _title(nb: NotebookNode) -> str:
    found = (re.search(r"^# +(.+?)\s*$", cell.source, re.M) for cell in nb.cells if cell.metadata.get("nbgrader"))
    return next((match[1] for match in found if match), "")


def _summary(hand_in: HandIn, written: set[str]) -> dict[str, Any]:
    parts = []
    for part, cells in CELLS_OF.items():
        if hand_in.points(*cells):
            result = {True: "passed", False: "failed", None: "open"}[hand_in.passed_part(part)]
            if part in (REPLY, LAB) and part not in written and not hand_in.score(*cells):
                result = "skipped"
            parts.append((part, hand_in.score(*cells), hand_in.points(*cells), result))
    return {"parts": parts, "score": hand_in.score(), "points": hand_in.points(), "red_line": bool(hand_in.red_line)}


def _advice(
    nb: NotebookNode, summary: dict[str, Any], stories: dict[str, Played], assignment: str, lang: str
) -> dict[str, Any]:
    """Return what was right, what to try next and what to read again."""
    words, named = WORDS[lang], titles(nb.cells, WORDS[lang])
    skipped = {part for part, _, _, result in summary["parts"] if result == "skipped"}
    right: dict[str, list[Item]] = {of_part: [] for of_part, *_ in summary["parts"]}
    to_try: dict[str, list[Item]] = {of_part: [] for of_part, *_ in summary["parts"]}
    failed: set[str] = set()
    told: set[str] = set()
    for cell in nb.cells:
        meta = cell.metadata.get("nbgrader") or {}
        part = meta.get("part")
        if part not in (ROLE_PLAY, LAB, CRITERION) or not meta.points:
            continue
        of_part = REPLY if part == CRITERION else part
        title, place = named[meta.grade_id], meta.place
        if of_part in skipped:
            if of_part not in told:
                told.add(of_part)
                to_try[of_part].append(Item(words[of_part], _first_place(nb, of_part) or place, words["left out"]))
        elif meta.score >= meta.points * (_GOOD_CRITERION if part == CRITERION else 1):
            right[of_part].append(Item(title, place))
        else:
            failed.add(part)
            to_try[of_part].append(_to_try(cell, title, stories.get(meta.grade_id), lang))
    open_ = {item.place for items in to_try.values() for item in items}
    activities = [(one.kind, one.activity) for cell, one in stories.items() if open_ & {place_of(cell), story_of(cell)}]
    try:
        read = pages_to_read(
            course_root(), assignment, lang, words,
            lab=LAB in failed, reply=CRITERION in failed, activities=activities,
        )  # fmt: skip
    except CourseNotFound:
        read = []
    return {
        "right": [(part, items) for part, items in right.items() if items],
        "next": [(part, items) for part, items in to_try.items() if items],
        "read": read,
    }


def _to_try(cell: NotebookNode, title: str, one: Played | None, lang: str) -> Item:
    words, meta = WORDS[lang], cell.metadata.nbgrader
    if meta.part == CRITERION:
        given = words["two marks"].format(score=f"{meta.score:g}", points=f"{meta.points:g}")
        said = (meta.get("comment") or "").strip() or question_of(cell.source)
        return Item(title, meta.place, f"{given}. {shortened(said)}" if lang == "en" else f"{given}。{shortened(said)}")
    if one is None:
        return Item(title, meta.place, message_of(cell.outputs, lang, words))
    if one.scores is None:
        return Item(title, meta.place, words["no count" if one.refused else "no attempt"])
    if one.kind == "drill":
        return Item(title, meta.place, words["drill marks"].format(**one.scores))
    return Item(title, story_of(meta.grade_id), words["story"])


def _first_place(nb: NotebookNode, part: str) -> str:
    """Return where a part begins: the first cell of it that the trainee was to write."""
    for cell in nb.cells:
        if is_solution(cell) and is_grade(cell) == (part == REPLY):
            cell.metadata.nbgrader["place"] = place_of(cell.metadata.nbgrader.grade_id)
            return cell.metadata.nbgrader.place
    return ""


def _played(nb: NotebookNode, folder: Path, lang: str) -> dict[str, Played]:
    """Return by cell what came of each case and drill of the assignment."""
    found = {}
    for cell in nb.cells:
        if (cell.metadata.get("nbgrader") or {}).get("part") == ROLE_PLAY and (named := activity_of(cell.source)):
            kind, activity, beside = named
            # the class's own archive: nbgrader's steps run in the class folder
            archive = Path.cwd() / "content"
            found[cell.metadata.nbgrader.grade_id] = played(kind, activity, folder / beside, archive, lang)
    return found


def _verdict(nb: NotebookNode, name: str, one: Played, words: dict[str, str]) -> tuple[Played, str, str]:
    """Return an activity with its result in words and when it was played."""
    if one.scores is None:
        return one, words["no count" if one.refused else "no attempt"], ""
    when = words["best of" if one.count > 1 else "only one"].format(count=one.count, day=one.finished)
    return one, words["passed" if one.scores["passed"] else "failed"], when


def _refused(nb: NotebookNode, folder: Path, stories: dict[str, Played], words: dict[str, str]) -> list[str]:
    """Return in words which files and attempts do not count."""
    beside = {named[2] for cell in nb.cells if cell.metadata.get("nbgrader") and (named := activity_of(cell.source))}
    reasons = [reason for name in sorted(beside) for reason in unreadable(folder / name)]
    reasons += [(f"{one.title} · {id_}", code) for one in stories.values() for id_, code in one.refused]
    return [words["refused"].format(file=file, why=words.get(code, words["not-json"])) for file, code in reasons]


def _take_out_points(nb: NotebookNode) -> None:
    """Take out the bare number by which a role-play's cell tells nbgrader its points: the page shows them already."""
    for cell in nb.cells:
        if (cell.metadata.get("nbgrader") or {}).get("part") == ROLE_PLAY:
            cell.outputs = [one for one in cell.outputs if one.output_type != "execute_result"]


def _take_out_places(nb: NotebookNode, folder: Path) -> None:
    """Take out of all outputs where in a test an error arose, and where on this machine anything lies.

    File names stay: a trainee needs to know that an error came from `frame.py`, not where that lies.
    """
    try:
        course = [course_root()]
    except CourseNotFound:
        course = []
    package = Path(__file__).resolve().parents[1]
    roots = {Path(sys.prefix), Path(sys.base_prefix), Path.home(), Path(tempfile.gettempdir()), Path.cwd()}
    roots |= {folder, package, *course}
    roots |= {root.resolve() for root in roots}
    longest = sorted((str(root) for root in roots if len(root.parts) > 1), key=len, reverse=True)
    places = re.compile(
        rf"(?:{'|'.join(map(re.escape, longest))})(?![\w-])(?:[/\\][^\s/\\'\"<>:;,()\[\]\x1b]+(?=[/\\]))*[/\\]?"
    )

    def without(text: str) -> str:
        return places.sub("…/", _OF_TESTS.sub("", text))

    for cell in nb.cells:
        for output in cell.get("outputs", ()):
            if output.output_type == "error":
                frames = [one for one in output.traceback if not _CHECK_FRAME.fullmatch(one)]
                output.traceback = [without(one) for one in frames]
                output.evalue = without(output.evalue)
            elif output.output_type == "stream":
                output.text = without(output.text)
            else:
                texts = {kind: value for kind, value in output.data.items() if kind.startswith("text/")}
                output.data.update({kind: without(value) for kind, value in texts.items() if isinstance(value, str)})
