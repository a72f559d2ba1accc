"""Solves every case of a course ahead of a build, on all processors; a process of its own."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress

from trustkit.cases.calibration import population
from trustkit.content import ContentError
from trustkit.course import case_ids


def solve_ahead() -> None:
    """Solve and keep all cases of the course."""
    with ProcessPoolExecutor() as pool:
        list(pool.map(_solve, case_ids()))


def _solve(case: str) -> None:
    # What is wrong with a case its page will say, with file and line.
    with suppress(ContentError):
        population(case)


if __name__ == "__main__":
    solve_ahead()
