"""Runs a hand-in's notebook: the first of the autograding steps in `nbgrader_config.py`.

There are two roads. Where the machine can fork (Linux), the trainee's cells run confined in a fork of a warm process
and the tests in another process that the trainee's code never reaches (`autograder.running`), here or on a machine of a
cluster. Elsewhere, and for notebooks in other languages, nbgrader's own way is taken: a kernel that runs both, without
protection, which has to be allowed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache, partial
from pathlib import Path

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import get_partial_grade, is_grade, is_solution
from traitlets import Float, Int

from autograder.database import SECRET_VARIABLES
from autograder.running import client
from autograder.running.cells import SKIPPED, TEST, Assignment, kind_of, read_assignment
from autograder.running.cluster import cluster_address, run_on_cluster
from autograder.running.confined import ALLOW_VARIABLE, GRADING, can_fork, require_protection
from autograder.running.hand_in import Allowance, HandIn, run_hand_in
from autograder.worker import NOTE

ARCHIVE_VARIABLE = "TRUSTKIT_CONTENT_ARCHIVE"
"""Environment variable with the folder of the content that was compiled at release; set only while autograding."""

LANGUAGE = {
    "name": "python",
    "version": sys.version.split()[0],
    "mimetype": "text/x-python",
    "file_extension": ".py",
    "pygments_lexer": "ipython3",
    "codemirror_mode": {"name": "ipython", "version": 3},
    "nbconvert_exporter": "python",
}


class ExecuteHandIn(Execute):
    """Runs the notebook of a hand-in, tests included, with the class's grading seed; warnings cost nothing.

    nbgrader scores a test cell 0 when anything was written to stderr, and pandas warns there. A failed check
    raises an error, so the stderr text of a test cell is kept as ordinary output.
    """

    timeout_all = Float(300.0, help="Seconds that all cells of a hand-in may take together.").tag(config=True)
    memory_mb = Int(4096, help="Most memory of a hand-in, in megabytes.").tag(config=True)

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, *args, **kwargs):
        """Return the executed notebook and its resources.

        Raises:
            autograder.running.confined.NotProtected: a protection is missing and nobody has allowed to go without.
            autograder.running.client.CannotRun: the hand-in could not be run, through no fault of the trainee.
            autograder.running.cluster.ClusterError: the cluster that is to run it cannot be used.
        """
        is_python = _language_of(nb) == "python"
        on_cluster = is_python and bool(cluster_address())
        forks = is_python and can_fork()
        # on a cluster the machine that runs it looks at its own protections
        if not on_cluster:
            require_protection(forks=forks)
        if forks or on_cluster:
            self._run_forked(nb, resources, on_cluster)
        else:
            with grading_environment(Path.cwd()):
                nb, resources = super().preprocess(nb, resources, *args, **kwargs)
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                _mend_test(cell)
        return nb, resources

    def _run_forked(self, nb: NotebookNode, resources: ResourcesDict, on_cluster: bool) -> None:
        names, class_folder, tag = resources["nbgrader"], Path.cwd().resolve(), self.skip_cells_with_tag
        cells, tests = [], {}
        for number, cell in enumerate(nb.cells):
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            kind = kind_of(cell, tag)
            if kind == TEST:
                tests[cell.metadata.nbgrader.grade_id] = (number, cell.source)
            if kind != SKIPPED:
                cells.append((number, None if kind == TEST else cell.source))
        assignment = source_of(class_folder, names["assignment"], names["notebook"], tag) or read_assignment(nb, tag)
        unprotected = os.environ.get(ALLOW_VARIABLE) == "1"
        road = partial(run_on_cluster, unprotected=unprotected) if on_cluster else run_hand_in
        runs = road(
            HandIn(assignment, cells, tests),
            Path(resources["metadata"]["path"]).resolve(),
            grading_variables(class_folder),
            Allowance(float(self.timeout or 3600), self.timeout_all, self.memory_mb),
        )
        for note in notes_on(runs):
            self.log.warning("%s%s", NOTE, note)
        for number, run in runs.items():
            nb.cells[number].outputs = [nbformat.from_dict(one) for one in run.outputs]
            nb.cells[number].execution_count = run.count
        nb.metadata["language_info"] = nbformat.from_dict(LANGUAGE)


def notes_on(runs: dict[int, client.CellRun]) -> list[str]:
    """Return what an instructor should know of a run: where it was stopped or ended itself, each reason once."""
    return list(dict.fromkeys(why for run in runs.values() for why in run.stopped))


def source_of(class_folder: Path, assignment: str, notebook: str, tag: str) -> Assignment | None:
    """Return what grading needs to know of an assignment's source, or None where it is not kept."""
    path = class_folder / "source" / assignment / f"{notebook}.ipynb"
    try:
        changed = path.stat().st_mtime_ns
    except OSError:
        return None
    return _read_source(path, changed, tag)


@lru_cache(maxsize=64)
def _read_source(path: Path, changed: int, tag: str) -> Assignment:
    return read_assignment(nbformat.reads(path.read_text(encoding="utf-8"), as_version=4), tag)


def grading_variables(class_folder: Path) -> dict[str, str]:
    """Return the environment variables that hidden checks read.

    Args:
        class_folder: the class instance's folder, with its `grading-seed` and `content/`.
    """
    folder = class_folder.resolve()
    return {client.SEED_VARIABLE: str(folder / "grading-seed"), ARCHIVE_VARIABLE: str(folder / "content"), **GRADING}


@contextmanager
def grading_environment(class_folder: Path) -> Iterator[None]:
    """Set the variables that hidden checks read, and hide the gradebook's, for as long as a kernel is started and runs.

    Args:
        class_folder: the class instance's folder.
    """
    values = {**dict.fromkeys(SECRET_VARIABLES), **grading_variables(class_folder)}
    before = {name: os.environ.get(name) for name in values}
    _set_variables(values)
    try:
        yield
    finally:
        _set_variables(before)


def _set_variables(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _language_of(nb: NotebookNode) -> str:
    spec = nb.metadata.get("kernelspec", {})
    return str(spec.get("language") or ("python" if str(spec.get("name", "python")).startswith("python") else ""))


def _mend_test(cell: NotebookNode) -> None:
    """Make a test's outputs such that nbgrader scores them as meant."""
    for output in list(cell.outputs):
        if output.output_type == "stream" and output.name == "stderr":
            output.name = "stdout"
        elif output.output_type == "execute_result":
            try:
                get_partial_grade(output, float(cell.metadata.nbgrader.points))
            except (ValueError, KeyError):
                # more than there is to have would leave the whole hand-in ungraded
                why = "The check's last value is no number of points that this check can give."
                refused = {"output_type": "error", "ename": "ValueError", "evalue": why, "traceback": [why]}
                cell.outputs = [nbformat.from_dict(refused)]
                return
