"""A few of nbgrader's own tests, with our configuration in place; `make test-upstream` runs them all."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from autograder.running.confined import can_fork

SOME = (
    "nbgrader/tests/apps/test_nbgrader_autograde.py::TestNbGraderAutograde::test_grade",
    "nbgrader/tests/apps/test_nbgrader_autograde.py::TestNbGraderAutograde::test_side_effects",
    "nbgrader/tests/apps/test_nbgrader_autograde.py::TestNbGraderAutograde::test_autograde_timeout",
    "nbgrader/tests/apps/test_nbgrader_autograde.py::TestNbGraderAutograde::test_grade_with_validating_envvar",
    "nbgrader/tests/apps/test_api.py::TestNbGraderAPI::test_generate_feedback",
    "nbgrader/tests/apps/test_nbgrader_collect.py::TestNbGraderCollect::test_permissions",
)


@pytest.mark.skipif(not can_fork(), reason="elsewhere nbgrader's own road is taken")
def test_nbgraders_own_tests_of_grading_pass_on_our_road():
    done = subprocess.run(
        [sys.executable, str(Path(__file__).parent), "-n", "0", "-q", *SOME],
        capture_output=True, text=True, timeout=500,
    )  # fmt: skip
    if "could not be fetched" in done.stderr:
        pytest.skip("nbgrader's source distribution could not be fetched")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "6 passed, 1 xfailed" in done.stdout
    assert "Hand-ins run: 8 in forks (our road), 0 in kernels" in done.stdout
