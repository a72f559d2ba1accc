"""Writes the class report: one HTML page that needs nothing from outside, and two CSV tables beside it."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Any

import yaml
from jinja2 import Environment, FileSystemLoader, select_autoescape

from autograder.classroom import csv_cell
from autograder.report.figures import ACTIVITY_REASONS, FAILED, GRADED, NOTHING, PASSED, WAITING, Hard, Report
from trustkit.cases.reader import UnknownCase, read_case, text_of
from trustkit.content import ContentError
from trustkit.drills.reader import UnknownDrill, read_drill, texts
from trustkit.trust.vocabulary import vocabulary

TEMPLATES = Path(__file__).parents[1] / "templates"
SIGNS = {PASSED: "✓", FAILED: "✗", WAITING: "…", GRADED: "○", NOTHING: "·"}
LONGEST = 160
"""Characters of a choice or an item that the page shows."""


def write_report(report: Report, path: Path, *, hidden: bool) -> list[Path]:
    """Write the page and, beside it, `<name>.trainees.csv` and `<name>.checks.csv`; return the three paths.

    Args:
        path: the page, `….html`.
        hidden: whether the names are hidden, which the page then says.
    """
    lang = report.facts.lang
    tables = [path.with_suffix(".trainees.csv"), path.with_suffix(".checks.csv")]
    page = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=select_autoescape(["j2"]), trim_blocks=True)
    names = {id_: words[lang].name for id_, words in vocabulary().compass.items()}
    html = page.get_template("report/index.html.j2").render(
        report=report,
        words=_words(lang),
        lang={"en": "en", "zh": "zh-Hans"}[lang],
        signs=SIGNS,
        behaviours=list(names.values()),
        lowest=_lowest(report),
        shown={one: _wording(one, lang) for one in (*report.items, *report.choices)},
        named=_named(report, lang),
        tables=[table.name for table in tables],
        hidden=hidden,
    )
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(html, encoding="utf-8")
    _write_trainees(report, tables[0], list(names))
    _write_checks(report, tables[1])
    return [path, *tables]


def _words(lang: str) -> dict[str, Any]:
    return yaml.safe_load(Path(__file__).with_name("words.yaml").read_text(encoding="utf-8"))[lang]


def _lowest(report: Report) -> list[list[Any]]:
    """Return, for each behaviour, the three trainees with the lowest bar below the pass mark."""
    found = []
    for at in range(len(report.bars)):
        low = [one for one in report.trainees if len(one.bars) > at and (one.bars[at] or 100) < 75]
        found.append(sorted(low, key=lambda one, at=at: one.bars[at])[:3])
    return found


def _named(report: Report, lang: str) -> dict[str, str]:
    """Return the titles of the cases and drills that the page names; one that is there no more keeps its id."""
    ids = {one.where for one in (*report.items, *report.choices)}
    ids |= {reason.about for one in report.trainees for reason in one.reasons if reason.code in ACTIVITY_REASONS}
    titles = {}
    for id_ in ids:
        titles[id_] = id_
        with suppress(ContentError, UnknownCase):
            titles[id_] = text_of(read_case(id_), "base", lang)["title"]
            continue
        with suppress(ContentError, UnknownDrill):
            source = read_drill(id_)
            titles[id_] = (source.chinese if lang == "zh" and source.chinese else source.document).data["title"]
    return titles


def _wording(hard: Hard, lang: str) -> str:
    """Return the words of a drill item or a choice, or nothing where the course has it no more."""
    try:
        if " · " in hard.what:
            scene, choice = hard.what.split(" · ")
            words = text_of(read_case(hard.where), "base", lang)["scenes"][scene]["choices"][choice]["say"]
        else:
            source = read_drill(hard.where)
            data = (source.chinese if lang == "zh" and source.chinese else source.document).data
            words = dict(texts(data)).get(f"items.{hard.what}.text", "")
    except (ContentError, UnknownCase, UnknownDrill, KeyError):
        return ""
    words = " ".join(words.split())
    return words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"


def _write_trainees(report: Report, path: Path, behaviours: list[str]) -> None:
    titles, modules = list(report.facts.titles), list(report.mastery)
    header = ["trainee", "name", *titles, "passed", *(f"module_{number}" for number in modules), *behaviours, "talk"]
    rows = []
    for one in report.trainees:
        bars = [f"{bar:.1f}" if bar is not None else "" for bar in one.bars] or [""] * len(behaviours)
        talk = "; ".join(f"{reason.code}: {reason.about}" if reason.about else reason.code for reason in one.reasons)
        mastery = [f"{one.modules[number]:.3f}" for number in modules]
        rows.append([one.id, one.name, *one.states.values(), one.passed, *mastery, *bars, talk])
    _write(path, header, rows)


def _write_checks(report: Report, path: Path) -> None:
    rows: list[list[Any]] = []
    for kind, found in (("check", report.checks), ("item", report.items), ("choice", report.choices)):
        for one in found:
            rows.append([kind, one.where, one.what, f"{one.share:.3f}", one.of, f"{one.cost:.1f}", int(one.red_line)])
    for one in report.misconceptions:
        rows.append(["misconception", " ".join(one.assignments), one.slip, "", one.trainees, "", ""])
    _write(path, ["kind", "where", "what", "share", "of", "cost", "red_line"], rows)


def _write(path: Path, header: list[str], rows: Iterable[list[Any]]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows([csv_cell(value) for value in row] for row in rows)
