"""Makes a lab on a company's own data: its table, a report, and the lab's notebook that reads that table.

The notebook is the released form, without solutions and hidden tests. The practice table and the visible checks stay;
below each check the trainee's functions run on the company's table, where it has the columns that the author's
solution uses. Nothing is handed in or marked.
"""

from __future__ import annotations

import ast
import json
import os
import re
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from autograder import lean_imports  # isort: skip  # noqa: F401  (must come before nbformat)

import nbformat
from nbformat.notebooknode import NotebookNode, from_dict

from autograder.parts import LAB
from autograder.rehearse import solved_answers
from autograder.source import Exercise, SourceCell, assignment_ids, exercises_folder, read_exercise
from trustkit.data.company import Imported, import_export
from trustkit.data.company.mapping import columns, extra_columns
from trustkit.data.company.report import report_on
from trustkit.data.company.words import words_of

HOME = "company-data"
DATASET = "complaints"
"""The dataset whose place a company's table takes."""
LOADS = f'load_dataset("{DATASET}")'
_OTHER_PARTS = ("marks_for_", "MARK SCHEME")
_TITLE = re.compile(r"^#+ *(.+?) *$", re.M)


class CannotImport(Exception):
    """An import that cannot be made as asked; the message says why."""


@dataclass(frozen=True)
class Function:
    """A function that a trainee writes.

    Attributes:
        table: the name of the table that it takes, or "" where it takes none.
        alone: whether the table is all that it takes.
        needs: the columns of the table that the author's solution uses.
        by_quarter: whether the solution compares quarters.
        gives_table: whether its check expects a table, in which single columns may stay empty.
    """

    name: str
    table: str
    alone: bool
    needs: tuple[str, ...]
    by_quarter: bool
    gives_table: bool


@dataclass(frozen=True)
class Task:
    """One cell of a lab that a trainee writes.

    Attributes:
        cell: its id; `heading` is the text cell before it, and `check` the test cell behind it, or None.
    """

    cell: str
    heading: str
    check: str | None
    functions: tuple[Function, ...]


@dataclass(frozen=True)
class Made:
    """What was made: the folder, the paths in it, and what the import found."""

    folder: Path
    notebook: Path
    imported: Imported


def labs() -> list[str]:
    """Return the labs that can be done on a company's complaints: they work on that dataset and on nothing else."""
    found = []
    for name in assignment_ids():
        text = (exercises_folder() / name / f"{name}.md").read_text(encoding="utf-8")
        alone = not any(word in text for word in _OTHER_PARTS)
        if alone and set(re.findall(r"load_dataset\([^)]*\)", text)) == {LOADS}:
            found.append(name)
    return found


def lab_on(
    path: Path,
    *,
    named: str | None = None,
    zone: str | None = None,
    with_text: bool = False,
    lab: str = DATASET,
    folder: Path | None = None,
    language: str = "en",
    progress: Callable[[int], None] | None = None,
) -> Made:
    """Write a folder with a company's table, what could not be read, a report, and the notebook of a lab.

    Nothing is left behind when it fails, and no file that is there already is touched.

    Args:
        path: the export, a CSV file, also compressed with gzip.
        named: what it is: "cfpb", "zendesk", "freshdesk" or the path of a mapping; by its header when left out.
        zone: time zone of times that name none.
        with_text: whether free text is taken over, masked.
        folder: where to write; must not exist or be empty (default: `company-data/<name of the file>`).
        language: of notebook and report, "en" or "zh".

    Raises:
        CannotImport: there is no such lab, or the folder is in use.
        DatasetError: the export or the mapping cannot be used; the message names file and line.
    """
    possible = labs()
    if lab not in possible:
        raise CannotImport(
            f"The lab `{lab}` cannot be done on complaints of your own. Possible: {', '.join(possible)}."
        )
    name = path.name.removesuffix(".gz").removesuffix(".GZ")
    folder = Path(os.path.abspath(folder or Path(HOME) / (Path(name).stem or "export")))
    if folder.exists() and not folder.is_dir():
        raise CannotImport(f"{folder}: there is a file of that name. Name another folder with --out.")
    if folder.is_dir() and any(folder.iterdir()):
        raise CannotImport(
            f"{folder}: this folder is not empty, and nothing in it was touched. Name another with --out."
        )
    parents = [one for one in (folder.parent, *folder.parent.parents) if not one.exists()]
    folder.parent.mkdir(parents=True, exist_ok=True)
    # Beside its place, so that it can be moved there at once when it is whole; for nobody else to read.
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        imported = import_export(path, draft, named, zone, with_text, language, progress)
        exercise = read_exercise(lab)
        notebook, tasks = _notebook(exercise, imported, language)
        (draft / f"{lab}.ipynb").write_text(nbformat.writes(notebook) + "\n", encoding="utf-8", newline="\n")
        (draft / "report.md").write_text(report_on(imported, tasks, language), encoding="utf-8", newline="\n")
        # Whatever repository the folder lies in, what is in it must not get there.
        (draft / ".gitignore").write_text("*\n", encoding="ascii", newline="\n")
        if folder.is_dir():
            for file in draft.iterdir():
                file.rename(folder / file.name)
            draft.rmdir()
        else:
            draft.rename(folder)
    except BaseException:
        shutil.rmtree(draft, ignore_errors=True)
        for one in parents:
            if one.is_dir() and not any(one.iterdir()):
                one.rmdir()
        raise
    return Made(folder, folder / f"{lab}.ipynb", imported)


def summary(made: Made, language: str) -> list[str]:
    """Return what is told when it is done, line by line."""
    words, imported = words_of(language), made.imported
    here = made.folder
    if here.is_relative_to(Path.cwd()):
        here = here.relative_to(Path.cwd())
    said = [
        words["done"].format(
            kept=f"{imported.kept:,}", rows=f"{imported.rows:,}", table=here / "complaints.csv",
            report=here / "report.md", notebook=here / made.notebook.name,
        )
    ]  # fmt: skip
    refused = imported.rejected.counts.total()
    if refused:
        said.append(words["done-rejected"].format(count=f"{refused:,}", rejected=here / "rejected.csv"))
    if not imported.zone_said:
        said.append(words["done-zone"])
    return [*said, words["done-ask"]]


def tasks_of(exercise: Exercise) -> list[Task]:
    """Return the tasks of a lab, with the columns that the author's solution of each function uses."""
    solved, cells, found = solved_answers(exercise), list(exercise.cells), []
    trees = {cell: ast.parse(code) for cell, code in solved.items()}
    defined = {node.name: (node, tree) for tree in trees.values() for node in tree.body if _is_function(node)}
    for at, cell in enumerate(cells):
        if cell.id not in solved:
            continue
        heading = next((one.id for one in reversed(cells[:at]) if one.kind == "markdown"), cell.id)
        later = cells[at + 1 :]
        stop = next((place for place, one in enumerate(later) if one.id in solved), len(later))
        check = next((one for one in later[:stop] if one.part == LAB), None)
        called, tables = _called_with(check) if check else ({}, set())
        functions = tuple(
            _function(node, defined, called.get(node.name, ""), node.name in tables)
            for node in trees[cell.id].body
            if _is_function(node)
        )
        found.append(Task(cell.id, heading, check.id if check else None, functions))
    return found


def _is_function(node: ast.AST) -> bool:
    return isinstance(node, ast.FunctionDef)


def _function(node: ast.FunctionDef, defined: dict, called: str, gives_table: bool) -> Function:
    """Return what a function needs; what it calls of the lab is part of it, and what stands around it in its cell."""
    names, parts = [node.name], []
    for name in names:
        one, tree = defined[name]
        for part in (one, *(other for other in tree.body if not _is_function(other))):
            parts.append(part)
            used = {word.id for word in ast.walk(part) if isinstance(word, ast.Name)}
            names += [word for word in used if word in defined and word not in names]
    said = " ".join(text for part in parts for text in _strings(part))
    table = ""
    if node.args.args:
        table = "complaints" if called == "practice" else "clean"
    return Function(
        node.name,
        table,
        len(node.args.args) - len(node.args.defaults) == 1,
        tuple(name for name in columns() if name not in extra_columns() and re.search(rf"(?<!\w){name}(?!\w)", said)),
        any(isinstance(word, ast.Attribute) and word.attr == "quarter" for part in parts for word in ast.walk(part)),
        gives_table,
    )


def _strings(tree: ast.AST) -> Iterator[str]:
    """Yield the strings in a solution, without those that only explain it."""
    explains = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef) and ast.get_docstring(node) is not None:
            explains.add(id(node.body[0].value))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in explains:
            yield node.value


def _called_with(check: SourceCell) -> tuple[dict[str, str], set[str]]:
    """Return the table that a check's visible part hands to each function, and the functions that give a table."""
    found: dict[str, str] = {}
    tables: set[str] = set()
    for node in ast.walk(ast.parse(check.released)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", "")
        if name == "answer_of" and len(node.args) > 1:
            function, table = node.args[:2]
            if isinstance(function, ast.Name) and isinstance(table, ast.Name):
                found.setdefault(function.id, table.id)
        if name == "expect_table":
            tables |= {one.id for one in ast.walk(node.args[0]) if isinstance(one, ast.Name)}
    return found, tables


def _notebook(
    exercise: Exercise, imported: Imported, language: str
) -> tuple[NotebookNode, list[tuple[str, list[str]]]]:
    """Return the notebook of a lab on a company's table, and what stands in the way of its tasks."""
    words = words_of(language)
    tasks = {task.cell: task for task in tasks_of(exercise)}
    texts = {
        cell.id: exercise.chinese[cell.id] if language == "zh" and cell.kind == "markdown" else cell.text
        for cell in exercise.cells
    }
    title = next((found[1] for text in texts.values() if (found := _TITLE.search(text))), exercise.id)
    name = imported.path.name
    top = words["top"].format(
        lab=title, name=name, kept=f"{imported.kept:,}", first=imported.first[:10], last=imported.last[:10]
    )
    cells, barred = [_cell("own-data", "markdown", top)], []
    notes: dict[str, str] = {}
    for task in tasks.values():
        reasons, said = _in_the_way(task, imported, words)
        if reasons:
            heading = _TITLE.search(texts[task.heading])
            barred.append((heading[1] if heading else task.cell, reasons))
        if said:
            notes[task.cell] = "\n\n".join(said)
    after: dict[str, list[NotebookNode]] = {}
    for task in tasks.values():
        code = _own_numbers(task, imported, words)
        if code:
            after.setdefault(task.check or task.cell, []).append(_cell(f"own-{task.cell}", "code", code))
    for cell in exercise.cells:
        if cell.id in notes:
            cells.append(_cell(f"note-{cell.id}", "markdown", notes[cell.id]))
        text = texts[cell.id]
        if cell.kind == "code":
            text = cell.released.replace(LOADS, 'load_company_table("complaints.csv")').replace(
                "from trustkit import load_dataset", "from trustkit.data.company import load_company_table"
            )
        cells.append(_cell(cell.id, cell.kind, text))
        cells += after.get(cell.id, [])
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return from_dict({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}), barred


def _cell(name: str, kind: str, text: str) -> NotebookNode:
    made = {"cell_type": kind, "id": name[:64], "metadata": {}, "source": text}
    return from_dict(made | ({"execution_count": None, "outputs": []} if kind == "code" else {}))


def _in_the_way(task: Task, imported: Imported, words: dict) -> tuple[list[str], list[str]]:
    """Return why a task cannot be done on the table, or only with care: for the report, and for the notebook."""
    if not any(function.table for function in task.functions):
        return [words["task-course"]], [words["note-course"]]
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    quarters = False
    for function in task.functions:
        lacking, partly = _lacking(function, imported), _partly(function, imported)
        if lacking:
            key = "empty" if _can(function, imported) else "lacks"
            found.setdefault((key, lacking), []).append(function.name)
        elif function.by_quarter and not _has_all_quarters(imported):
            found.setdefault(("quarters", ()), []).append(function.name)
        else:
            quarters |= function.by_quarter
            if not function.alone:
                found.setdefault(("more", (function.table,)), []).append(function.name)
            elif partly:
                found.setdefault(("partly", partly), []).append(function.name)
    reasons, said = [], []
    for (key, names), functions in found.items():
        told = {
            "columns": words["comma"].join(f"`{name}`" for name in names),
            "functions": words["comma"].join(f"`{name}`" for name in functions),
        }
        if f"task-{key}" in words:
            reasons.append(words[f"task-{key}"].format(**told))
        said.append(words[f"note-{key}"].format(**told))
    if quarters:
        said.append(words["note-silent"])
        if len({year for year, _ in imported.quarters}) > 1:
            reasons.append(words["task-years"])
            said.append(words["note-years"])
    return reasons, said


def _own_numbers(task: Task, imported: Imported, words: dict) -> str:
    """Return the code that runs a task's functions on the company's table; empty where none can."""
    calls = []
    for function in task.functions:
        if not function.alone or not _can(function, imported):
            continue
        partly = _partly(function, imported)
        rows = f"{function.table}.dropna(subset={json.dumps(partly)})" if partly else function.table
        calls.append(f"{function.name}({rows})")
    if not calls:
        return ""
    return f"{words['own']}\n" + (calls[0] if len(calls) == 1 else "\n".join(f"display({call})" for call in calls))


def _can(function: Function, imported: Imported) -> bool:
    """Return whether a function has on the table what it needs, or enough of it."""
    if function.by_quarter and not _has_all_quarters(imported):
        return False
    lacking = _lacking(function, imported)
    return not lacking or (function.gives_table and len(lacking) < len(function.needs))


def _lacking(function: Function, imported: Imported) -> tuple[str, ...]:
    return tuple(name for name in function.needs if name in imported.missing)


def _partly(function: Function, imported: Imported) -> tuple[str, ...]:
    """Return the columns a function needs that are never missing in the course's table and sometimes in this one."""
    known = columns()
    return tuple(
        name for name in function.needs if not known[name].missing and 0 < imported.filled[name] < imported.kept
    )


def _has_all_quarters(imported: Imported) -> bool:
    return {quarter for _, quarter in imported.quarters} == {1, 2, 3, 4}
