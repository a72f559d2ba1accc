"""A hand-in is run once, and once more where one of its processes ended: it may have been no fault of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from autograder.running import client
from autograder.running.cells import Assignment
from autograder.running.confined import can_fork
from autograder.running.hand_in import Allowance, HandIn, run_hand_in

if not can_fork():
    pytest.skip("hand-ins are forked, which only Linux does", allow_module_level=True)

WARNS = "import warnings\nwarnings.warn('an old way', FutureWarning, stacklevel=1)\n"
CHECKS = {"first": f"{WARNS}assert total([1, 2]) == 3", "second": f"{WARNS}assert total([4]) == 4"}
RIGHT = "def total(numbers):\n    return sum(numbers)"
ENDS = "def total(numbers):\n    import os\n    os._exit(0)"


@pytest.fixture
def times(monkeypatch: pytest.MonkeyPatch) -> list[bool]:
    """One entry for each time that the cells are run: whether each test gets a process of its own."""
    found: list[bool] = []
    run = client.Job._run

    def counted(job: client.Job) -> dict[int, client.CellRun]:
        found.append(job._careful)
        return run(job)

    monkeypatch.setattr(client.Job, "_run", counted)
    return found


def graded(folder: Path, source: str, checks: dict[str, str] = CHECKS) -> list[client.CellRun]:
    """Run a hand-in of one cell and its checks; return what came of each."""
    cells = [(0, source), *((number, None) for number in range(1, len(checks) + 1))]
    tests = {name: (number, check) for number, (name, check) in enumerate(checks.items(), 1)}
    runs = run_hand_in(
        HandIn(Assignment((), (), checks, ()), cells, tests), folder, {}, Allowance(timeout=20, timeout_all=60)
    )
    return list(runs.values())


def errors(run: client.CellRun) -> list[str]:
    return [one["evalue"] for one in run.outputs if one["output_type"] == "error"]


def warned(run: client.CellRun) -> int:
    return sum(one.get("text", "").count("FutureWarning: an old way") for one in run.outputs)


def test_an_honest_hand_in_is_run_once(tmp_path, times):
    runs = graded(tmp_path, RIGHT)
    assert [errors(run) for run in runs] == [[], [], []]
    assert times == [False]


@pytest.mark.parametrize("source", [ENDS, f"{RIGHT}\nimport os\nos._exit(0)"], ids=["function", "cell"])
def test_one_that_ends_its_process_is_run_twice_and_no_more(tmp_path, times, source):
    runs = graded(tmp_path, source)
    assert all(errors(run) for run in runs[1:])
    assert times == [False, True]
    assert any("its code ended Python" in why for run in runs for why in run.stopped)


def test_what_a_check_put_out_is_there_after_the_second_time_too(tmp_path, times):
    assert [warned(run) for run in graded(tmp_path, ENDS)] == [0, 1, 1]
    assert len(times) == 2


def test_a_check_that_ends_its_own_process_is_run_twice_and_told(tmp_path, times):
    _, run = graded(tmp_path, RIGHT, {"first": "total([1])\nimport os\nos._exit(1)"})
    assert errors(run) == ["The check first ended its own process."]
    assert times == [False, False]
