"""Says on a feedback page what was right, what to try next and what to read again, in the language of the class."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbformat.notebooknode import NotebookNode

from trustkit.cases.reader import UnknownCase, read_case
from trustkit.content import ContentError
from trustkit.lessons.page import LESSON_FILE, Lesson, lesson_files, read_lesson

FULL_SENTENCES = 280
"""A message up to this many characters is told whole; of a longer one the first two sentences."""
MOST_PAGES = 4
"""Of more pages to read again, those of the assignment's own module are named, where it has one."""
_LONGEST_ERROR = 160
_HEADING = re.compile(r"^#{2,5} +(.+?)\s*$", re.M)
_PAGE_TITLE = re.compile(r"^# +(.+?)\s*$", re.M)
_POINTS = re.compile(r"\s*[(（][^()（）]*(?:points?|分)[^()（）]*[)）]\s*$")
_CRITERION = re.compile(r"\s*\*\*(.+?)\*\*(?:\s*[(（][^()（）]*[)）])?[\s.。：:]*(.*)", re.S)
_CHINESE = re.compile(r"[\u3000-\u9fff\uff00-\uffef]")
_LETTER = re.compile(r"[A-Za-z]")
_SENTENCE = re.compile(r"(?<=[.?!])\s+(?=[A-Z“\"'])|(?<=[。？！])")
_MODULE = re.compile(r"^(\d\d)-")


@dataclass(frozen=True)
class Item:
    """One thing that was right or is to be tried: its title, the id of its place on the page, and a sentence or two."""

    title: str
    place: str
    text: str = ""


def place_of(cell: str) -> str:
    """Return the id of a cell's place on the page."""
    return f"cell-{cell}"


def story_of(cell: str) -> str:
    """Return the id of the place on the page where the conversation that a cell marks is told."""
    return f"story-{cell}"


def titles(cells: Iterable[NotebookNode], words: dict[str, str]) -> dict[str, str]:
    """Return by cell what a trainee calls it: the heading over it, or the criterion's own name.

    Several checks under one heading are numbered.
    """
    found, heading = {}, ""
    for cell in cells:
        meta = cell.metadata.get("nbgrader") or {}
        if cell.cell_type == "markdown" and not meta.get("task") and not meta.get("solution"):
            # only the assignment's own text: a trainee may add headings, but has no place in these marks
            if meta and (above := _HEADING.findall(cell.source)):
                heading = _POINTS.sub("", above[-1])
        elif meta.get("task"):
            named = _CRITERION.match(cell.source)
            found[meta.grade_id] = named[1] if named else meta.grade_id
        elif meta.get("grade"):
            found[meta.grade_id] = heading or meta.grade_id
    same = Counter(found.values())
    seen: Counter[str] = Counter()
    for cell, title in found.items():
        if same[title] > 1:
            seen[title] += 1
            found[cell] = words["one of"].format(title=title, number=seen[title], of=same[title])
    return found


def question_of(source: str) -> str:
    """Return what a criterion asks, without its name and points."""
    named = _CRITERION.match(source)
    return " ".join(named[2].split("\n\n")[0].split()) if named else ""


def message_of(outputs: Iterable[NotebookNode], lang: str, words: dict[str, str]) -> str:
    """Return what a check that was not passed says, in one language and in a sentence or two.

    Args:
        outputs: of the check's cell, after everything hidden was taken out.
        lang: "en" or "zh".
    """
    error = next((one for one in outputs if one.output_type == "error"), None)
    if error is None:
        return words["in the cell"]
    if error.ename in ("AnswerNotYet", "AssertionError"):
        return shortened(in_language(error.evalue, lang)) or words["not passed"]
    if error.ename in ("CellTimeoutError", "TimeoutError"):
        return words["too slow"]
    not_called = error.ename == "RuntimeError" and "could not be called" in error.evalue
    if not_called or error.ename in ("DeadProcessError", "NotRunError", "DeadKernelError"):
        return words["too much" if "used more" in error.evalue or "wrote" in error.evalue else "ended"]
    said = " ".join(f"{error.ename}: {error.evalue}".rstrip(":. ").split())
    return words["stopped"].format(error=said if len(said) <= _LONGEST_ERROR else f"{said[:_LONGEST_ERROR]} …")


def in_language(message: str, lang: str) -> str:
    """Return the part of a check's message that is in one language; checks say all first in English, then in Chinese.

    A message in one language only comes back whole.
    """
    rows = [row.strip() for row in message.split("\n") if row.strip()]
    chinese = [len(_CHINESE.findall(row)) for row in rows]
    # two letters are about as wide as one Chinese sign, and names from the data stand in both halves
    weight = [2 * signs - len(_LETTER.findall(row)) / 2 for signs, row in zip(chinese, rows, strict=True)]
    # from the back: a row of signs that belong to neither, such as "%.", is the end of the English half
    cut = max(range(len(rows), -1, -1), key=lambda at: sum(weight[at:]) - sum(weight[:at]))
    english, other = rows[:cut], rows[cut:]
    return _joined((other or english) if lang == "zh" else (english or other))


def _joined(rows: list[str]) -> str:
    text = ""
    for row in rows:
        both_chinese = text and _CHINESE.match(text[-1]) and _CHINESE.match(row)
        after_stop = text.endswith(("。", "？", "！", "，", "；", "："))
        text += ("" if not text or both_chinese or after_stop else " ") + row
    return text


def shortened(text: str) -> str:
    """Return a text of a few sentences whole, and of a longer one its first two."""
    if len(text) <= FULL_SENTENCES:
        return text
    sentences = [one for one in _SENTENCE.split(text) if one]
    first = _joined(sentences[:2])
    return first if len(first) <= 2 * FULL_SENTENCES else f"{first[: 2 * FULL_SENTENCES]} …"


def pages_to_read(
    course: Path, assignment: str, lang: str, words: dict[str, str], *, lab: bool, reply: bool,
    activities: Iterable[tuple[str, str]],
) -> list[str]:  # fmt: skip
    """Return the titles of the pages that teach what was not passed, in the order of the book.

    Args:
        course: the course's folder.
        lab, reply: whether something of that part was not passed.
        activities: kind and id of the cases and drills that were not passed.
    """
    wanted = set(activities)
    # a case says itself which lessons it belongs to; others only show it once more
    numbers = {number for kind, id_ in wanted if kind == "case" for number in _lessons_of(id_)}
    drills = {(kind, id_) for kind, id_ in wanted if kind == "drill"}
    found: set[Path] = set()
    of_lab, of_reply, all_of_it = set(), set(), set()
    for path in lesson_files(course):
        if ".".join(LESSON_FILE.match(path.name).groups()) in numbers:
            found.add(path)
        text = path.read_text(encoding="utf-8-sig", errors="replace")
        # reading a page properly takes a hundred times as long as looking for a name in it
        if not any(name in text for name in (assignment, *(id_ for _, id_ in drills))):
            continue
        try:
            lesson = read_lesson(path)
        except ContentError:
            continue
        named = _named_by(lesson)
        if named & drills:
            found.add(path)
        if {("lab", assignment), ("assignment", assignment)} & named:
            all_of_it.add(path)
            if ("lab", assignment) in named or lesson.track == "analyst":
                of_lab.add(path)
            else:
                of_reply.add(path)
    if lab:
        found |= of_lab or all_of_it
    if reply:
        found |= of_reply or all_of_it
    if len(found) > MOST_PAGES or (not found and (lab or reply or wanted)):
        cards = {path for path in (course / "book" / "en").glob("*/index.md") if _has_card(path, assignment)}
        of_module = {path for path in found if path.parent in {card.parent for card in cards}}
        found = of_module or found or cards
    return [_page_title(path, course, lang, words) for path in sorted(found, key=_place_in_book)]


def _lessons_of(case: str) -> list[str]:
    try:
        return read_case(case).document.data["lessons"]
    except (UnknownCase, ContentError):
        return []


def _named_by(lesson: Lesson) -> set[tuple[str, str]]:
    named = [one for goal in lesson.objectives for one in (*goal.practise, *goal.assess)]
    return {(one.kind, one.id) for one in [*named, *(shown for shown, _ in lesson.shown)]}


def _has_card(path: Path, assignment: str) -> bool:
    text = path.read_text(encoding="utf-8", errors="replace")
    return re.search(rf"^`{{3,}}\{{assignment\}} +{re.escape(assignment)}\s*$", text, re.M) is not None


def _place_in_book(path: Path) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", f"{path.parent.name[:2]} {path.name[:5]}"))


def _page_title(path: Path, course: Path, lang: str, words: dict[str, str]) -> str:
    own = course / "book" / lang / path.relative_to(course / "book" / "en")
    title = _PAGE_TITLE.search((own if own.is_file() else path).read_text(encoding="utf-8", errors="replace"))
    shown = title[1] if title else path.stem
    module = _MODULE.match(path.parent.name)
    return words["module"].format(number=int(module[1]), title=shown) if path.name == "index.md" and module else shown
