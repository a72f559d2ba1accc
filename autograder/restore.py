"""Puts back what a trainee's notebook lost or changed, so that a broken copy is still marked for its work."""

from __future__ import annotations

import copy
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import OverwriteCells


class RestoreCells(OverwriteCells):
    """Gives every cell of the release its marks' metadata back and re-adds marked cells that are missing.

    nbgrader's own step then restores the text of the locked cells, hidden tests included. A cell the trainee
    wrote keeps its text, whatever happened to its metadata; metadata that the release does not know (tags
    that would skip a test, for one) is dropped.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        """Return the notebook with the release's metadata and all marked cells."""
        names = resources["nbgrader"]
        released = released_notebook(Path.cwd(), names["assignment"], names["notebook"])
        if released is not None:
            restore(nb, released)
        return super().preprocess(nb, resources)


def released_notebook(class_folder: Path, assignment: str, notebook: str) -> NotebookNode | None:
    """Return the notebook that trainees received, or None when the class never released it."""
    path = class_folder / "release" / assignment / f"{notebook}.ipynb"
    if not path.is_file():
        return None
    return nbformat.reads(path.read_text(encoding="utf-8"), as_version=4)


def restore(nb: NotebookNode, released: NotebookNode) -> None:
    """Change a submitted notebook in place so that it holds every locked or marked cell of the release.

    The notebook gets the release's metadata, and so do cells by their `grade_id`; all other metadata is dropped.
    """
    nb.metadata = copy.deepcopy(released.metadata)
    known = {_grade_id(cell): cell for cell in released.cells if _grade_id(cell)}
    places: dict[str, int] = {}
    for place, cell in enumerate(nb.cells):
        name = _grade_id(cell)
        if name in known:
            # of two cells with one id the later counts, but never an untouched copy above written work
            if name in places and cell.source == known[name].source:
                name = ""
            else:
                places[name] = place
    for place, cell in enumerate(nb.cells):
        name = _grade_id(cell)
        original = known[name] if places.get(name) == place else None
        cell.metadata = NotebookNode() if original is None else copy.deepcopy(original.metadata)
    after = -1
    for name, original in known.items():
        if name in places:
            after = places[name]
            continue
        meta = original.metadata.nbgrader
        if meta.get("solution") and not meta.get("grade"):
            # nothing is scored here, and its stub would replace work done in another cell
            continue
        after += 1
        nb.cells.insert(after, copy.deepcopy(original))
        places = {other: place + (place >= after) for other, place in places.items()}
        places[name] = after


def _grade_id(cell: NotebookNode) -> str:
    meta = cell.metadata.get("nbgrader")
    name = meta.get("grade_id") if isinstance(meta, dict) else None
    return name if isinstance(name, str) else ""
