"""Sorts the cells of a notebook by who may run them: given by the assignment, written by the trainee, or a test."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Mapping
from dataclasses import dataclass

from nbformat.notebooknode import NotebookNode
from nbgrader.utils import is_grade, is_locked, is_solution

from autograder.running.judge import plain_python

GIVEN = "given"
OWN = "own"
TEST = "test"
SKIPPED = "skipped"


@dataclass(frozen=True)
class Assignment:
    """What grading an assignment needs to know of its source.

    Attributes:
        given: sources of the given cells that do not need the trainee's code, in order.
        opening: how many code cells, from the first on, are such given cells with nothing of the trainee's before.
        tests: sources of the tests by name, in order.
        modules: names of the modules that its cells import.
        of_tests: names that its tests make and no other cell does; a later test may lean on them.
    """

    given: tuple[str, ...]
    opening: tuple[str, ...]
    tests: Mapping[str, str]
    modules: tuple[str, ...]
    of_tests: tuple[str, ...] = ()


def kind_of(cell: NotebookNode, skip_tag: str = "") -> str:
    """Return whether a code cell is `GIVEN`, the trainee's `OWN`, a `TEST`, or `SKIPPED`.

    Args:
        cell: a cell with nbgrader's metadata.
        skip_tag: cells with this tag are not run.
    """
    if cell.cell_type != "code" or not cell.source.strip():
        return SKIPPED
    if skip_tag and skip_tag in cell.metadata.get("tags", ()):
        return SKIPPED
    if is_grade(cell) and not is_solution(cell):
        return TEST
    if is_locked(cell) and not is_solution(cell):
        return GIVEN
    return OWN


def read_assignment(source: NotebookNode, skip_tag: str = "") -> Assignment:
    """Read the source notebook of an assignment, solutions and tests included.

    A given cell that uses a name which only the trainee makes (it calls a function of theirs, say) belongs to the
    hand-in's process, and so do the names that it makes.
    """
    known = set(dir(builtins)) | {"get_ipython", "display", "__name__"}
    given, opening, tests, modules = [], [], {}, []
    before_trainee = True
    made_by_tests: set[str] = set()
    made_by_others: set[str] = set()
    for cell in source.cells:
        kind = kind_of(cell, skip_tag)
        if kind == SKIPPED:
            continue
        names = _Used(plain_python(cell.source))
        modules += [module for module in names.modules if module not in modules]
        (made_by_tests if kind == TEST else made_by_others).update(names.bound)
        if kind == GIVEN and names.parsed and not names.free - known:
            given.append(cell.source)
            known |= names.bound
            if before_trainee:
                opening.append(cell.source)
            continue
        if kind == TEST:
            # runs in a process of its own and leaves the trainee's names as they are
            tests[cell.metadata.nbgrader.grade_id] = cell.source
            continue
        before_trainee = False
        known -= names.bound if kind == GIVEN else set()
    of_tests = sorted(made_by_tests - made_by_others)
    return Assignment(tuple(given), tuple(opening), tests, tuple(modules), tuple(of_tests))


class _Used:
    """The names a cell binds at its top, those it needs from elsewhere, and the modules it imports."""

    def __init__(self, source: str):
        self.bound: set[str] = set()
        self.free: set[str] = set()
        self.modules: list[str] = []
        try:
            tree = ast.parse(source)
        except SyntaxError:
            self.parsed = False
            return
        self.parsed = True
        self.bound, self.free = symbols(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Import):
                self.modules += [one.name for one in node.names]
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                self.modules += [node.module, *(f"{node.module}.{one.name}" for one in node.names)]


def symbols(source: str) -> tuple[set[str], set[str]]:
    """Return the names that a piece of source binds at its top, and those it needs from elsewhere."""
    bound: set[str] = set()
    free: set[str] = set()

    def look(table: symtable.SymbolTable, top: bool) -> None:
        for symbol in table.get_symbols():
            made_here = top and (symbol.is_assigned() or symbol.is_imported())
            if made_here:
                bound.add(symbol.get_name())
            if symbol.is_referenced() and (symbol.is_global() or top) and not made_here:
                free.add(symbol.get_name())
        for inner in table.get_children():
            look(inner, False)

    look(symtable.symtable(source, "<cell>", "exec"), True)
    return bound, free - bound
