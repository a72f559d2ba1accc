"""Runs a hand-in's notebook. This is the one place where another way of running it plugs in.

`nbgrader_config.py` names `ExecuteHandIn` as the first of the autograding steps; whatever stands there
receives a notebook whose test cells have been restored and returns it executed. Everything before and
after it (restoring cells, saving marks, feedback) does not care how the notebook was run.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from nbconvert.exporters.exporter import ResourcesDict
from nbformat.notebooknode import NotebookNode
from nbgrader.preprocessors import Execute
from nbgrader.utils import is_grade, is_solution

SEED_VARIABLE = "TRUSTKIT_GRADING_SEED_FILE"
"""Environment variable that names the file with the class's grading seed; set only while a hand-in is autograded."""

ARCHIVE_VARIABLE = "TRUSTKIT_CONTENT_ARCHIVE"
"""Environment variable with the folder of the content that was compiled at release; set only while autograding."""


class ExecuteHandIn(Execute):
    """Runs the notebook in a fresh kernel, with the class's grading seed, and lets warnings cost nothing.

    nbgrader scores a test cell 0 when anything was written to stderr, and pandas warns there. A failed check
    raises an error, so the stderr text of a test cell is kept as ordinary output.
    """

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict, *args, **kwargs):
        """Return the executed notebook and its resources; sets the grading environment for as long as it runs."""
        with grading_environment(Path.cwd()):
            nb, resources = super().preprocess(nb, resources, *args, **kwargs)
        for cell in nb.cells:
            if cell.cell_type == "code" and is_grade(cell) and not is_solution(cell):
                for output in cell.outputs:
                    if output.output_type == "stream" and output.name == "stderr":
                        output.name = "stdout"
        return nb, resources


@contextmanager
def grading_environment(class_folder: Path) -> Iterator[None]:
    """Set the environment variables that hidden checks read, for as long as a hand-in runs.

    Args:
        class_folder: the class instance's folder, with its `grading-seed` and `content/`.
    """
    folder = class_folder.resolve()
    values = {SEED_VARIABLE: str(folder / "grading-seed"), ARCHIVE_VARIABLE: str(folder / "content")}
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
