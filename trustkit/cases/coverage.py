"""Shows what a library of cases covers: industries, channels, lessons, behaviours, red lines and ends; and what not."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from trustkit.cases.lint import CASES_EACH, Examination, examine_all
from trustkit.cases.reader import read_case
from trustkit.course import course_root
from trustkit.trust.vocabulary import vocabulary

_LESSON = re.compile(r"^(\d+)-(\d+)-")


@dataclass(frozen=True)
class Coverage:
    """What the cases cover; each mapping leads from a thing to the ids of the cases that cover it, none left out.

    Attributes:
        lessons: the lessons that a case names, and those of the book.
        decisive: by compass behaviour the cases that nobody passes without it.
        behaviours: by behaviour tag the cases that use it.
        endings: by case its endings and who reaches them: "passes", "fails" or "both".
    """

    industries: dict[str, list[str]]
    channels: dict[str, list[str]]
    difficulties: dict[str, list[str]]
    lessons: dict[str, list[str]]
    decisive: dict[str, list[str]]
    behaviours: dict[str, list[str]]
    red_lines: dict[str, list[str]]
    endings: dict[str, dict[str, str]]

    def as_dict(self) -> dict:
        """Return it as plain data."""
        return asdict(self)

    def as_text(self) -> str:
        """Return it as a report to read."""
        parts = [
            _table("Industries", self.industries),
            _table("Channels", self.channels),
            _table("Difficulty", self.difficulties),
            _table("Lessons", self.lessons),
            _table(f"Decisive in (each should be in {CASES_EACH} cases or more)", self.decisive),
            _table("Behaviours", self.behaviours, counted=True),
            _table("Red lines", self.red_lines),
            "Endings, and who reaches them\n"
            + "\n".join(
                f"  {case}: {', '.join(f'{ending} ({who})' for ending, who in endings.items()) or 'not known'}"
                for case, endings in self.endings.items()
            ),
        ]
        return "\n\n".join(parts)


def coverage(cases: Sequence[str]) -> Coverage:
    """Return what these cases cover."""
    words = vocabulary()
    found = {name: defaultdict(list) for name in ("industries", "channels", "difficulties", "lessons")}
    behaviours: dict[str, list[str]] = {id_: [] for id_, one in words.behaviours.items() if not one.derived}
    red_lines: dict[str, list[str]] = {code: [] for code in words.red_lines}
    for lesson in _lessons_of_the_book():
        found["lessons"][lesson] = []
    for case in cases:
        data = read_case(case).document.data
        found["industries"][data["industry"]].append(case)
        found["channels"][data["channel"]].append(case)
        found["difficulties"][str(data["difficulty"])].append(case)
        for lesson in data["lessons"]:
            found["lessons"][lesson].append(case)
        choices = [choice for scene in data["scenes"].values() for choice in scene.get("choices", {}).values()]
        for tag in sorted({tag for choice in choices for tag in choice["behaviours"]} & behaviours.keys()):
            behaviours[tag].append(case)
        for code in sorted({choice["red_line"] for choice in choices if "red_line" in choice} & red_lines.keys()):
            red_lines[code].append(case)
    examinations: list[Examination] = examine_all(cases)
    return Coverage(
        industries=dict(sorted(found["industries"].items())),
        channels=dict(sorted(found["channels"].items())),
        difficulties={str(level): found["difficulties"].get(str(level), []) for level in range(1, 6)},
        lessons=dict(sorted(found["lessons"].items(), key=lambda pair: [int(part) for part in pair[0].split(".")])),
        decisive={
            behaviour: [one.case for one in examinations if behaviour in one.decisive] for behaviour in words.compass
        },
        behaviours=behaviours,
        red_lines=red_lines,
        endings={one.case: one.endings for one in examinations},
    )


def _lessons_of_the_book() -> list[str]:
    pages = (course_root() / "book" / "en").glob("*/*.md")
    return [".".join(found.groups()) for page in pages if (found := _LESSON.match(page.name))]


def _table(title: str, rows: dict[str, list[str]], *, counted: bool = False) -> str:
    """A table of what is covered; with `counted` only how often, since the cases would fill the page."""
    width = max((len(name) for name in rows), default=0)
    lines = [
        f"  {name:<{width}}  {len(cases):>2}" + ("" if counted else f"  {', '.join(cases)}")
        for name, cases in rows.items()
        if cases
    ]
    missing = [name for name, cases in rows.items() if not cases]
    return "\n".join([title, *lines, *([f"  not covered: {', '.join(missing)}"] if missing else [])])
