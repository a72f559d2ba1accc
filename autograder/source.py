"""Turns an exercise source (MyST Markdown, with Chinese text beside it) into the notebook that nbgrader releases.

An assignment is a folder of `exercises/source/`:

- `<assignment>.md`: text and code cells with nbgrader's metadata (`+++ {"nbgrader": {"grade_id": "reply", …}}`, or
  `nbgrader:` at the top of a `{code-cell}`); what is not said is filled in. A cell with a `grade_id` that the trainee
  does not write is locked. Solutions, hidden tests and mark schemes stand between `### BEGIN …` and `### END …`.
- `zh.yaml`: the Chinese Markdown of each text cell under its id (`grade_id`, else `+++ {"id": "…"}`, else
  `cell-<position>`). Code is the same in both languages.
- `gate.yaml`: the rubric's points and hand-ins with the exact marks they must get; the tests read it.
- `files/`, optional: what lies beside the notebook.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from autograder import lean_imports  # isort: skip  # noqa: F401  (must come before nbformat)

import nbformat
from jupytext.myst import MystMetadataParsingError, myst_to_notebook
from nbformat.notebooknode import NotebookNode, from_dict

from autograder.parts import LAB, ROLE_PLAY, part_of
from autograder.slips import read_slips
from trustkit.content import ContentError, Document, read_document
from trustkit.course import course_root

LANGUAGES = ("en", "zh")
SHOW_ONLY = "show-only"
"""Tag of locked cells that show an activity and compute nothing: grading leaves them out and is seconds faster."""

_REGIONS = {
    "SOLUTION": ("BEGIN SOLUTION", "END SOLUTION"),
    "HIDDEN TESTS": ("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"),
    "MARK SCHEME": ("BEGIN MARK SCHEME", "END MARK SCHEME"),
}
_CUT = {
    "    raise NotImplementedError()\n": re.compile(
        r"^[ \t]*### BEGIN SOLUTION\n.*?### END SOLUTION[^\n]*(?:\n|$)", re.S | re.M
    ),
    "": re.compile(r"^[ \t]*### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS[^\n]*(?:\n|$)", re.S | re.M),
}
"""What a trainee finds in place of a region of code: of a solution the line to be replaced, of hidden tests nothing."""
_MARK_IN_TEXT = re.compile(r"^[ \t]*#+[ \t]*((?:BEGIN|END) (?:SOLUTION|MARK SCHEME))[ \t]*$", re.M)
_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_DEFAULTS = {"grade": False, "solution": False, "task": False, "schema_version": 3}
_KNOWN = {"grade", "grade_id", "locked", "points", "schema_version", "solution", "task", "cell_type", "checksum"}


class ExerciseError(ContentError):
    """An exercise source that cannot become an assignment; names the file and line."""


@dataclass(frozen=True)
class SourceCell:
    """One cell of an exercise source.

    Attributes:
        id: the `grade_id`, the id the author gave (`+++ {"id": "welcome"}`), or `cell-<position>`.
        line: line in the Markdown file, counted from 1.
        nbgrader: the cell's nbgrader metadata, complete; empty for a cell that is not marked.
    """

    id: str
    kind: str
    text: str
    line: int
    tags: tuple[str, ...] = ()
    nbgrader: dict[str, Any] = field(default_factory=dict)

    @property
    def released(self) -> str:
        """The text of a code cell as a trainee gets it, without solution and hidden tests."""
        text = self.text + "\n"
        for instead, region in _CUT.items():
            text = region.sub(instead, text)
        return text.rstrip("\n")

    @property
    def part(self) -> str | None:
        """The part of the marks that this cell belongs to, or None when it carries no mark."""
        meta = self.nbgrader
        if not (meta.get("grade") or meta.get("task")):
            return None
        return part_of(self.text, solution=meta["solution"], task=meta["task"], points=meta["points"])


@dataclass(frozen=True)
class Exercise:
    """An exercise source that has been read and checked.

    Attributes:
        id: the assignment's id (folder name).
        path: the Markdown file.
        activities: ids of the cases and drills whose attempts the assignment marks.
        cells: the cells in order.
        chinese: Chinese Markdown by cell id.
    """

    id: str
    path: Path
    activities: tuple[str, ...]
    cells: tuple[SourceCell, ...]
    chinese: dict[str, str]

    @cached_property
    def points(self) -> dict[str, float]:
        """Points by part of the marks, in the order of the notebook."""
        totals: dict[str, float] = {}
        for cell in self.cells:
            if cell.part is not None:
                totals[cell.part] = totals.get(cell.part, 0) + cell.nbgrader["points"]
        return totals

    def notebook(self, lang: str) -> NotebookNode:
        """Return the instructor's notebook, with solutions and tests, in a language ("en" or "zh").

        Raises:
            ValueError: an unknown language.
        """
        if lang not in LANGUAGES:
            raise ValueError(f"There is no edition in `{lang}`. The course has: {', '.join(LANGUAGES)}.")
        cells = []
        for cell in self.cells:
            text = self.chinese[cell.id] if lang == "zh" and cell.kind == "markdown" else cell.text
            if cell.kind == "markdown":
                # nbgrader looks for the words only; as a comment they do not show as headings where marks are given
                text = _MARK_IN_TEXT.sub(r"<!-- \1 -->", text)
            metadata: dict[str, Any] = {}
            if cell.nbgrader:
                metadata["nbgrader"] = dict(sorted(cell.nbgrader.items()))
            tags = [*cell.tags, *([SHOW_ONLY] if _only_shows(cell) else [])]
            if tags:
                metadata["tags"] = tags
            made: dict[str, Any] = {"cell_type": cell.kind, "id": cell.id, "metadata": metadata, "source": text}
            if cell.kind == "code":
                made |= {"execution_count": None, "outputs": []}
            cells.append(made)
        metadata = {
            "kernelspec": _KERNEL,
            "language_info": {"name": "python"},
            "trustkit": {"activities": list(self.activities), "lang": lang},
        }
        return from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def exercises_folder(root: Path | None = None) -> Path:
    """Return the folder that holds the exercise sources of a course."""
    return (root or course_root()) / "exercises" / "source"


def assignment_ids(root: Path | None = None) -> list[str]:
    """Return the ids of all assignments that have a source, sorted."""
    folder = exercises_folder(root)
    return sorted(path.name for path in folder.glob("*") if (path / f"{path.name}.md").is_file())


def read_exercise(assignment: str | Path, root: Path | None = None) -> Exercise:
    """Read and check an exercise source and its Chinese text.

    Args:
        assignment: an assignment id, or the path of its folder.
        root: the course folder (default: found from the working folder).

    Raises:
        ExerciseError: the source or its Chinese text is missing or wrong.
    """
    folder = assignment if isinstance(assignment, Path) else exercises_folder(root) / assignment
    path = folder / f"{folder.name}.md"
    if not path.is_file():
        known = ", ".join(assignment_ids(root)) if not isinstance(assignment, Path) else ""
        known = f" There are: {known}." if known else ""
        raise ExerciseError(path, 0, f"this exercise source does not exist.{known}")
    cells, activities = _read_cells(path)
    _check_cells(path, cells)
    return Exercise(folder.name, path, activities, cells, _read_chinese(folder / "zh.yaml", path, cells))


def write_source(exercise: Exercise, lang: str, folder: Path) -> Path:
    """Write the instructor's notebook as `<folder>/<assignment>/<assignment>.ipynb`.

    The same source gives the same bytes. Files in the source's `files/` folder go beside the notebook.

    Returns:
        The notebook's path.
    """
    notebook = folder / exercise.id / f"{exercise.id}.ipynb"
    notebook.parent.mkdir(parents=True, exist_ok=True)
    notebook.write_text(nbformat.writes(exercise.notebook(lang)) + "\n", encoding="utf-8", newline="\n")
    extra = exercise.path.parent / "files"
    for file in sorted(extra.rglob("*")) if extra.is_dir() else ():
        if file.is_file():
            beside = notebook.parent / file.relative_to(extra)
            beside.parent.mkdir(parents=True, exist_ok=True)
            beside.write_bytes(file.read_bytes())
    return notebook


def _only_shows(cell: SourceCell) -> bool:
    if cell.kind != "code" or not cell.nbgrader.get("locked") or cell.part:
        return False
    statements = [node for node in ast.parse(cell.text).body if not isinstance(node, (ast.Import, ast.ImportFrom))]
    return bool(statements) and all(
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Call)
        and getattr(node.value.func, "id", "") in ("RolePlay", "Drill")
        for node in statements
    )


def _read_cells(path: Path) -> tuple[tuple[SourceCell, ...], tuple[str, ...]]:
    try:
        text = path.read_bytes().decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ExerciseError(path, line, "this file is not in UTF-8. Save it again with the encoding UTF-8.") from None
    try:
        read = myst_to_notebook(text, add_source_map=True)
    except (MystMetadataParsingError, ValueError, TypeError) as error:
        raise ExerciseError(path, 0, f"this is not a MyST notebook: {error}") from None
    lines = read.metadata.get("source_map", [])
    own = read.metadata.get("trustkit", {})
    activities = own.get("activities", []) if isinstance(own, dict) else None
    if not isinstance(activities, list) or not all(isinstance(name, str) for name in activities):
        raise ExerciseError(path, 1, "`trustkit: activities:` at the top must be a list of case and drill ids.")
    cells, seen = [], {}
    for position, cell in enumerate(read.cells, start=1):
        line = lines[position - 1] if position <= len(lines) else 0
        line = _line_of(text, line, cell.source)
        nbgrader = _complete_metadata(path, line, cell)
        name = str(nbgrader.get("grade_id") or cell.metadata.get("id") or f"cell-{position}")
        if not _ID.fullmatch(name):
            raise ExerciseError(path, line, f"the cell id `{name}` may hold only letters, digits, - and _, 64 at most.")
        if name in seen:
            raise ExerciseError(path, line, f"the cell id `{name}` is used already in line {seen[name]}.")
        seen[name] = line
        tags = tuple(cell.metadata.get("tags", ()))
        cells.append(SourceCell(name, cell.cell_type, cell.source, line, tags, nbgrader))
    return tuple(cells), tuple(activities)


def _line_of(text: str, line: int, source: str) -> int:
    rows, first = text.split("\n"), source.split("\n", 1)[0]
    for at in range(max(line, 1), len(rows) + 1):
        if rows[at - 1] == first and first.strip():
            return at
    return line


def _complete_metadata(path: Path, line: int, cell: NotebookNode) -> dict[str, Any]:
    given = cell.metadata.get("nbgrader")
    if given is None:
        return {}
    if not isinstance(given, dict):
        raise ExerciseError(path, line, "`nbgrader` must be a mapping: {grade: true, grade_id: check, points: 2}.")
    unknown = sorted(set(given) - _KNOWN)
    if unknown:
        known = ", ".join(sorted(_KNOWN))
        raise ExerciseError(path, line, f"nbgrader does not know {', '.join(unknown)}. It knows: {known}.")
    meta = {**_DEFAULTS, **given}
    meta.pop("checksum", None)
    meta.pop("cell_type", None)
    if not meta.get("grade_id"):
        raise ExerciseError(path, line, "this marked cell needs a `grade_id`.")
    meta.setdefault("locked", not meta["solution"])
    if meta["task"]:
        meta["locked"] = True
    if meta["grade"] or meta["task"]:
        points = meta.get("points")
        if isinstance(points, bool) or not isinstance(points, (int, float)) or points < 0:
            raise ExerciseError(path, line, f"the cell `{meta['grade_id']}` needs `points` (a number, 0 or more).")
    else:
        meta.pop("points", None)
    return meta


def _check_cells(path: Path, cells: tuple[SourceCell, ...]) -> None:
    if not any(cell.part for cell in cells):
        raise ExerciseError(path, 0, "no cell of this exercise carries a mark (`nbgrader: {grade: true, …}`).")
    for cell in cells:
        meta = cell.nbgrader
        where = f"the cell `{cell.id}`"
        if cell.kind == "raw":
            raise ExerciseError(path, cell.line, f"{where} is a raw cell; use text or code.")
        if meta and cell.kind == "markdown" and not meta["task"] and meta["grade"] != meta["solution"]:
            raise ExerciseError(
                path, cell.line,
                f"{where} is text: a reply has both `grade: true` and `solution: true` (points may be 0); "
                "an item that a person marks has `task: true`.",
            )  # fmt: skip
        if meta and cell.kind == "code" and meta["task"]:
            raise ExerciseError(path, cell.line, f"{where} is code; only a text cell can be a task.")
        for region, allowed, who in (
            ("SOLUTION", bool(meta) and meta["solution"], "a solution cell (`solution: true`)"),
            ("HIDDEN TESTS", bool(meta) and meta["grade"] and not meta["solution"], "a test cell (`grade: true`)"),
            ("MARK SCHEME", bool(meta) and meta["task"], "a task cell (`task: true`)"),
        ):
            found = _regions(path, cell.line, cell.text, region)
            if found and not allowed:
                raise ExerciseError(path, cell.line, f"{where} has a {region} region; only {who} may have one.")
        if cell.kind == "code":
            _check_code(path, cell)


def _check_code(path: Path, cell: SourceCell) -> None:
    rows = ["pass" if row.lstrip().startswith(("%", "!")) else row for row in cell.text.split("\n")]
    try:
        tree = ast.parse("\n".join(rows))
    except SyntaxError as error:
        at = cell.line + (error.lineno or 1) - 1
        raise ExerciseError(path, at, f"this is not valid Python: {error.msg}.") from None
    known = read_slips(course_root()) if cell.part == LAB else {}
    for node in ast.walk(tree):
        if cell.part == LAB and isinstance(node, ast.Call):
            for name in _slips_named(node):
                if name not in known:
                    raise ExerciseError(
                        path, cell.line + node.lineno - 1,
                        f"the test cell `{cell.id}` names the slip `{name}`, which no file of exercises/slips/ has.",
                    )  # fmt: skip
        if cell.part == ROLE_PLAY and isinstance(node, ast.Call):
            _check_points_of_call(path, cell, node)
        if cell.part == LAB and isinstance(node, ast.Assert) and _compares_by_equality(node.test):
            raise ExerciseError(
                path, cell.line + node.lineno - 1,
                f"the test cell `{cell.id}` asserts with a bare `==`, which an object equal to everything passes. "
                "Use a check from autograder.data_checks, which looks at the type as well.",
            )  # fmt: skip


def _check_points_of_call(path: Path, cell: SourceCell, call: ast.Call) -> None:
    if not getattr(call.func, "id", getattr(call.func, "attr", "")).startswith("marks_for_"):
        return
    for word in call.keywords:
        said = word.value.value if isinstance(word.value, ast.Constant) else None
        if word.arg == "points" and said != cell.nbgrader["points"]:
            raise ExerciseError(
                path, cell.line + call.lineno - 1,
                f"the cell `{cell.id}` is worth {cell.nbgrader['points']} points, but its call says {said}.",
            )  # fmt: skip


def _slips_named(call: ast.Call) -> list[str]:
    """Return the slips that a call of a check names: keys of `slips=…`, and `copies=…`."""
    if not getattr(call.func, "id", getattr(call.func, "attr", "")).startswith("expect_"):
        return []
    named = []
    if getattr(call.func, "id", "") == "expect_holds":
        named += [part.value for part in ast.walk(call.args[1]) if isinstance(getattr(part, "value", None), str)]
    for word in call.keywords:
        if word.arg == "slips" and isinstance(word.value, ast.Dict):
            named += [key.value for key in word.value.keys if isinstance(key, ast.Constant)]
        elif word.arg == "copies" and isinstance(word.value, ast.Constant):
            named.append(word.value.value)
    return named


def _compares_by_equality(test: ast.expr) -> bool:
    return isinstance(test, ast.Compare) and any(isinstance(operator, ast.Eq) for operator in test.ops)


def _regions(path: Path, line: int, text: str, region: str) -> int:
    begin, end = _REGIONS[region]
    depth = found = 0
    for row in text.split("\n"):
        if begin in row:
            depth, found = depth + 1, found + 1
        elif end in row:
            depth -= 1
        if depth not in (0, 1):
            raise ExerciseError(path, line, f"BEGIN and END {region} do not pair up in this cell.")
    if depth:
        raise ExerciseError(path, line, f"this cell has no END {region}.")
    return found


def _read_chinese(path: Path, source: Path, cells: tuple[SourceCell, ...]) -> dict[str, str]:
    try:
        document = read_document(path)
    except ContentError as error:
        raise ExerciseError(error.path, error.line, error.message) from None
    texts, place = _chinese_texts(document)
    wanted = {cell.id: cell for cell in cells if cell.kind == "markdown"}
    for name in texts:
        if name not in wanted:
            raise ExerciseError(
                path, document.line((*place, name)),
                f"there is no text cell `{name}` in {source.name}. Rename or remove this text.",
            )  # fmt: skip
    for name, cell in wanted.items():
        chinese = texts.get(name)
        if not isinstance(chinese, str) or not chinese.strip():
            raise ExerciseError(
                source, cell.line, f"the text cell `{name}` has no Chinese text. Add it to {path} as `{name}: |`."
            )
        at = document.line((*place, name))
        for region in _REGIONS:
            here, there = _regions(source, cell.line, cell.text, region), _regions(path, at, chinese, region)
            if here != there:
                raise ExerciseError(
                    path, at,
                    f"the English text of `{name}` has {here} {region} region(s), the Chinese {there}. "
                    "Mark the same places.",
                )  # fmt: skip
    return {name: texts[name] for name in wanted}


def _chinese_texts(document: Document) -> tuple[dict[str, Any], tuple[str, ...]]:
    data = document.data
    if not isinstance(data, dict):
        raise ExerciseError(document.path, 1, "this file must map cell ids to Chinese texts.")
    if isinstance(data.get("cells"), dict):
        return data["cells"], ("cells",)
    return data, ()
