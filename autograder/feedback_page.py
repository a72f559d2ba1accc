"""Gives a feedback page its words, in the language of the class, and its summary: points and result of each part."""

from __future__ import annotations

from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import compute_checksum, is_grade, is_solution, is_task

from autograder.gradebook import CELLS_OF, HandIn, Mark
from autograder.parts import CRITERION, LAB, RED_LINE, REPLY, ROLE_PLAY, part_of

_NO_RESPONSE = "No response."  # what nbgrader itself notes on a cell that nobody filled in

WORDS = {
    "en": {
        "feedback": "Feedback",
        "part": "part",
        "points": "points",
        "result": "result",
        ROLE_PLAY: "Role-play",
        REPLY: "Written reply",
        CRITERION: "Criterion",
        RED_LINE: "Red lines",
        LAB: "Data lab",
        "check": "Check",
        "yours": "Your answer",
        "total": "together",
        "passed": "✓ passed",
        "failed": "✗ not passed",
        "open": "not decided yet",
        "of": "of",
        "remark": "Your trainer writes",
        "each": "Each part has its own result.",
        "skipped": "– left out",
        "red": "A red line was crossed: the reply is not passed, whatever its points. Read the remark at “Red lines”.",
    },
    "zh": {
        "feedback": "反馈",
        "part": "部分",
        "points": "分数",
        "result": "结果",
        ROLE_PLAY: "角色扮演",
        REPLY: "书面回复",
        CRITERION: "评分标准",
        RED_LINE: "红线",
        LAB: "数据练习",
        "check": "检查",
        "yours": "你的回答",
        "total": "合计",
        "passed": "✓ 通过",
        "failed": "✗ 未通过",
        "open": "尚未确定",
        "of": "／",
        "remark": "培训师的评语",
        "each": "各部分分别计算结果。",
        "skipped": "– 未做",
        "red": "踩了红线，因此书面回复无论得多少分都不算通过。请看“红线”一栏的评语。",
    },
}


class DescribeFeedback(NbGraderPreprocessor):
    """Adds `trustkit` to the page's resources and the part of each marked cell to its metadata.

    Runs after nbgrader's `GetGrades`, which puts scores and comments into the cells.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook and the resources that the page template reads."""
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
                meta["part"] = part
                marks.append(Mark(meta.grade_id, part, meta.score, meta.points, False, meta.get("comment") or ""))
        names = resources["nbgrader"]
        hand_in = HandIn(names["student"], "", names["assignment"], None, marks)
        resources["trustkit"] = {**_summary(hand_in, written), **_language(nb), "student": names["student"]}
        return nb, resources


def _language(nb: NotebookNode) -> dict[str, Any]:
    own = nb.metadata.get("trustkit")
    lang = own.get("lang") if isinstance(own, dict) else None
    lang = lang if lang in WORDS else "en"
    return {"lang": {"en": "en", "zh": "zh-Hans"}[lang], "words": WORDS[lang]}


def _summary(hand_in: HandIn, written: set[str]) -> dict[str, Any]:
    parts = []
    for part, cells in CELLS_OF.items():
        if hand_in.points(*cells):
            result = {True: "passed", False: "failed", None: "open"}[hand_in.passed_part(part)]
            if part in (REPLY, LAB) and part not in written and not hand_in.score(*cells):
                result = "skipped"
            parts.append((part, hand_in.score(*cells), hand_in.points(*cells), result))
    return {"parts": parts, "score": hand_in.score(), "points": hand_in.points(), "red_line": bool(hand_in.red_line)}
