"""A notebook from the browser lab brings its attempts along in its outputs."""

import json

import pytest

from autograder.attribution import Assignments
from autograder.handed_in import carried_attempts
from autograder.role_play import CARRIED
from trustkit.attempts.record import export_document, parse_attempts


def notebook(*carried: object) -> bytes:
    outputs = [{"output_type": "display_data", "data": {CARRIED: one}, "metadata": {}} for one in carried]
    printed = {"output_type": "stream", "name": "stdout", "text": "Points: 10"}
    cells = [{"cell_type": "markdown", "source": "x"}, {"cell_type": "code", "outputs": [printed, *outputs]}]
    return json.dumps({"cells": cells}).encode()


def test_attempts_of_all_cells_come_out_once_each_as_a_file_of_attempts(best_attempt):
    other = {**best_attempt, "id": "0123456789abcdef"}
    raw = notebook(export_document("p-1", [best_attempt]), export_document("p-1", [best_attempt, other]))
    assert parse_attempts(carried_attempts(raw)) == [best_attempt, other]


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b'{"cells": []}', f'{{"cells": "{CARRIED}"}}'.encode(), CARRIED.encode(), notebook(), notebook(7),
     notebook({"attempts": 7}), notebook({"attempts": []}), b"[" * 100_000 + CARRIED.encode()],
    ids=["empty", "cut", "plain", "text", "no-json", "none", "number", "no-list", "empty-list", "deep"],
)  # fmt: skip
def test_a_notebook_without_attempts_or_a_broken_one_brings_none(raw):
    assert carried_attempts(raw) == b""


@pytest.mark.parametrize("name", ["zh_small-desk.ipynb", "en_small-desk (1).ipynb", "small-desk.ipynb"])
def test_the_folder_of_its_language_may_stand_before_an_assignments_name(tmp_path, name):
    assert Assignments(tmp_path, ["small-desk", "small-talk"]).of(b"{}", name) == "small-desk"
