"""The class report of 1,000 trainees and 30 assignments: working it out, writing it, and opening it in Chromium."""

import random
import shutil
import tempfile
import time
from pathlib import Path

from figure import Figure
from playwright.sync_api import sync_playwright

from autograder.gradebook import HandIn, Mark
from autograder.parts import CRITERION, LAB, ROLE_PLAY
from autograder.report.figures import report_of
from autograder.report.gather import ClassFacts, Failed, Module, Played, Step
from autograder.report.page import write_report
from trustkit.course import case_ids

TRAINEES, ASSIGNMENTS = 1_000, 30


def a_large_class() -> ClassFacts:
    """Return a class in which everybody has handed nearly everything in, with attempts and failed checks."""
    chance = random.Random(1)
    names = {f"s-{number:04}": f"Trainee {number}" for number in range(TRAINEES)}
    titles = {f"work-{number:02}": f"Assignment number {number}" for number in range(ASSIGNMENTS)}
    rows, failed, played = [], {}, {}
    for student, name in names.items():
        played[student] = [
            Played(
                f"{student}-{case}", "case", case, f"2026-01-{day:02}T10:00:00Z", chance.random() < 0.7,
                chance.random() < 0.05, tuple(chance.randrange(40, 100) for _ in range(6)),
                tuple(Step(f"scene-{at}", f"choice-{chance.randrange(4)}", 10.0 * chance.random(), False)
                      for at in range(6)),
            )
            for day, case in enumerate(case_ids(), start=1)
        ]  # fmt: skip
        for assignment in titles:
            if chance.random() < 0.05:
                continue
            marks = [Mark(f"check-{at}", LAB, float(chance.random() < 0.8) * 3, 3, False) for at in range(8)]
            marks += [Mark("role-play", ROLE_PLAY, chance.choice((0.0, 7.0, 10.0)), 10, False)]
            marks += [Mark(f"reply-{at}", CRITERION, float(chance.randrange(5)), 4, False) for at in range(8)]
            rows.append(HandIn(student, name, assignment, None, marks))
            failed[student, assignment] = [
                Failed(mark.cell, f"slip-{mark.cell}", "This is the mean.", "def answer(table): …", False)
                for mark in marks
                if mark.part == LAB and not mark.score
            ]
    everything = frozenset(("case", id_) for id_ in case_ids())
    modules = [Module(number, f"Module {number}", everything) for number in range(1, 13)]
    return ClassFacts("en", "2026-01-31 12:00", names, titles, rows, modules, played, failed, {}, [], 0)


def figures() -> list[Figure]:
    """Return the seconds to work the report out, to write it, and to open it."""
    facts = a_large_class()
    folder = Path(tempfile.mkdtemp())
    try:
        begun = time.perf_counter()
        report = report_of(facts)
        worked_out = time.perf_counter() - begun
        begun = time.perf_counter()
        page = write_report(report, folder / "report.html", hidden=False)[0]
        written = time.perf_counter() - begun
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            tab = browser.new_page(viewport={"width": 1280, "height": 900})
            begun = time.perf_counter()
            tab.goto(page.as_uri())
            tab.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
            opened = time.perf_counter() - begun
            browser.close()
        size = page.stat().st_size / 1e6
    finally:
        shutil.rmtree(folder)
    return [
        Figure("report, 1,000 x 30: open in Chromium", opened, "s", "< 3"),
        Figure("report, 1,000 x 30: work out", worked_out, "s", "< 20"),
        Figure("report, 1,000 x 30: write", written, "s", "< 10"),
        Figure("report, 1,000 x 30: size of the page", size, "MB", "< 10"),
    ]
