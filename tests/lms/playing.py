"""Plays the case of these tests with clicks, along a way that is known beforehand."""

from playwright.sync_api import Frame

from trustkit.cases.compile import compiled
from trustkit.cases.reader import read_case
from trustkit.cases.solve import solution_of

CASE = "fridge-failed-twice"


def best_of(variant: str = "base") -> list[str]:
    return list(solution_of(compiled(CASE, variant)).best_path().choices)


def worst_of(variant: str) -> list[str]:
    return list(solution_of(compiled(CASE, variant)).worst_path().choices)


def variants() -> list[str]:
    return list(read_case(CASE).variants)


def choose(sco: Frame, choices: list[str]) -> None:
    """Play these choices with clicks; the turn that may be written is not."""
    for choice in choices:
        button = sco.locator(f'.tk-choice[data-choice="{choice}"]')
        skip = sco.locator(".tk-own-words-skip")
        button.or_(skip).first.wait_for()
        if skip.count():
            skip.click()
        button.click()


def play(sco: Frame, choices: list[str]) -> None:
    sco.locator(".tk-start, .tk-again").first.click()
    choose(sco, choices)
    sco.locator(".tk-debrief").wait_for()
