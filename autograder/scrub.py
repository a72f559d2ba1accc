"""Takes hidden tests and mark schemes out of what a trainee receives as feedback, tracebacks and output included."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor
from nbgrader.utils import is_grade, is_solution, is_task

from autograder.running.client import PRINTED_BY_HAND_IN, RAISED_IN_HAND_IN

REPLACEMENT = "(a line of a hidden check was here)"

_REGIONS = (("BEGIN HIDDEN TESTS", "END HIDDEN TESTS"), ("BEGIN MARK SCHEME", "END MARK SCHEME"))
_ANSI = re.compile(r"\x1b\[[0-9;]*[A-Za-z]")
_FRAME = re.compile(r"^Cell In\s?\[(\d+)\]")
_GUTTER = re.compile(r"^\s*(?:-+>)?\s*\d*\s?")
_NUMBER = re.compile(r"(?<![\w.])(?=[\d_.]*\d[\d_.]*\d[\d_.]*\d)\d[\d_]*(?:\.\d+)?")
"""Numbers of three digits or more: shorter ones tell little and stand in many messages."""
_WORD = re.compile(r"[\"']([^\s\"'{}]{4,60})[\"']")
_ASSIGNED = re.compile(r"^[ \t]*([^\W\d]\w{3,})[ \t]*=(?!=)", re.M)
_WRITTEN_FOR_TRAINEES = ("AnswerNotYet", "AssertionError")
_SHORTEST = 6
"""Hidden lines shorter than this (`else:`, `)`) tell nothing and would match ordinary text."""


class ScrubFeedback(NbGraderPreprocessor):
    """Removes every trace of hidden regions from an autograded notebook before it becomes feedback.

    A test cell with a hidden region keeps its visible lines, its points and the message of a failed check;
    its printed output and the frames of its traceback are dropped, except frames in cells the trainee wrote;
    numbers and names that stand in the hidden region are taken out of a message that no author wrote. Lines of
    hidden code are taken out of every other output, wherever they came from, and what the trainee's functions put
    out during any check is dropped: they may have kept what a hidden check handed them.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook without hidden regions."""
        scrub(nb)
        return nb, resources


def scrub(nb: NotebookNode) -> None:
    """Change an autograded notebook in place so that it shows no hidden test and no mark scheme."""
    hidden: list[str] = []
    secret_cells: set[int] = set()
    for cell in nb.cells:
        if is_task(cell) or (is_grade(cell) and not is_solution(cell)):
            cell.source, inside = _split(cell.source)
            if inside:
                hidden += inside
                secret_cells.add(id(cell))
    own_lines = {line.strip() for cell in nb.cells for line in cell.source.split("\n")}
    lines = {line.strip() for line in hidden}
    lines = {line for line in lines if len(line) >= _SHORTEST and line not in own_lines}
    values = _values(hidden, own_lines)
    for cell in nb.cells:
        if cell.cell_type != "code":
            continue
        if id(cell) in secret_cells:
            cell.outputs = [bare for output in cell.outputs if (bare := _bare(output, cell.execution_count, values))]
        elif hidden:
            cell.outputs = [one for one in cell.outputs if PRINTED_BY_HAND_IN not in one.get("metadata", {})]
        for output in cell.outputs:
            _scrub_output(output, lines)
        cell.source = _without(cell.source, lines)


def _split(source: str) -> tuple[str, list[str]]:
    visible, inside, end = [], [], None
    for line in source.split("\n"):
        if end is None:
            end = next((stop for start, stop in _REGIONS if start in line), None)
            if end is None:
                visible.append(line)
        elif end in line:
            end = None
        else:
            inside.append(line)
    return "\n".join(visible), inside


def _values(hidden: list[str], own_lines: set[str]) -> re.Pattern[str] | None:
    """Return what finds the numbers, words and names of hidden code that nobody has seen; None where there are none."""
    code, seen = "\n".join(hidden), "\n".join(own_lines)
    found = {number.replace("_", "") for number in _NUMBER.findall(code)}
    found |= {*_WORD.findall(code), *_ASSIGNED.findall(code)}
    found = {value for value in found if value not in seen}
    if not found:
        return None
    return re.compile(rf"(?<![\w.])(?:{'|'.join(map(re.escape, sorted(found, key=len, reverse=True)))})(?!\w|\.\d)")


def _bare(output: NotebookNode, own_number: int | None, values: re.Pattern[str] | None) -> NotebookNode | None:
    if output.output_type == "error":
        if values and (output.ename not in _WRITTEN_FOR_TRAINEES or RAISED_IN_HAND_IN in output.traceback):
            output.evalue = values.sub("…", output.evalue)
        frames = [
            entry for entry in output.traceback
            if (found := _FRAME.match(_ANSI.sub("", entry))) and int(found[1]) != own_number
        ]  # fmt: skip
        output.traceback = [*frames, f"{output.ename}: {output.evalue}"]
        return output
    if output.output_type == "execute_result":
        try:
            float(output.data.get("text/plain", ""))
        except ValueError:
            return None
        return output
    return None


def _scrub_output(output: NotebookNode, lines: set[str]) -> None:
    if output.output_type == "stream":
        output.text = _without(output.text, lines)
    elif output.output_type == "error":
        output.traceback = [_without(entry, lines) for entry in output.traceback]
        output.evalue = _without(output.evalue, lines)
    elif "data" in output:
        for kind, value in output.data.items():
            if isinstance(value, str):
                output.data[kind] = _without(value, lines)


def _without(text: str, lines: Iterable[str]) -> str:
    if not lines:
        return text
    kept = []
    for row in text.split("\n"):
        plain = _ANSI.sub("", row)
        forms = (plain, html.unescape(plain), plain.replace("\\'", "'").replace('\\"', '"'), _GUTTER.sub("", plain))
        kept.append(REPLACEMENT if any(line in form for line in lines for form in forms) else row)
    return "\n".join(kept)
